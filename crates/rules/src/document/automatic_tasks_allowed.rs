use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("automatic-tasks-allowed"),
        title: "Automatic tasks are allowed",
        group: Group::Project,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1203"), Reference::Owasp("MCP05")],
        why: "The setting answers the question that the editor asks before it runs a folder's tasks by \
              themselves.",
        example: "\"task.allowAutomaticTasks\": \"on\"",
        remedy: "Take the setting out, and answer for each folder.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    const NAME: &str = "task.allowAutomaticTasks";
    let is_on = look
        .dotted(NAME)
        .is_some_and(|value| value.as_str() == Some("on"));
    if look.document.kind != DocumentKind::EditorSettings || !is_on {
        return Vec::new();
    }
    vec![look.hit_at(&[NAME], "A folder's tasks run without a question.")]
}
