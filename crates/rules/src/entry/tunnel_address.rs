use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("tunnel-address"),
        title: "Server behind a passing tunnel",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1407"),
            Reference::Owasp("MCP09"),
        ],
        why: "The address belongs to a service that lends names to anybody's machine for a while. Behind it \
              can be somebody else tomorrow.",
        example: "\"url\": \"https://a1b2.ngrok-free.app/mcp\"",
        remedy: "Use the address under which the server's owner runs it for good.",
    },
    check: Check::Entry(check),
};

/// Domains of services that lend names for tunnels and for catching requests.
///
/// Source: the services' own documentation, checked 2026-11-24.
const DOMAINS: [&str; 15] = [
    "ngrok.io",
    "ngrok.app",
    "ngrok-free.app",
    "ngrok-free.dev",
    "ngrok.dev",
    "trycloudflare.com",
    "loca.lt",
    "localtunnel.me",
    "serveo.net",
    "lhr.life",
    "pinggy.link",
    "devtunnels.ms",
    "webhook.site",
    "requestbin.net",
    "pipedream.net",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(origin) = look.origin() else {
        return Vec::new();
    };
    let is_lent = DOMAINS.iter().any(|domain| {
        origin
            .host
            .strip_suffix(domain)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    if !is_lent {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "`{}` is a name that is lent for a while.",
        origin.host
    ))]
}
