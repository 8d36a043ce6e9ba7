use countersign_model::{Confidence, ConfigFault, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("duplicate-key"),
        title: "One key stands twice",
        group: Group::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-694")],
        why: "Programs differ in which of the two they use, so what a reviewer reads and what a client runs can \
              be two different things.",
        example: "{ \"command\": \"npx\", \"command\": \"evil\" }",
        remedy: "Remove one of the two; the client uses the last.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    look.config
        .faults
        .iter()
        .filter_map(|fault| match fault {
            ConfigFault::DuplicateKey(duplicate) => Some(duplicate),
            _ => None,
        })
        .map(|duplicate| {
            let message = format!(
                "`{}` stands twice, at {} and {}; the last one counts.",
                duplicate.pointer, duplicate.first, duplicate.last
            );
            Hit::new(message).at(&duplicate.pointer, duplicate.last)
        })
        .collect()
}
