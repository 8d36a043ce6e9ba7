use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("project-plug-ins"),
        title: "A project brings plug-ins along",
        group: Group::Project,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1006"),
            Reference::Owasp("MCP04"),
            Reference::Owasp("MCP09"),
        ],
        why: "The project's settings add a source of plug-ins or switch some on. Plug-ins bring servers, hooks \
              and commands that stand in none of the project's files.",
        example: "\"enabledPlugins\": { \"helper@tools\": true }",
        remedy: "Look at what each plug-in brings before you trust the project.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() || look.document.kind != DocumentKind::ClaudeSettings {
        return Vec::new();
    }
    ["extraKnownMarketplaces", "enabledPlugins"]
        .into_iter()
        .filter_map(|key| Some((key, look.at(&[key])?)))
        .filter(|(_, map)| {
            map.members()
                .iter()
                .any(|member| member.value.as_bool() != Some(false))
        })
        .map(|(key, _)| look.hit_at(&[key], format!("`{key}` brings plug-ins along.")))
        .collect()
}
