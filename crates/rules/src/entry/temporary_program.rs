use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::is_temporary,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("temporary-program"),
        title: "Program in a temporary folder",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-379"),
        ],
        why: "Everyone on the machine, or every download, can put a file there. What runs can be replaced \
              without a trace in the config.",
        example: "\"command\": \"node\", \"args\": [\"/tmp/server.js\"]",
        remedy: "Move the program to a folder that only you can write to.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let file = match look.started().0 {
        Identity::File { path, .. } => Some(path.as_str()),
        _ => None,
    };
    let program = look.server_tokens().first().copied();
    file.into_iter()
        .chain(program)
        .find(|path| is_temporary(path, look.scene.home))
        .map(|path| Hit::new(format!("`{path}` lies where others can replace it.")))
        .into_iter()
        .collect()
}
