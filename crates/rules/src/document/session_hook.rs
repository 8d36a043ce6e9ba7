use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Scope, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("session-hook"),
        title: "A project runs a command when an agent starts",
        group: Group::Project,
        severity: Severity::High,
        confidence: Confidence::Medium,
        references: &[Reference::SafeMcp("SAFE-T1204"), Reference::Owasp("MCP05")],
        why: "Hooks in a project's settings run with this user's rights as soon as an agent works there. Worms \
              have used them to come back after a clean-up.",
        example: "\"hooks\": { \"SessionStart\": [{ \"hooks\": [{ \"type\": \"command\", \"command\": \"node x.js\" }] }] }",
        remedy: "Read what the command does; remove the hook unless you put it there.",
    },
    check: Check::Document(check),
};

/// Events that come by themselves, without a tool being used.
const BY_ITSELF: [&str; 6] = [
    "SessionStart",
    "Setup",
    "UserPromptSubmit",
    "sessionStart",
    "beforeSubmitPrompt",
    "BeforeAgent",
];

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    let has_hooks = matches!(
        look.document.kind,
        DocumentKind::ClaudeSettings | DocumentKind::CursorHooks | DocumentKind::GeminiSettings
    );
    if !has_hooks || !matches!(look.document.scope, Scope::Project | Scope::ProjectLocal) {
        return Vec::new();
    }
    let Some(hooks) = look.at(&["hooks"]) else {
        return Vec::new();
    };
    hooks
        .members()
        .iter()
        .filter(|member| BY_ITSELF.contains(&member.key.as_str()))
        .filter(|member| holds_command(&member.value))
        .map(|member| {
            let message = format!("A command runs on `{}`.", member.key);
            Hit::new(message).at(
                &look.pointer(&["hooks", &member.key]),
                look.position(&member.value),
            )
        })
        .collect()
}

/// Returns whether a command stands anywhere inside.
pub(crate) fn holds_command(node: &Node) -> bool {
    node.get("command")
        .is_some_and(|command| command.as_str().is_some())
        || node.elements().iter().any(holds_command)
        || node
            .members()
            .iter()
            .any(|member| holds_command(&member.value))
}
