use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    folders,
    look::EntryLook,
    paths::sensitive,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("sensitive-folder"),
        title: "File server with a folder of credentials",
        group: Group::Access,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1502"),
            Reference::Owasp("MCP01"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-522"),
        ],
        why: "The folder holds keys or tokens. Whoever steers the model can read them by an ordinary call.",
        example: "\"args\": [\"-y\", \"@modelcontextprotocol/server-filesystem@1.0.0\", \"/home/dev/.ssh\"]",
        remedy: "Take the folder out.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    folders::handed_over(look)
        .into_iter()
        .filter_map(|folder| Some((folder, sensitive(folder, look.scene.home)?)))
        .map(|(folder, holds)| {
            look.hit_at(folder, format!("The server may use `{folder}`: {holds}."))
        })
        .collect()
}
