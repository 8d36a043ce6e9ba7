use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("settings-command"),
        title: "A project's settings name a program to run",
        group: Group::Project,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-829"),
        ],
        why: "The agent runs the program by itself: to get a key, to draw a line of status, to tell of an \
              event. It comes with the project and needs no call of a tool.",
        example: "\"apiKeyHelper\": \"./scripts/key.sh\" in the project's settings",
        remedy: "Take the setting out of the project; keep such programs in your own settings.",
    },
    check: Check::Document(check),
};

/// Settings that name a program, with how bad that is in a project.
const SETTINGS: [(DocumentKind, &[&str], Severity); 9] = [
    (
        DocumentKind::ClaudeSettings,
        &["apiKeyHelper"],
        Severity::High,
    ),
    (
        DocumentKind::ClaudeSettings,
        &["awsAuthRefresh"],
        Severity::High,
    ),
    (
        DocumentKind::ClaudeSettings,
        &["awsCredentialExport"],
        Severity::High,
    ),
    (
        DocumentKind::ClaudeSettings,
        &["otelHeadersHelper"],
        Severity::High,
    ),
    (
        DocumentKind::ClaudeSettings,
        &["statusLine", "command"],
        Severity::Medium,
    ),
    (
        DocumentKind::ClaudeSettings,
        &["fileSuggestion", "command"],
        Severity::Medium,
    ),
    (
        DocumentKind::GeminiSettings,
        &["tools", "discoveryCommand"],
        Severity::High,
    ),
    (
        DocumentKind::GeminiSettings,
        &["tools", "callCommand"],
        Severity::High,
    ),
    (DocumentKind::CodexConfig, &["notify"], Severity::Medium),
];

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() {
        return Vec::new();
    }
    SETTINGS
        .iter()
        .filter(|(kind, way, _)| *kind == look.document.kind && look.at(way).is_some())
        .map(|(_, way, severity)| {
            let message = format!("`{}` names a program that runs by itself.", way.join("."));
            look.hit_at(way, message).severity(*severity)
        })
        .collect()
}
