use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("open-listener"),
        title: "Server that listens to the whole network",
        group: Group::Running,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1005"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-1327"),
        ],
        why: "A running server of this entry listens on an interface that other machines reach. Whoever can \
              connect may be able to call its tools.",
        example: "a process of the entry that listens on 0.0.0.0:8080",
        remedy: "Configure the server to listen on `127.0.0.1`, or end it.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.running
        .iter()
        .flat_map(|process| {
            process
                .listeners
                .iter()
                .filter(|listener| listener.is_exposed())
                .map(move |listener| (process, listener))
        })
        .map(|(process, listener)| {
            Hit::new(format!(
                "Process {} (`{}`) listens on {}.",
                process.pid, process.name, listener.0
            ))
        })
        .collect()
}
