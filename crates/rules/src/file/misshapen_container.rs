use countersign_model::{Confidence, ConfigFault, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("misshapen-container"),
        title: "Servers in a shape that is not read",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-1286")],
        why: "The client expects a map of servers and meets something else. It reads none of them.",
        example: "\"mcpServers\": \"none\"",
        remedy: "Write a map of names to servers.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    look.config
        .faults
        .iter()
        .filter_map(|fault| match fault {
            ConfigFault::ContainerWrongType {
                pointer,
                found,
                position,
            } => Some((pointer, found, position)),
            _ => None,
        })
        .map(|(pointer, found, position)| {
            Hit::new(format!("`{pointer}` is {found}, not a map.")).at(pointer, *position)
        })
        .collect()
}
