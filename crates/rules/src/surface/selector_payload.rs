use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::MarkKind,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
    surface_marks::hidden,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("selector-payload"),
        title: "Data hidden in variation selectors",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "Variation selectors are not drawn. A run of them carries any text behind a single sign.",
        example: "\"\\u{1F600}\\u{E0102}\\u{E0155}…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    hidden(
        seen,
        MarkKind::Selector,
        "that selects a variant of nothing",
    )
}
