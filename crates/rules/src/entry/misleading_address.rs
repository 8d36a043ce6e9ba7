use countersign_model::{Confidence, RuleId, Severity, Start};
use countersign_secrets::address_parts;

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    tokens::WHY,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("misleading-address"),
        title: "Address that reads like another one",
        group: Group::Network,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-451"),
        ],
        why: "What stands before the `@` is a user's name that reads like a host. The connection goes to what \
              stands after it.",
        example: "\"url\": \"https://mcp.example.com@198.51.100.7/mcp\"",
        remedy: "Remove the entry unless you know the host after the `@`.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Start::Remote(address) = &look.entry.start else {
        return Vec::new();
    };
    let text = address.expose(WHY).trim();
    let Some(parts) = address_parts(text) else {
        return Vec::new();
    };
    let Some(user) = parts.user_info else {
        return Vec::new();
    };
    let user = text[user].split(':').next().unwrap_or_default();
    let reads_like_host = user.contains('.')
        && user
            .rsplit('.')
            .next()
            .is_some_and(|end| end.len() > 1 && end.bytes().all(|byte| byte.is_ascii_alphabetic()));
    if !reads_like_host {
        return Vec::new();
    }
    let host = text[parts.host].to_owned();
    vec![
        Hit::new(format!(
            "The address leads to `{host}` and begins like another one."
        ))
        .at(address.pointer(), look.entry.position),
    ]
}
