use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::{is_home, sensitive},
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("sensitive-mount"),
        title: "Container that sees the home or credentials",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1502"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-668"),
        ],
        why: "The mount holds keys and tokens of other services. The server, and a model that is misled \
              through it, can read them.",
        example: "\"args\": [\"run\", \"-i\", \"-v\", \"/home/dev/.ssh:/root/.ssh\", \"image\"]",
        remedy: "Mount only what the server works on; hand it the one credential that it needs by a variable.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.mounts()
        .into_iter()
        .filter_map(|mount| {
            let home = look.scene.home;
            let holds = if is_home(mount.source, home) {
                "a whole home"
            } else {
                sensitive(mount.source, home)?
            };
            let severity = if mount.is_read_only {
                Severity::Low
            } else {
                Severity::Medium
            };
            let message = format!("The container sees `{}`: {holds}.", mount.source);
            Some(look.hit_at(mount.written, message).severity(severity))
        })
        .collect()
}
