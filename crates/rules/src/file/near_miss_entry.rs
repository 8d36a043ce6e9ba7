use std::collections::HashMap;

use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    disguise::skeleton,
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("near-miss-entry"),
        title: "Entry named almost like another one",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-1007"),
        ],
        why: "Two entries differ only in letters that look alike. In a list, or in a window that asks for \
              consent, one is taken for the other.",
        example: "\"github\" and \"g1thub\" in one file",
        remedy: "Give one of the two a name that cannot be mistaken.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut hits = Vec::new();
    for entry in &look.config.entries {
        match seen.get(&skeleton(&entry.name)) {
            Some(first) if differs(first, &entry.name) => {
                let message = format!("`{}` reads like `{first}`.", entry.name);
                hits.push(Hit::new(message).at(&entry.pointer, entry.position));
            }
            Some(_) => {}
            None => {
                seen.insert(skeleton(&entry.name), &entry.name);
            }
        }
    }
    hits
}

/// Case and separators alone are a matter of taste.
fn differs(left: &str, right: &str) -> bool {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    plain(left) != plain(right)
}
