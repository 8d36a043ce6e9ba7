use countersign_model::{Confidence, Identity, RuleId, Scope, Severity};

use crate::{
    look::EntryLook,
    paths::is_anchored,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("relative-program"),
        title: "Program relative to an unknown folder",
        group: Group::Launch,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[Reference::SafeMcp("SAFE-T1203"), Reference::Cwe("CWE-426")],
        why: "The entry holds for every project, and its program is looked for in whatever folder the client \
              is in. Any project can bring a file of that name.",
        example: "\"command\": \"./server\" in a user's config",
        remedy: "Write the whole path.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let is_everywhere = look
        .entry
        .readers
        .iter()
        .any(|index| look.config.readers[*index].scope == Scope::User);
    let Identity::File { path, .. } = look.started().0 else {
        return Vec::new();
    };
    let is_relative = path.contains(['/', '\\']) && !is_anchored(path);
    let is_placed = look
        .entry
        .working_folder
        .as_deref()
        .is_some_and(is_anchored);
    if !is_everywhere || !is_relative || is_placed {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "`{path}` is looked for in whatever folder the client is in."
    ))]
}
