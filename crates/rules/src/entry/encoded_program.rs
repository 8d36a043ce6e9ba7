use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    program_text::ProgramText,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("encoded-program"),
        title: "Program text in an encoding",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-506"),
        ],
        why: "The command line decodes text and runs it. The encoding serves only to keep what runs from being \
              read.",
        example: "\"command\": \"powershell\", \"args\": [\"-EncodedCommand\", \"…\"]",
        remedy: "Remove the entry, or decode the text and put it into a file that can be reviewed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.program_text() == Some(ProgramText::Encoded) {
        vec![Hit::new(
            "The command line runs program text that is encoded.",
        )]
    } else {
        Vec::new()
    }
}
