use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    known_packages::MALICIOUS,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("malicious-package"),
        title: "Package that was published to do harm",
        group: Group::SupplyChain,
        severity: Severity::Critical,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1003"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-506"),
        ],
        why: "The name is on the public list of malicious packages. What it was reported for can have happened \
              at every start.",
        example: "\"args\": [\"-y\", \"postmark-mcp@1.0.16\"]",
        remedy: "Remove the entry, rotate every credential that it was given, and look for what else it did.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let companions = look.server.companions.iter();
    std::iter::once(look.started().0)
        .chain(companions)
        .filter_map(|identity| match identity {
            Identity::Package(package) => Some(package),
            _ => None,
        })
        .filter_map(|package| {
            let known = MALICIOUS
                .iter()
                .find(|known| known.ecosystem == package.ecosystem && known.name == package.name)?;
            Some(Hit::new(format!(
                "`{}` is on the list of malicious packages as {}.",
                package.name, known.record
            )))
        })
        .collect()
}
