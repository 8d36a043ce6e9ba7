use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    credentials::{self, Exposure, exposure},
    entry::plaintext_credential::{hit, remedy},
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("tracked-credential"),
        title: "Credential in a file that git tracks",
        group: Group::Credentials,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::Owasp("MCP01"),
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Cwe("CWE-540"),
        ],
        why: "Whoever gets a copy of the repository gets the credential with it, and its history keeps the \
              value after it is taken out of the file.",
        example: "a token in `.mcp.json`, which is committed",
        remedy: "Take the credential out of the file, and rotate it: the history keeps what was committed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if exposure(look) != Exposure::Tracked {
        return Vec::new();
    }
    credentials::of(look.entry)
        .iter()
        .map(|held| {
            let first =
                "Take it out of the file and, if others have the repository, out of its history";
            hit(look, held, Severity::High).remedy(remedy(first, held))
        })
        .collect()
}
