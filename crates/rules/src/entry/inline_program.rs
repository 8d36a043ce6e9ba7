use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    look::EntryLook,
    program_text::ProgramText,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("inline-program"),
        title: "Program text in the command",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-78"),
        ],
        why: "The entry hands program text to an interpreter or shell. No package, file or image is named, so \
              nothing can be reviewed, pinned or looked up, and the text can do anything this user can.",
        example: "\"command\": \"python\", \"args\": [\"-c\", \"import os; …\"]",
        remedy: "Put the program into a file or package and start that; or remove the entry.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    match &look.server.identity {
        Identity::Inline { interpreter }
            if look.program_text() == Some(ProgramText::Interpreter) =>
        {
            vec![Hit::new(format!(
                "The command holds program text for `{interpreter}`."
            ))]
        }
        _ => Vec::new(),
    }
}
