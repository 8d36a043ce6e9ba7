use countersign_model::{Confidence, Identity, RuleId, Severity};

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
    let Identity::Remote { origin, .. } = &look.server.identity else {
        return Vec::new();
    };
    let Some(host) = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("ws://"))
    else {
        return Vec::new();
    };
    if is_this_machine(host) {
        return Vec::new();
    }
    vec![Hit::new(format!("`{origin}` is not encrypted."))]
}

/// Returns whether a host, with or without its port, is this machine.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.split(':').next().unwrap_or(host),
    };
    name == "localhost"
        || name.ends_with(".localhost")
        || name == "::1"
        || name.starts_with("127.")
        || matches!(name, "host.docker.internal" | "host.containers.internal")
}
