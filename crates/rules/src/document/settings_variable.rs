use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    entry::loader_variable,
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::{AUTHORITIES, LOADERS, PROXIES},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("settings-variable"),
        title: "A project sets variables that load code or redirect traffic",
        group: Group::Project,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::SafeMcp("SAFE-T1407"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-426"),
        ],
        why: "The project's settings change the environment of the agent and of everything that it starts: \
              which libraries are loaded, where programs are found, who sees the traffic.",
        example: "\"env\": { \"NODE_OPTIONS\": \"--require ./x.js\" } in the project's settings",
        remedy: "Take the variable out of the project.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() {
        return Vec::new();
    }
    let places: &[&str] = match look.document.kind {
        DocumentKind::ClaudeSettings => &["env"],
        DocumentKind::EditorSettings => &[
            "terminal.integrated.env.linux",
            "terminal.integrated.env.osx",
            "terminal.integrated.env.windows",
        ],
        _ => &[],
    };
    places
        .iter()
        .filter_map(|place| Some((place, look.at(&[place])?)))
        .flat_map(|(place, map)| map.members().iter().map(move |member| (place, member)))
        .filter_map(|(place, member)| {
            let value = member.value.as_str().unwrap_or_default();
            let severity = severity(&member.key.to_ascii_uppercase(), value)?;
            let message = format!("`{}` is set for all that the program starts.", member.key);
            Some(
                look.hit_at(&[place, &member.key], message)
                    .severity(severity),
            )
        })
        .collect()
}

fn severity(name: &str, value: &str) -> Option<Severity> {
    if LOADERS.contains(&name) {
        return loader_variable::severity(name, value);
    }
    if PROXIES.contains(&name) || AUTHORITIES.contains(&name) {
        return Some(Severity::High);
    }
    (name == "NODE_TLS_REJECT_UNAUTHORIZED" && value.trim() == "0").then_some(Severity::High)
}
