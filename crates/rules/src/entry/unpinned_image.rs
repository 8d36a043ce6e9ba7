use countersign_model::{Confidence, Identity, Pin, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unpinned-image"),
        title: "Image without a digest",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::SafeMcp("SAFE-T1003"),
            Reference::Owasp("MCP04"),
        ],
        why: "A tag can be moved to another image at any time, and the next pull runs that one with this \
              entry's credentials.",
        example: "\"args\": [\"run\", \"-i\", \"--rm\", \"ghcr.io/owner/server:latest\"]",
        remedy: "Name the digest that was reviewed, as `image@sha256:…`.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let (Identity::Image(image), Pin::Floating(_)) = look.started() else {
        return Vec::new();
    };
    let tag = image.tag.as_deref().unwrap_or("latest");
    let name = image.short_name();
    vec![Hit::new(format!(
        "`{name}` is started by the tag `{tag}`, which can be moved."
    ))]
}
