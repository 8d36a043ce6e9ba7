use countersign_model::{Confidence, RuleId, Severity, Transport};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("older-transport"),
        title: "Transport that is no longer specified",
        group: Group::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP07")],
        why: "HTTP with server-sent events left the specification in 2025. Servers drop it, and its answers \
              come over a connection that stays open.",
        example: "\"type\": \"sse\", \"url\": \"https://mcp.example.com/sse\"",
        remedy: "Use the server's address for streamable HTTP, if it has one.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.entry.transport != Transport::Sse || !look.is_in_use() {
        return Vec::new();
    }
    vec![Hit::new("The entry uses HTTP with server-sent events.")]
}
