use countersign_model::{Confidence, Float, Identity, Pin, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unpinned-package"),
        title: "Package without a version",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1002"), Reference::Owasp("MCP04")],
        why: "The launcher asks the registry at every start and runs whatever is newest, so whoever publishes \
              the next version decides what runs with this entry's credentials.",
        example: "\"command\": \"npx\", \"args\": [\"-y\", \"some-server\"]",
        remedy: "Name the version that was reviewed, as `name@1.2.3` for npm or `name==1.2.3` for Python.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let (identity, pin) = look.started();
    let Identity::Package(package) = identity else {
        return Vec::new();
    };
    let what = match pin {
        Pin::Floating(Float::Newest) => "whatever version is newest".to_owned(),
        Pin::Floating(Float::Tag(tag)) => format!("whatever the tag `{tag}` points at"),
        Pin::Floating(Float::Range(range)) => format!("whatever is newest within `{range}`"),
        _ => return Vec::new(),
    };
    vec![Hit::new(format!(
        "`{}` is started in {what}.",
        package.name
    ))]
}
