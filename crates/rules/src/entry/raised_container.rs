use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("raised-container"),
        title: "Container with more rights than usual",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1303"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-250"),
        ],
        why: "The flag grants a right, or takes a wall away, that the container engine holds back from every \
              container for a reason.",
        example: "\"args\": [\"run\", \"-i\", \"--cap-add\", \"SYS_ADMIN\", \"image\"]",
        remedy: "Leave the flag out, unless the server's documentation says what it is for.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.container_flags()
        .into_iter()
        .filter_map(|flag| {
            let value = flag.value.unwrap_or_default();
            let lower = value.to_ascii_lowercase();
            let severity = match flag.name {
                "--cap-add" => Severity::Medium,
                "--device" => Severity::Low,
                "--security-opt" if lower.contains("unconfined") || lower.contains("disable") => {
                    Severity::Medium
                }
                _ => return None,
            };
            let message = format!("`{} {value}` gives the container more rights.", flag.name);
            Some(look.hit_at(flag.token, message).severity(severity))
        })
        .collect()
}
