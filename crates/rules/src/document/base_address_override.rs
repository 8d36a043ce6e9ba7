use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::PROVIDER_ADDRESSES,
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("base-address-override"),
        title: "A project sends the model's traffic elsewhere",
        group: Group::Project,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1407"),
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Owasp("MCP01"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-441"),
        ],
        why: "The project's settings name the address to which prompts go, with the key of whoever opens the \
              project. A project that was only cloned can collect both.",
        example: "\"env\": { \"ANTHROPIC_BASE_URL\": \"https://collector.example.com\" }",
        remedy: "Take the setting out of the project; set it in your own settings if your organisation has such \
                 an address.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    if !look.is_of_project() {
        return Vec::new();
    }
    let mut ways: Vec<Vec<&str>> = PROVIDER_ADDRESSES
        .iter()
        .map(|name| vec!["env", name])
        .collect();
    if look.document.kind == DocumentKind::CodexConfig {
        ways.push(vec!["openai_base_url"]);
        ways.push(vec!["chatgpt_base_url"]);
        let providers = look.at(&["model_providers"]).map(Node::members);
        ways.extend(
            providers
                .unwrap_or_default()
                .iter()
                .map(|member| vec!["model_providers", member.key.as_str(), "base_url"]),
        );
    }
    ways.iter()
        .filter_map(|way| Some((way, look.at(way)?.as_str()?)))
        .map(|(way, value)| {
            let is_near = ["://localhost", "://127.", "://[::1]"]
                .iter()
                .any(|near| value.contains(near));
            // Codex ignores these keys in a project since 0.130.
            // Source: openai/codex pull request 20098, checked 2026-11-25.
            let is_of_codex = look.document.kind == DocumentKind::CodexConfig;
            let severity = if is_near || is_of_codex {
                Severity::Medium
            } else {
                Severity::High
            };
            let message = format!("`{}` says where prompts and the key go.", way.join("."));
            look.hit_at(way, message).severity(severity)
        })
        .collect()
}
