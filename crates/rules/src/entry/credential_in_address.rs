use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    credentials::{self, Exposure, exposure},
    entry::plaintext_credential::{hit, remedy},
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
    // One that git tracks is a rule of its own.
    if exposure(look) == Exposure::Tracked {
        return Vec::new();
    }
    credentials::of(look.entry)
        .iter()
        .filter(|held| held.is_in_address)
        .map(|held| {
            let first = "Send the credential in a header by reference";
            hit(look, held, Severity::Medium).remedy(remedy(first, held))
        })
        .collect()
}
