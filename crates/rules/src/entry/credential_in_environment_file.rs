use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("credential-in-environment-file"),
        title: "Credentials in a file of variables",
        group: Group::Credentials,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP01"), Reference::Cwe("CWE-312")],
        why: "The entry loads its variables from a file that holds credentials in plain text. Such files are \
              copied, backed up and committed by mistake like configs.",
        example: "\"envFile\": \"/home/dev/acme/.env\"",
        remedy: "Keep the credentials in a keyring or a secret manager, and rotate what was copied or committed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.scene
        .environment_files
        .get(&look.entry.id)
        .into_iter()
        .flatten()
        .filter(|file| !file.credentials.is_empty())
        .map(|file| Hit::new(format!("{} holds {}.", file.shown_path, file.words())))
        .collect()
}
