use countersign_model::{Confidence, FileRole, RuleId, Severity};

use crate::{
    look::{ConfigLook, READ},
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("readable-state"),
        title: "File of a client's tokens that every user may read",
        group: Group::Credentials,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-732"),
        ],
        why: "Clients keep tokens, and copies of their configs, in such files. Every user of this machine can \
              read this one.",
        example: "mode 0644 on a file of tokens",
        remedy: "Take the right to read away from others: `chmod go-r`.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let is_private = matches!(look.config.role, FileRole::State | FileRole::Database);
    if !is_private || !look.lets_others(READ) {
        return Vec::new();
    }
    vec![Hit::new(
        "The file's mode lets every user of this machine read it.",
    )]
}
