use countersign_model::{AutoApprove, Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("auto-approve-destructive"),
        title: "A destructive call is made without asking",
        group: Group::Approval,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
        ],
        why: "The tool's name says that it deletes, runs or sends. It is called without asking, so text that \
              the model reads elsewhere is enough to use it.",
        example: "\"autoApprove\": [\"delete_file\"]",
        remedy: "Take the tool out of the list, and let the client ask.",
    },
    check: Check::Entry(check),
};

/// Verbs after which nothing can be taken back.
const VERBS: [&str; 14] = [
    "delete", "drop", "destroy", "purge", "wipe", "truncate", "erase", "kill", "execute", "exec",
    "eval", "shell", "transfer", "pay",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let AutoApprove::Tools(tools) = &look.entry.auto_approve else {
        return Vec::new();
    };
    let named: Vec<String> = tools
        .iter()
        .filter(|tool| is_destructive(tool))
        .take(SHOWN_MAX)
        .map(|tool| format!("`{tool}`"))
        .collect();
    if named.is_empty() || !look.is_in_use() {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "Called without asking: {}.",
        named.join(", ")
    ))]
}

/// Tools that one message names.
const SHOWN_MAX: usize = 8;

fn is_destructive(tool: &str) -> bool {
    tool.to_ascii_lowercase()
        .split(|character: char| !character.is_ascii_alphanumeric())
        .any(|word| VERBS.contains(&word))
}
