use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("numeric-address"),
        title: "Server known only by a number",
        group: Group::Network,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP07"),
            Reference::Owasp("MCP09"),
        ],
        why: "A number says nothing about who runs the server, and can belong to somebody else tomorrow. \
              Certificates for numbers are rare.",
        example: "\"url\": \"https://203.0.113.7/mcp\"",
        remedy: "Use the server's name.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(origin) = look.origin() else {
        return Vec::new();
    };
    let is_far = origin.is_encrypted() && !origin.is_this_machine() && !origin.is_near();
    if origin.number().is_none() || !is_far {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "`{}` is a number, not a name.",
        origin.host
    ))]
}
