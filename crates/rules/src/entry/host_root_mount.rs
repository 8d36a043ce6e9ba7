use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::is_root,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("host-root-mount"),
        title: "Container that sees the whole disk",
        group: Group::Access,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1303"),
            Reference::SafeMcp("SAFE-T1606"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-668"),
        ],
        why: "The whole file system, or every user's files, is inside the container. Nothing is kept from it.",
        example: "\"args\": [\"run\", \"-i\", \"-v\", \"/:/host\", \"image\"]",
        remedy: "Mount the one folder that the server works on.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.mounts()
        .into_iter()
        .filter(|mount| is_root(mount.source, look.scene.home))
        .map(|mount| {
            let severity = if mount.is_read_only {
                Severity::Medium
            } else {
                Severity::High
            };
            let message = format!("The container sees all of `{}`.", mount.source);
            look.hit_at(mount.written, message).severity(severity)
        })
        .collect()
}
