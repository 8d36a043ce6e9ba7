use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("auto-run-task"),
        title: "A project runs a task when its folder is opened",
        group: Group::Project,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-829"),
        ],
        why: "The editor runs the task as soon as the folder is open and trusted, without being asked again. \
              Malware uses this to come back after a clean-up.",
        example: "\"runOptions\": { \"runOn\": \"folderOpen\" }",
        remedy: "Read what the task runs; take `runOn` out, or refuse automatic tasks for the folder.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    let Some(tasks) = look.at(&["tasks"]) else {
        return Vec::new();
    };
    if look.document.kind != DocumentKind::EditorTasks {
        return Vec::new();
    }
    tasks
        .elements()
        .iter()
        .enumerate()
        .filter(|(_, task)| {
            let runs_on = task
                .get("runOptions")
                .and_then(|options| options.get("runOn"))
                .and_then(Node::as_str);
            matches!(runs_on, Some("folderOpen" | "worktreeCreated"))
        })
        .map(|(index, task)| {
            let pointer = look.pointer(&["tasks"]).index(index);
            Hit::new("The editor runs a task by itself when the folder is opened.")
                .at(&pointer, look.position(task))
        })
        .collect()
}
