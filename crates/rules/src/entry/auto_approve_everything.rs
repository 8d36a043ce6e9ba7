use countersign_model::{AutoApprove, Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("auto-approve-everything"),
        title: "Every call is made without asking",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1403"), Reference::Owasp("MCP02")],
        why: "The client calls every tool of this server, destructive ones included, without asking. Text that \
              the model reads elsewhere is then enough to use them.",
        example: "\"autoApprove\": [\"*\"]",
        remedy: "Name the few tools that only read, or let the client ask.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.entry.auto_approve == AutoApprove::Everything && look.is_in_use() {
        vec![Hit::new(
            "Every tool of this server is called without asking.",
        )]
    } else {
        Vec::new()
    }
}
