use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("host-namespace"),
        title: "Container inside a namespace of this machine",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1303"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-653"),
        ],
        why: "The container shares processes, memory or the network with this machine, and reaches what \
              listens only here.",
        example: "\"args\": [\"run\", \"-i\", \"--pid\", \"host\", \"image\"]",
        remedy: "Leave the flag out; give the container a network of its own with the one port that is needed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.container_flags()
        .into_iter()
        .filter(|flag| flag.value == Some("host"))
        .filter_map(|flag| {
            let severity = match flag.name {
                "--pid" | "--ipc" | "--uts" | "--userns" | "--cgroupns" => Severity::Medium,
                "--network" | "--net" => Severity::Low,
                _ => return None,
            };
            let message = format!(
                "`{} host` puts the container beside this machine's own.",
                flag.name
            );
            Some(look.hit_at(flag.token, message).severity(severity))
        })
        .collect()
}
