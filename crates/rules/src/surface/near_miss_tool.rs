use countersign_model::{Confidence, RuleId, Severity};

use countersign_model::readable_name;

use crate::{
    disguise::skeleton,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("near-miss-tool"),
        title: "Tool named almost like an approved server's",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1301"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-1007"),
        ],
        why: "The name differs from that of an approved server's tool by a sign that is easily overlooked. Calls meant for the one go to the other.",
        example: "\"send_emai1\" beside an approved \"send_email\"",
        remedy: "Compare the two names letter by letter; do not approve the server if you cannot tell why they are alike.",
    },
    check: Check::Surface(check),
};

/// Shorter names are alike by chance.
const NAME_MIN: usize = 6;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    let approved = || {
        seen.look
            .neighbours
            .iter()
            .filter(|neighbour| neighbour.is_approved)
    };
    for tool in seen.look.surface.tools() {
        let near = approved().find_map(|neighbour| {
            let name = neighbour
                .tools
                .iter()
                .find(|name| is_near(name, tool.name()))?;
            Some((neighbour, *name))
        });
        if let Some((neighbour, name)) = near {
            let message = format!(
                "The name is almost `{}`, which `{}` offers.",
                readable_name(name),
                readable_name(neighbour.server)
            );
            hits.push(SurfaceHit::at_item(tool, message));
        }
    }
    hits
}

/// Whether two names look alike, or differ by one letter that is another, missing or exchanged.
fn is_near(approved: &str, name: &str) -> bool {
    if approved == name {
        return false;
    }
    let (left, right) = (skeleton(approved), skeleton(name));
    if left == right {
        return true;
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len().min(right.len()) < NAME_MIN || left.len().abs_diff(right.len()) > 1 {
        return false;
    }
    let start = left
        .iter()
        .zip(&right)
        .take_while(|(left, right)| left == right)
        .count();
    let (left, right) = (&left[start..], &right[start..]);
    let is_plural = matches!((left, right), ([], ['s']) | (['s'], []));
    let one_other = left.len() == right.len() && left[1..] == right[1..];
    let exchanged = left.len() == right.len()
        && left.len() >= 2
        && (left[0], left[1]) == (right[1], right[0])
        && left[2..] == right[2..];
    let one_more = left.len() > right.len() && left[1..] == *right;
    let one_less = right.len() > left.len() && right[1..] == *left;
    !is_plural
        && !left.iter().chain(right).take(1).any(char::is_ascii_digit)
        && (one_other || exchanged || one_more || one_less)
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn tells_a_slip_from_a_name_of_its_own() {
        for name in [
            "send_emai1",
            "sendemail",
            "send-email",
            "send_emial",
            "send_emaill",
            "send_emil",
        ] {
            assert!(is_near("send_email", name), "{name}");
        }
        for name in ["send_email", "send_emails", "read_email", "send_mails_now"] {
            assert!(!is_near("send_email", name), "{name}");
        }
    }
}
