use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::is_temporary,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("loader-flag"),
        title: "A flag loads other code first",
        group: Group::Launch,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-426"),
        ],
        why: "The flag makes the runtime load another module before the file that is named, so that file is \
              not all that runs.",
        example: "\"command\": \"node\", \"args\": [\"--require\", \"./x.js\", \"server.js\"]",
        remedy: "Review what the flag loads as part of the server.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .modifiers
        .iter()
        .filter(|modifier| modifier.source.starts_with('-'))
        .filter(|modifier| modifier.meaning == "loads other code first")
        .map(|modifier| {
            let value = modifier.value.as_deref().unwrap_or_default();
            let is_odd = value.contains("://")
                || value.contains("data:")
                || is_temporary(value, look.scene.home);
            let severity = if is_odd {
                Severity::High
            } else {
                Severity::Low
            };
            let message = format!("`{}` loads other code first.", modifier.source);
            look.hit_at(&modifier.source, message).severity(severity)
        })
        .collect()
}
