use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    approval,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("editor-auto-approve"),
        title: "The editor approves every call",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
        ],
        why: "The editor calls every tool of every server, and runs every command, without asking.",
        example: "\"chat.tools.global.autoApprove\": true",
        remedy: "Take the setting out; approve single tools.",
    },
    check: Check::Document(check),
};

/// Source: Visual Studio Code docs, agents/approvals; checked 2026-11-24.
const NAMES: [&str; 2] = ["chat.tools.global.autoApprove", "chat.tools.autoApprove"];

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if look.document.kind != DocumentKind::EditorSettings {
        return Vec::new();
    }
    NAMES
        .iter()
        .filter(|name| look.dotted(name).and_then(Node::as_bool) == Some(true))
        .map(|name| approval::hit(look, &[name], "Every call is approved by itself."))
        .collect()
}
