use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::MarkKind,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
    surface_marks::hidden,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("control-sequences"),
        title: "Control characters in what a model reads",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-150"),
        ],
        why: "A terminal obeys control sequences: they clear the screen, move over what was written, or hide it. No description needs one.",
        example: "\"Adds.\\u001b[2J\\u001b[8m…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    hidden(seen, MarkKind::Control, "that a terminal obeys")
}
