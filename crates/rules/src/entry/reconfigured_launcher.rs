use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("reconfigured-launcher"),
        title: "Launcher with settings from elsewhere",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-15"),
        ],
        why: "Settings decide the registry, the shell and the hooks of a launcher. The entry takes them from a \
              file or flag of its own, so the package name does not say what runs.",
        example: "\"args\": [\"--userconfig\", \"./npmrc\", \"server@1.0.0\"]",
        remedy: "Read the settings that are named; leave the flag out if the usual ones do.",
    },
    check: Check::Entry(check),
};

const MEANINGS: [&str; 4] = [
    "takes settings from another file",
    "resolves imports through another map",
    "runs through another shell",
    "changes how packages are installed",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .modifiers
        .iter()
        .filter(|modifier| MEANINGS.contains(&modifier.meaning.as_str()))
        .map(|modifier| {
            let message = format!("`{}` {}.", modifier.source, modifier.meaning);
            look.hit_at(&modifier.source, message)
        })
        .collect()
}
