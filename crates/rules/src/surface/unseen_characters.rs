use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::MarkKind,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
    surface_marks::hidden,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unseen-characters"),
        title: "Characters without a shape in what a model reads",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "A model reads characters that nobody sees. They carry orders past whoever reviews the text, or break words that a filter looks for.",
        example: "\"Adds two numbers.\\u200b…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    hidden(seen, MarkKind::Unseen, "that is not seen")
}
