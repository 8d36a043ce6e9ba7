use countersign_model::{Confidence, Nature, RuleId, Severity, Start};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("credential-in-address"),
        title: "Credential inside an address",
        group: Group::Credentials,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-598"),
        ],
        why: "Addresses are written to logs, histories and error messages on both sides. A credential in one \
              is in all of them.",
        example: "\"url\": \"https://mcp.example.com/mcp?api_key=…\"",
        remedy: "Send the credential in a header by reference, and rotate it.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Start::Remote(address) = &look.entry.start else {
        return Vec::new();
    };
    let Nature::Credential(found) = address.nature() else {
        return Vec::new();
    };
    let severity = match found.confidence {
        Confidence::Low => Severity::Low,
        Confidence::Medium | Confidence::High => Severity::Medium,
    };
    vec![
        Hit::new(format!(
            "A {} stands in the address: {}.",
            found.label, found.why
        ))
        .at(address.pointer(), look.entry.position)
        .severity(severity)
        .confidence(found.confidence),
    ]
}
