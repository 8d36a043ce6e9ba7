use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("plain-http"),
        title: "Server reached without encryption",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP07"), Reference::Cwe("CWE-319")],
        why: "Everyone between this machine and the server can read and change what is sent, tool \
              descriptions and credentials included.",
        example: "\"url\": \"http://mcp.example.com/mcp\"",
        remedy: "Use the server's `https://` address.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(origin) = look.origin() else {
        return Vec::new();
    };
    // A credential on such a connection is a rule of its own.
    if !matches!(origin.scheme, "http" | "ws")
        || origin.is_this_machine()
        || look.sends_credential()
    {
        return Vec::new();
    }
    let severity = if origin.is_near() {
        Severity::Low
    } else {
        Severity::Medium
    };
    vec![Hit::new(format!("`{}` is reached without encryption.", origin.host)).severity(severity)]
}
