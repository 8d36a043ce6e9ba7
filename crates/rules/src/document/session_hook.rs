use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    documents::BY_ITSELF,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("session-hook"),
        title: "A project runs a command when an agent starts",
        group: Group::Project,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-829"),
        ],
        why: "The project's own settings make the agent run a command at the start of every session, or before \
              every prompt, without a tool being used. Malware uses this to come back after a clean-up.",
        example: "\"hooks\": { \"SessionStart\": [{ \"hooks\": [{ \"type\": \"command\", \"command\": \"node x.js\" }] }] }",
        remedy: "Read what the command does; remove the hook unless you put it there.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() {
        return Vec::new();
    }
    // Codex asks its user about each hook's exact text before it first runs.
    // Source: Codex docs hooks.md, checked 2026-11-25.
    let severity = if look.document.client.as_str() == "codex" {
        Severity::Medium
    } else {
        Severity::High
    };
    look.hooks()
        .into_iter()
        .filter(|(event, _)| BY_ITSELF.contains(event))
        .map(|(event, _)| {
            look.hit_at(&["hooks", event], format!("A hook runs on `{event}`."))
                .severity(severity)
        })
        .collect()
}
