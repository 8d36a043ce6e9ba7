use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("missing-program"),
        title: "Program that is not installed",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::Low,
        references: &[Reference::Owasp("MCP09")],
        why: "The entry cannot start. Whoever puts a program of this name on the search path later decides \
              what it starts.",
        example: "\"command\": \"some-server\"",
        remedy: "Install the program where the client finds it, or remove the entry.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    match &look.server.identity {
        Identity::Unknown { seen, why } if why.contains("on the search path") => {
            vec![Hit::new(format!("`{seen}` is not on the search path."))]
        }
        _ => Vec::new(),
    }
}
