use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("command-line-as-program"),
        title: "A whole command line as the program",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-1116")],
        why: "Most clients start the program without a shell, so one with blanks is not found. Some hand it to \
              a shell, which then expands it.",
        example: "\"command\": \"npx -y server@1.0.0\"",
        remedy: "Put the program into `command` and each argument into `args`.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Some(program) = look.shown_tokens().first().copied() else {
        return Vec::new();
    };
    let head = program.split(' ').next().unwrap_or_default();
    let is_line = program.contains(' ') && !head.is_empty() && !head.contains(['/', '\\']);
    if !is_line {
        return Vec::new();
    }
    vec![look.hit_at(
        program,
        format!("`{head}` and its arguments stand in one text."),
    )]
}
