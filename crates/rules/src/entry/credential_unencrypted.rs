use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("credential-unencrypted"),
        title: "Credential sent without encryption",
        group: Group::Network,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Owasp("MCP01"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-319"),
        ],
        why: "A header with a credential goes over a connection that is not encrypted. Everyone in between can \
              read it and use it.",
        example: "\"url\": \"http://mcp.example.com/mcp\", \"headers\": { \"Authorization\": \"Bearer ${TOKEN}\" }",
        remedy: "Use the server's `https://` address, and rotate the credential.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(origin) = look.origin() else {
        return Vec::new();
    };
    if origin.is_encrypted() || origin.is_this_machine() || !look.sends_credential() {
        return Vec::new();
    }
    let message = format!(
        "A credential is sent to `{}` without encryption.",
        origin.host
    );
    let severity = if origin.is_near() {
        Severity::Medium
    } else {
        Severity::High
    };
    vec![Hit::new(message).severity(severity)]
}
