use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    approval,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unrestricted-agent"),
        title: "The agent works without a sandbox and asks for nothing",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1111"),
            Reference::Owasp("MCP02"),
        ],
        why: "The settings take the sandbox away and leave no question to the user. Text that the model reads \
              is then enough to run commands with all of the user's rights.",
        example: "approval_policy = \"never\" and sandbox_mode = \"danger-full-access\"",
        remedy: "Keep one of the two: a sandbox, or questions.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    let is = |key: &str, word: &str| {
        look.at(&[key])
            .is_some_and(|value| value.as_str() == Some(word))
    };
    let is_unrestricted =
        is("approval_policy", "never") && is("sandbox_mode", "danger-full-access");
    if look.document.kind != DocumentKind::CodexConfig || !is_unrestricted {
        return Vec::new();
    }
    vec![approval::hit(
        look,
        &["sandbox_mode"],
        "No sandbox and no questions.",
    )]
}
