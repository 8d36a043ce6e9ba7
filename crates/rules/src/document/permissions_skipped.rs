use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    approval,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("permissions-skipped"),
        title: "The agent asks for nothing",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1111"),
            Reference::Owasp("MCP02"),
        ],
        why: "The settings start every session in a mode that skips all questions. Text that the model reads \
              is then enough to run commands.",
        example: "\"permissions\": { \"defaultMode\": \"bypassPermissions\" }",
        remedy: "Take the setting out; use the mode for one session, in a container.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    const WAY: [&str; 2] = ["permissions", "defaultMode"];
    let skips = look
        .at(&WAY)
        .is_some_and(|mode| mode.as_str() == Some("bypassPermissions"));
    if look.document.kind != DocumentKind::ClaudeSettings || !skips {
        return Vec::new();
    }
    vec![approval::hit(
        look,
        &WAY,
        "Every session starts without questions.",
    )]
}
