use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("guard-impostor"),
        title: "A program that only has the guard's name",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-290"),
        ],
        why: "The program is named like the guard and is not the one that is installed. It gets what the guard \
              would get, and nothing that it claims holds.",
        example: "\"command\": \"/tmp/countersign-guard\", \"args\": [\"--\", \"npx\", \"server\"]",
        remedy: "Take the entry back to its own command, then guard it again from the window.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let name = match look.program_name().as_str() {
        "countersign-guard" => "guard",
        "countersign-bridge" => "bridge",
        _ => return Vec::new(),
    };
    let program = look.server_tokens().first().copied().unwrap_or_default();
    vec![Hit::new(format!(
        "`{program}` has the {name}'s name and is not the installed {name}."
    ))]
}
