use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unpinned-companion"),
        title: "Package brought along without a version",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1002"), Reference::Owasp("MCP04")],
        why: "The server itself may be pinned; what is installed beside it is whatever is newest, and runs in \
              the same process.",
        example: "\"args\": [\"--with\", \"requests\", \"server==1.0.0\"]",
        remedy: "Name a version for each package that is brought along.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .companions
        .iter()
        .filter_map(|identity| match identity {
            Identity::Package(package) if package.version.exact().is_none() => Some(package),
            _ => None,
        })
        .map(|package| {
            let message = format!("`{}` is brought along without a version.", package.name);
            look.hit_at(&package.name, message)
        })
        .collect()
}
