use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Role;

use crate::{
    disguise::look_alike,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("look-alike-name"),
        title: "Name with letters that only look Latin",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-1007"),
        ],
        why: "A letter of another script stands in a Latin name and looks like a Latin one. The name is another than the one that is read.",
        example: "\"name\": \"r\\u0435ad_file\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        if !matches!(
            text.text.role,
            Role::Name | Role::ParameterName | Role::Title
        ) {
            continue;
        }
        if let Some((letter, latin)) = look_alike(text.text.text) {
            let at = text.text.text.find(letter).unwrap_or_default();
            let code = u32::from(letter);
            let message = format!("U+{code:04X} stands in a Latin name and looks like `{latin}`.");
            hits.push(text.hit(item, at..at + letter.len_utf8(), message));
        }
    }
    hits
}
