use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    folders,
    look::EntryLook,
    paths::{is_home, is_root},
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("broad-folder"),
        title: "File server with a whole home or disk",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1606"),
            Reference::SafeMcp("SAFE-T1105"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-668"),
        ],
        why: "Everything below the folder can be read, and mostly written, by whoever steers the model: keys, \
              mail, other projects.",
        example: "\"args\": [\"-y\", \"@modelcontextprotocol/server-filesystem@1.0.0\", \"/\"]",
        remedy: "Name the folders that the work is in.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    folders::handed_over(look)
        .into_iter()
        .filter(|folder| is_root(folder, look.scene.home) || is_home(folder, look.scene.home))
        .map(|folder| look.hit_at(folder, format!("The server may use all of `{folder}`.")))
        .collect()
}
