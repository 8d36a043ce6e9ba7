use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::{is_no, is_yes},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("authentication-off"),
        title: "Server told not to ask who calls",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1005"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-306"),
        ],
        why: "A switch turns the server's own check of its callers off. Everybody who can connect can use it.",
        example: "\"env\": { \"DANGEROUSLY_OMIT_AUTH\": \"true\" }",
        remedy: "Leave the switch out.",
    },
    check: Check::Entry(check),
};

/// Words of switches that turn the check off, without separators.
const WORDS: [&str; 8] = [
    "noauth",
    "disableauth",
    "authdisabled",
    "omitauth",
    "skipauth",
    "withoutauth",
    "allowunauthenticated",
    "unauthenticated",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let flags = look
        .flags()
        .into_iter()
        .filter(|flag| is_switch(flag.name) && !flag.value.is_some_and(is_no))
        .map(|flag| {
            let message = format!("`{}` turns the check of callers off.", flag.name);
            look.hit_at(flag.token, message)
        });
    let variables = look
        .variables()
        .into_iter()
        .filter(|variable| is_switch(variable.name) && is_yes(variable.value()))
        .map(|variable| {
            variable.hit(format!(
                "`{}` turns the check of callers off.",
                variable.name
            ))
        });
    flags.chain(variables).collect()
}

fn is_switch(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let plain = plain
        .replace("authentication", "auth")
        .replace("authorization", "auth");
    WORDS.iter().any(|word| plain.ends_with(word))
}
