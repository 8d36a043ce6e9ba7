use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    documents::BY_ITSELF,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("user-hook"),
        title: "A command runs when an agent starts",
        group: Group::Project,
        severity: Severity::Info,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1203"), Reference::Owasp("MCP05")],
        why: "The user's own settings make the agent run a command at every start. That is often wanted; \
              malware puts itself here too.",
        example: "\"hooks\": { \"SessionStart\": [ … ] } in the user's settings",
        remedy: "Make sure that the command is yours.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if look.is_of_project() {
        return Vec::new();
    }
    look.hooks()
        .into_iter()
        .filter(|(event, _)| BY_ITSELF.contains(event))
        .map(|(event, _)| look.hit_at(&["hooks", event], format!("A hook runs on `{event}`.")))
        .collect()
}
