use countersign_model::{Confidence, RuleId, Severity};
use countersign_secrets::{Place, is_placeholder, spans};

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("secret-in-surface"),
        title: "Credential in a definition",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1502"),
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-798"),
        ],
        why: "A description holds what looks like a live credential. Every model and every user of the server reads it.",
        example: "\"default\": \"ghp_…\"",
        remedy: "Tell whoever publishes the server, so that the credential is revoked; do not use it.",
    },
    check: Check::Surface(check),
};

/// Longer texts are looked through in this much.
const TEXT_MAX: usize = 16 * 1024;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let whole = text.text.text;
        let words = whole.split(|letter: char| {
            letter.is_whitespace()
                || matches!(letter, '"' | '\'' | '`' | '(' | ')' | ',' | '<' | '>')
        });
        let mut taken = 0;
        for word in words.take_while(|word| {
            taken += word.len() + 1;
            taken <= TEXT_MAX
        }) {
            // What an issuer marks is long and mixes letters and digits.
            if word.len() < 20
                || !word.bytes().any(|byte| byte.is_ascii_digit())
                || is_placeholder(word)
            {
                continue;
            }
            let found = spans(Place::Positional, word)
                .into_iter()
                .find(|found| found.issuer.is_some() && found.confidence == Confidence::High);
            if let Some(found) = found {
                let start = word.as_ptr() as usize - whole.as_ptr() as usize;
                let span = start + found.span.start..start + found.span.end;
                hits.push(text.hit(item, span, format!("A {} stands in the text.", found.label)));
                break;
            }
        }
    }
    hits
}
