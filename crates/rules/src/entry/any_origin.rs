use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("any-origin"),
        title: "Every web page may call the server",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1005"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-942"),
        ],
        why: "With every origin allowed, a page in the user's browser can call the server on this machine and \
              read its answers.",
        example: "\"args\": [\"server.js\", \"--cors\", \"*\"]",
        remedy: "Name the origins that need it, or allow none.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let flags = look
        .flags()
        .into_iter()
        .filter(|flag| flag.value == Some("*"))
        .filter(|flag| is_about_origins(flag.name))
        .map(|flag| look.hit_at(flag.token, format!("`{}` allows every origin.", flag.name)));
    let variables = look
        .variables()
        .into_iter()
        .filter(|variable| variable.value().trim() == "*" && is_about_origins(variable.name))
        .map(|variable| variable.hit(format!("`{}` allows every origin.", variable.name)));
    flags.chain(variables).collect()
}

fn is_about_origins(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("cors")
        || name.contains("origin")
        || name.contains("allowed-host")
        || name.contains("allowed_host")
}
