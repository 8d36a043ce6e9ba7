use countersign_model::{Confidence, Os, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::{is_anchored, is_temporary},
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("search-path"),
        title: "Programs are searched where others can write",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-426"),
        ],
        why: "The entry sets `PATH` to a folder that is relative, temporary or inside the project. A file \
              there with the name of a common tool is started in its place.",
        example: "\"env\": { \"PATH\": \"/tmp/bin:/usr/bin\" }",
        remedy: "Name absolute folders that only you can write to.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let separator = if look.scene.os == Os::Windows {
        ';'
    } else {
        ':'
    };
    look.variables()
        .into_iter()
        .filter(|variable| variable.is_one_of(&["PATH"]) && !variable.value().is_empty())
        .filter(|variable| {
            variable
                .value()
                .split(separator)
                .any(|folder| is_open(folder, look.scene.home))
        })
        .map(|variable| variable.hit("`PATH` holds a folder that others can put programs into."))
        .collect()
}

fn is_open(folder: &str, home: &str) -> bool {
    let is_of_project = [
        "${workspaceFolder}",
        "${workspaceRoot}",
        "${CLAUDE_PROJECT_DIR}",
    ]
    .iter()
    .any(|start| folder.starts_with(start));
    is_of_project || !is_anchored(folder) || is_temporary(&format!("{folder}/"), home)
}
