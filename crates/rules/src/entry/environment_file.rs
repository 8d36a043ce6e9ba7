use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("environment-file"),
        title: "Variables from a file of the project",
        group: Group::Project,
        severity: Severity::Info,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1206"), Reference::Owasp("MCP01")],
        why: "A project's config makes the client read variables from a file. Who writes that file decides the \
              server's variables, loaders and addresses included.",
        example: "\"envFile\": \"${workspaceFolder}/.env\"",
        remedy: "Look into the file, and keep it out of version control.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() {
        return Vec::new();
    }
    look.entry
        .environment_files
        .iter()
        .map(|file| Hit::new(format!("Variables come from `{file}`.")))
        .collect()
}
