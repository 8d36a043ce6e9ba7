use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("credential-in-copy"),
        title: "Old copy that holds credentials",
        group: Group::Credentials,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-312"),
            Reference::Cwe("CWE-530"),
        ],
        why: "Clients keep copies of their configs, and go on keeping them after a credential is taken out of the \
              config itself.",
        example: "a token in `~/.claude/backups/.claude.json.backup.1`",
        remedy: "Delete the copy once the config holds no credential any more, and rotate what it held.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let Some(copy) = look.scene.copies.get(&look.config.id) else {
        return Vec::new();
    };
    if copy.credentials.is_empty() {
        return Vec::new();
    }
    let known = copy.credentials.iter().filter(|held| held.is_known).count();
    let mut message = format!("The file holds {}.", copy.words());
    if known > 0 {
        let verb = if known == 1 {
            "one of them stands"
        } else {
            "several of them stand"
        };
        let which = if copy.credentials.len() == 1 {
            "it stands"
        } else {
            verb
        };
        message.push_str(&format!(" As it is, {which} in a config that is in use."));
    }
    vec![Hit::new(message)]
}
