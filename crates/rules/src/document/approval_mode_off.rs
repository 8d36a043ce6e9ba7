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
        id: RuleId::new("approval-mode-off"),
        title: "The command line agent approves every call",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1111"),
            Reference::Owasp("MCP02"),
        ],
        why: "The settings start every session in a mode that calls every tool and runs every command without \
              asking.",
        example: "\"tools\": { \"approvalMode\": \"yolo\" }",
        remedy: "Take the setting out; choose the mode for one session, in a sandbox.",
    },
    check: Check::Document(check),
};

/// Ways to the setting in Gemini CLI and its relatives, over their versions.
const WAYS: [&[&str]; 3] = [
    &["tools", "approvalMode"],
    &["general", "defaultApprovalMode"],
    &["approvalMode"],
];

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if look.document.kind != DocumentKind::GeminiSettings {
        return Vec::new();
    }
    WAYS.iter()
        .filter(|way| look.at(way).and_then(Node::as_str) == Some("yolo"))
        .map(|way| approval::hit(look, way, "Every call is approved by itself."))
        .collect()
}
