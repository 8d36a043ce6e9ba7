use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unencrypted-source"),
        title: "Program fetched without encryption",
        group: Group::SupplyChain,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-494"),
            Reference::Cwe("CWE-319"),
        ],
        why: "Everyone between this machine and the source can put another program in its place.",
        example: "\"args\": [\"--registry\", \"http://registry.example.com\", \"server@1.0.0\"]",
        remedy: "Use the source's `https://` address.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let identity = match look.started().0 {
        Identity::Source { url, .. } => Some(url.as_str()),
        _ => None,
    };
    let indexes = look
        .server
        .modifiers
        .iter()
        .filter(|modifier| fetched::names_index(&modifier.meaning))
        .filter_map(|modifier| modifier.value.as_deref());
    identity
        .into_iter()
        .chain(indexes)
        .find(|url| fetched::is_plain(url))
        .map(|url| Hit::new(format!("What is started comes from `{url}`, unencrypted.")))
        .into_iter()
        .collect()
}
