use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("workspace-trust-off"),
        title: "Every folder is trusted",
        group: Group::Project,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1006"),
            Reference::Owasp("MCP05"),
            Reference::Owasp("MCP09"),
        ],
        why: "The editor asks before it runs what a folder brings: tasks, servers, settings that name \
              programs. With trust switched off it does not.",
        example: "\"security.workspace.trust.enabled\": false",
        remedy: "Take the setting out.",
    },
    check: Check::Document(check),
};

/// Source: Visual Studio Code docs, editing/workspaces/workspace-trust; checked 2026-11-25.
const NAME: &str = "security.workspace.trust.enabled";

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    let is_off = look.dotted(NAME).and_then(Node::as_bool) == Some(false);
    // The editor reads this setting from its user's settings alone.
    if look.document.kind != DocumentKind::EditorSettings || look.is_of_project() || !is_off {
        return Vec::new();
    }
    vec![look.hit_at(
        &[NAME],
        "The editor trusts every folder without a question.",
    )]
}
