use countersign_model::{Confidence, ConfigFault, Pointer, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("refused-file"),
        title: "File that the client does not accept",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-1286")],
        why: "A tolerant reader can read the file; the client cannot, and uses none of its servers. What was \
              meant to be on is off, policies included.",
        example: "a comment in a file that the client reads as strict JSON",
        remedy: "Write the file as the client expects it.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    look.config
        .faults
        .iter()
        .filter_map(|fault| match fault {
            ConfigFault::ClientRefuses { message, position } => Some((message, position)),
            _ => None,
        })
        .map(|(message, position)| {
            Hit::new(format!("The client does not accept the file: {message}."))
                .at(&Pointer::root(), *position)
        })
        .collect()
}
