use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("malformed-entry"),
        title: "Entry that is not written as the client reads it",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-1286")],
        why: "The client ignores what it cannot read, or refuses the entry. What runs is not what was meant.",
        example: "\"args\": \"-y server\"",
        remedy: "Write the member as the client documents it.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.entry
        .faults
        .iter()
        .map(|fault| {
            let effect = if fault.is_fatal {
                "; the client does not use the entry"
            } else {
                ""
            };
            let message = format!("Not as the client reads it: {}{effect}.", fault.message);
            Hit::new(message).at(&fault.pointer, fault.position)
        })
        .collect()
}
