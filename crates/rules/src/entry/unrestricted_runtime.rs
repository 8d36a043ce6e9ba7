use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unrestricted-runtime"),
        title: "Runtime told to allow everything",
        group: Group::Access,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-250"),
        ],
        why: "Deno keeps files, network and programs from a script until they are granted. The flag grants \
              them all.",
        example: "\"command\": \"deno\", \"args\": [\"run\", \"-A\", \"npm:server@1.0.0\"]",
        remedy: "Grant the hosts and folders that the server needs, each by its own flag.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .modifiers
        .iter()
        .filter(|modifier| modifier.meaning == "may do everything on this machine")
        .map(|modifier| {
            look.hit_at(
                &modifier.source,
                format!("`{}` allows everything.", modifier.source),
            )
        })
        .collect()
}
