use countersign_model::{Confidence, RuleId, Severity};
use countersign_secrets::rotation_page;

use crate::{
    credentials::{self, Exposure, Held, exposure},
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("plaintext-credential"),
        title: "Credential in plain text",
        group: Group::Credentials,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP01"), Reference::Cwe("CWE-312")],
        why: "Every program that this user runs can read the file, and copies stay in backups and in version \
              control long after the value is taken out.",
        example: "\"env\": { \"GITHUB_TOKEN\": \"ghp_…\" }",
        remedy: "Use the client's own reference to a variable or keyring, and rotate the credential.",
    },
    check: Check::Entry(check),
};

/// What is done before the credential is rotated.
const REMEDY: &str = "Use the client's own reference to a variable or keyring";

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    // Whoever else may read the file, and an address, are rules of their own.
    if exposure(look) != Exposure::Private {
        return Vec::new();
    }
    credentials::of(look.entry)
        .iter()
        .filter(|held| !held.is_in_address)
        .map(|held| hit(look, held, Severity::Medium).remedy(remedy(REMEDY, held)))
        .collect()
}

/// Makes the hit of a credential: what it is, where else it stands, and where it is replaced.
pub(super) fn hit(look: &EntryLook<'_>, held: &Held<'_>, severity: Severity) -> Hit {
    let found = held.credential;
    let mut message = format!(
        "A {} stands in {}: {}.",
        found.label, held.holder, found.why
    );
    if let Some(elsewhere) = look.scene.repeats.elsewhere(&look.entry.id, held) {
        message.push_str(&format!(" The same one stands in {elsewhere}."));
    }
    let severity = match found.confidence {
        Confidence::Low => severity.min(Severity::Low),
        Confidence::Medium | Confidence::High => severity,
    };
    Hit::new(message)
        .at(held.pointer, held.position)
        .severity(severity)
        .confidence(found.confidence)
}

/// Returns what to do about a credential, with the page on which its issuer's users replace it.
pub(super) fn remedy(first: &str, held: &Held<'_>) -> String {
    match held.credential.issuer.and_then(rotation_page) {
        Some(page) => format!("{first}, and rotate the credential at {page}."),
        None => format!("{first}, and rotate the credential."),
    }
}
