use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("broad-permission"),
        title: "Every command or call is allowed",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
        ],
        why: "The rule lets the agent run any command, or call any tool of any server, without asking.",
        example: "\"permissions\": { \"allow\": [\"Bash(*)\"] }",
        remedy: "Name the commands and tools that are needed.",
    },
    check: Check::Document(check),
};

/// Rules that leave nothing to ask about.
const RULES: [&str; 7] = [
    "*",
    "Bash",
    "Bash(*)",
    "Bash(:*)",
    "mcp__*",
    "mcp__*__*",
    "PowerShell(*)",
];

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    let Some(allowed) = look.at(&["permissions", "allow"]) else {
        return Vec::new();
    };
    if look.document.kind != DocumentKind::ClaudeSettings {
        return Vec::new();
    }
    allowed
        .elements()
        .iter()
        .enumerate()
        .filter_map(|(index, rule)| Some((index, rule, rule.as_str()?)))
        .filter(|(_, _, text)| RULES.contains(text))
        .map(|(index, rule, text)| {
            let pointer = look.pointer(&["permissions", "allow"]).index(index);
            Hit::new(format!("`{text}` is allowed without a question."))
                .at(&pointer, look.position(rule))
        })
        .collect()
}
