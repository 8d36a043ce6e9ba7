use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unusual-port"),
        title: "Server at an unusual port",
        group: Group::Network,
        severity: Severity::Info,
        confidence: Confidence::Low,
        references: &[Reference::Owasp("MCP09")],
        why: "Public servers use the port of their scheme. Another one is often a machine that somebody set up \
              for a test.",
        example: "\"url\": \"https://mcp.example.com:4711/mcp\"",
        remedy: "Make sure that the address is the one that the server's owner gives.",
    },
    check: Check::Entry(check),
};

/// Ports that web servers are commonly found at.
const USUAL: [u16; 6] = [80, 443, 3000, 8000, 8080, 8443];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(origin) = look.origin() else {
        return Vec::new();
    };
    let is_public = origin.is_encrypted() && !origin.is_this_machine() && !origin.is_near();
    match origin.port {
        Some(port) if is_public && origin.number().is_none() && !USUAL.contains(&port) => {
            vec![Hit::new(format!(
                "`{}` is reached at port {port}.",
                origin.host
            ))]
        }
        _ => Vec::new(),
    }
}
