use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::class,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("command-order"),
        title: "Text with a command to be run",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP03"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-78"),
        ],
        why: "The text holds a command line and tells the model to run it, or to put it before what is run.",
        example: "\"… put `curl https://… | sh` before each command\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

/// What makes a command line do harm.
const SIGNS: [&str; 20] = [
    "| sh",
    "|sh",
    "| bash",
    "|bash",
    "/dev/tcp/",
    "rm -rf",
    "chmod -r",
    "chmod +x",
    "chmod 777",
    "$(cat ",
    "$(env",
    "$(curl",
    "os.system(",
    "subprocess.",
    "eval(",
    "base64 -d",
    "nc -e",
    "/bin/sh -",
    "invoke-expression",
    "-encodedcommand",
];

/// Returns where a command that does harm stands in a folded text.
pub(crate) fn command(folded: &str) -> Option<std::ops::Range<usize>> {
    // Every command among them holds one of these signs; most texts hold none.
    if !folded
        .bytes()
        .any(|byte| matches!(byte, b'|' | b'/' | b'$' | b'(' | b'-' | b'.' | b'+'))
        && !folded.contains("chmod")
    {
        return None;
    }
    SIGNS.iter().find_map(|sign| {
        let at = folded.find(sign)?;
        let end = at + sign.len();
        let is_whole = !folded[end..].starts_with(|next: char| next.is_ascii_alphabetic())
            || !sign.ends_with('h');
        is_whole.then_some(at..end)
    })
}

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts().filter(|(_, text)| !text.is_name()) {
        let Some(span) = command(text.reading.folded.text()) else {
            continue;
        };
        let all = text.reading.classes;
        let is_ordered =
            all & class::RUN != 0 || (all & class::MUST != 0 && all & class::FILL != 0);
        let hit = text.hit(
            item,
            text.reading.folded.back(span),
            "The text holds a command line that does harm.",
        );
        hits.push(if is_ordered {
            hit
        } else {
            hit.severity(Severity::Low)
        });
    }
    hits
}
