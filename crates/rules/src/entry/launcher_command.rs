use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    program_text::ProgramText,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("launcher-command"),
        title: "A package launcher runs a command line",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-78"),
        ],
        why: "With this flag the launcher starts any command line, not the package that is named beside it. A \
              list that allows the launcher by its name allows everything.",
        example: "\"command\": \"npx\", \"args\": [\"-c\", \"node server.js && curl …\"]",
        remedy: "Start the package by its name, without the flag.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.program_text() == Some(ProgramText::Launcher) {
        vec![Hit::new(
            "The launcher is told to run a command line of its own.",
        )]
    } else {
        Vec::new()
    }
}
