use countersign_model::{Confidence, Nature, Pointer, Position, RuleId, Severity, Start};

use crate::{
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

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    let settings = look
        .entry
        .environment
        .iter()
        .chain(&look.entry.headers)
        .chain(&look.entry.other_settings);
    for setting in settings {
        let place = (&setting.pointer, setting.position);
        hits.extend(hit(&setting.nature, &format!("`{}`", setting.name), place));
    }
    match &look.entry.start {
        Start::Command(command) => {
            for (token, pointer) in command.tokens().zip(&command.places) {
                hits.extend(hit(
                    token.nature(),
                    "an argument",
                    (pointer, look.entry.position),
                ));
            }
        }
        // An address is a rule of its own.
        Start::Remote(_) | Start::BuiltIn(_) | Start::Missing => {}
    }
    hits
}

fn hit(nature: &Nature, holder: &str, (pointer, position): (&Pointer, Position)) -> Option<Hit> {
    let Nature::Credential(found) = nature else {
        return None;
    };
    let message = format!("A {} stands in {holder}: {}.", found.label, found.why);
    let severity = match found.confidence {
        Confidence::Low => Severity::Low,
        Confidence::Medium | Confidence::High => Severity::Medium,
    };
    Some(
        Hit::new(message)
            .at(pointer, position)
            .severity(severity)
            .confidence(found.confidence),
    )
}
