use countersign_model::{Confidence, Nature, RuleId, Severity, Start};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    tokens::WHY,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("encoded-argument"),
        title: "A large encoded argument",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::Low,
        references: &[Reference::SafeMcp("SAFE-T1402"), Reference::Cwe("CWE-506")],
        why: "A long run of base64 or hexadecimal digits can hold a program or settings that nobody reads. It \
              may also be plain data.",
        example: "\"args\": [\"--config\", \"eyJz… 400 characters …\"]",
        remedy: "Decode it and look; put what it holds into a file.",
    },
    check: Check::Entry(check),
};

/// Shorter runs are keys, hashes and identifiers.
const RUN_MIN: usize = 256;

/// Longer tokens are told by their length alone.
const RUN_MAX: usize = 2_000;

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Start::Command(command) = &look.entry.start else {
        return Vec::new();
    };
    command
        .tokens()
        .filter(|token| !matches!(token.nature(), Nature::Credential(_)))
        .filter(|token| {
            let run = longest_run(token.expose(WHY));
            (RUN_MIN..=RUN_MAX).contains(&run)
        })
        .map(|token| {
            look.hit_at(
                token.shown(),
                "An argument holds a long run of encoded text.",
            )
        })
        .collect()
}

/// Returns the length of the longest run of digits of an encoding that mixes cases or digits.
fn longest_run(text: &str) -> usize {
    text.split(|character: char| {
        !(character.is_ascii_alphanumeric() || matches!(character, '+' | '=' | '_'))
    })
    .filter(|run| run.bytes().any(|byte| byte.is_ascii_digit()))
    .filter(|run| run.bytes().any(|byte| byte.is_ascii_alphabetic()))
    .map(str::len)
    .max()
    .unwrap_or_default()
}
