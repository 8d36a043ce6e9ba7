use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("second-start"),
        title: "Command and address in one entry",
        group: Group::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-694"),
        ],
        why: "Clients differ in which of the two they use. A reviewer can read one, and the other is started.",
        example: "\"url\": \"https://mcp.example.com\", \"command\": \"node\"",
        remedy: "Keep the one that is meant.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    match look.entry.unused_start {
        Some(_) => vec![Hit::new("A command and an address stand in one entry.")],
        None => Vec::new(),
    }
}
