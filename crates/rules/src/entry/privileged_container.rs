use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("privileged-container"),
        title: "Container with every right on this machine",
        group: Group::Access,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1303"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-250"),
        ],
        why: "A privileged container can reach every device and leave its walls. The isolation that it was \
              chosen for is gone.",
        example: "\"args\": [\"run\", \"-i\", \"--privileged\", \"image\"]",
        remedy: "Leave the flag out, and grant the one right that is needed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.container_flags()
        .iter()
        .filter(|flag| flag.token == "--privileged" || flag.token == "--privileged=true")
        .map(|flag| look.hit_at(flag.token, "The container has every right on this machine."))
        .collect()
}
