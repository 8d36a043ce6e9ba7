use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("other-registry"),
        title: "Packages from another registry",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1002"), Reference::Owasp("MCP04")],
        why: "A registry decides what a name stands for. A name that was reviewed on the public registry can \
              be something else on this one.",
        example: "\"args\": [\"--registry\", \"https://registry.example.com\", \"server@1.0.0\"]",
        remedy: "Make sure that the registry is your organisation's; else leave the setting out.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(registry) = &look.server.registry else {
        return Vec::new();
    };
    if fetched::is_plain(registry) || fetched::is_usual_registry(registry) {
        return Vec::new();
    }
    vec![Hit::new(format!("Packages come from `{registry}`."))]
}
