use countersign_model::{Confidence, RuleId, Severity, Start};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("reference-in-address"),
        title: "Variable in an address",
        group: Group::Network,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1503"),
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-200"),
        ],
        why: "The client puts a variable's value into the address. Addresses end up in logs, and a config that \
              somebody else wrote can send any variable to any host.",
        example: "\"url\": \"https://mcp.example.com/mcp?key=${API_KEY}\"",
        remedy: "Send the value in a header; in a project's config, check the host first.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Start::Remote(address) = &look.entry.start else {
        return Vec::new();
    };
    let shown = address.shown();
    let names = ["${", "{env:", "{{", "%ENV"]
        .iter()
        .any(|start| shown.contains(start));
    if !names {
        return Vec::new();
    }
    let severity = if look.is_of_project() {
        Severity::Medium
    } else {
        Severity::Low
    };
    vec![
        Hit::new("The value of a variable becomes part of the address.")
            .at(address.pointer(), look.entry.position)
            .severity(severity),
    ]
}
