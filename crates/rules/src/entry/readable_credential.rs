use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    credentials::{self, Exposure, exposure},
    entry::plaintext_credential::{hit, remedy},
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("readable-credential"),
        title: "Credential that other users can read",
        group: Group::Credentials,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::Owasp("MCP01"),
            Reference::SafeMcp("SAFE-T1506"),
            Reference::Cwe("CWE-732"),
        ],
        why: "Every user of this machine can read the file, and with it the credential.",
        example: "mode 0644 on a config with a token",
        remedy: "Take the right to read away from others (`chmod go-r`), take the credential out, and rotate it.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if exposure(look) != Exposure::Readable {
        return Vec::new();
    }
    credentials::of(look.entry)
        .iter()
        .filter(|held| !held.is_in_address)
        .map(|held| {
            let first =
                "Take the right to read away from others (`chmod go-r`), take the credential out";
            hit(look, held, Severity::Medium).remedy(remedy(first, held))
        })
        .collect()
}
