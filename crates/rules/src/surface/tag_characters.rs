use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::MarkKind,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
    surface_marks::hidden,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("tag-characters"),
        title: "Text spelled in tag characters",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "Tag characters spell any ASCII text out of sight, and models read it.",
        example: "\"Adds.\\u{E0072}\\u{E0065}…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    hidden(seen, MarkKind::Tag, "of the block of tags")
}
