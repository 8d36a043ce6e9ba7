use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("bridge-allows-http"),
        title: "Bridge that may leave encryption out",
        group: Group::Network,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1408"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-757"),
        ],
        why: "The bridge is told to accept an address without encryption. A changed address, or a redirect, \
              then goes unnoticed.",
        example: "\"args\": [\"mcp-remote@0.1.30\", \"https://mcp.example.com/mcp\", \"--allow-http\"]",
        remedy: "Leave the flag out.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let is_far = look
        .origin()
        .is_some_and(|origin| origin.is_encrypted() && !origin.is_this_machine());
    if look.server.bridge.is_none() || !is_far {
        return Vec::new();
    }
    look.flags()
        .into_iter()
        .filter(|flag| flag.name == "--allow-http")
        .map(|flag| look.hit_at(flag.token, "The bridge may leave encryption out."))
        .collect()
}
