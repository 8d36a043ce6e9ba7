use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    program_text::ProgramText,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("shell-commands"),
        title: "A shell runs several commands",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-78"),
        ],
        why: "More than one simple command stands in the entry, or text that the shell expands first. What it \
              starts depends on the machine and cannot be named, pinned or looked up.",
        example: "\"command\": \"bash\", \"args\": [\"-lc\", \"cd \\\"$(git rev-parse --show-toplevel)\\\" && npm start\"]",
        remedy: "Start the server itself; use the entry's working folder and variables for the rest.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.program_text() == Some(ProgramText::Shell) {
        vec![Hit::new("A shell runs more than one simple command.")]
    } else {
        Vec::new()
    }
}
