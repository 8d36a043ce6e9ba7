use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    neighbours,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("replaced-server"),
        title: "A project replaces a server of the user",
        group: Group::Project,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1201"),
            Reference::Owasp("MCP09"),
        ],
        why: "The project's entry has the name of one that the user set up for everything, and starts \
              something else. A client that uses the project's one starts a program under a trusted name.",
        example: "\"github\" in the user's config and in the project's, with different commands",
        remedy: "Compare both; give the project's entry another name.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() || !look.is_in_use() {
        return Vec::new();
    }
    let Some(name) = look.server.identity.name() else {
        return Vec::new();
    };
    neighbours::of_user(look)
        .into_iter()
        .find(|other| other.server.identity.name().as_deref() != Some(name.as_str()))
        .map(|other| {
            Hit::new(format!(
                "`{}` starts {} for the user, and {} here.",
                other.entry.name, other.server.identity, look.server.identity
            ))
        })
        .into_iter()
        .collect()
}
