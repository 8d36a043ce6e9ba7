use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::MarkKind,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
    surface_marks::hidden,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("turned-text"),
        title: "Text whose direction is turned",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "A character turns the direction of what follows, so that it reads otherwise to a person than to a model.",
        example: "\"Lists a folder. \\u202e…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    hidden(seen, MarkKind::Turning, "that turns the direction of text")
}
