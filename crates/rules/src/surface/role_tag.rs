use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, class},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("role-tag"),
        title: "Tags that speak to the model",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Owasp("MCP06"),
        ],
        why: "Tags, comments and headings make part of a description look as if it came from the system and not from the server.",
        example: "\"<system>…</system>\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

/// Names of tags that emphasise, hide or pretend to another speaker.
const NAMES: [&str; 12] = [
    "important",
    "system",
    "hidden",
    "secret",
    "global",
    "instruction",
    "override",
    "admin",
    "assistant",
    "sys",
    "critical",
    "private",
];

/// Words that pretend to another speaker.
const SPEAKERS: [&str; 10] = [
    "### instruction",
    "### system",
    "### new system",
    "[system]",
    "[assistant instructions",
    "note to assistant",
    "note to the assistant",
    "{{ system",
    "{{system",
    "[system message",
];

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let found = text
            .reading
            .sentences
            .iter()
            .find_map(|sentence| tag(text, sentence))
            .or_else(|| {
                let folded = text.reading.folded.text();
                let (at, sign) = SPEAKERS
                    .iter()
                    .find_map(|sign| Some((folded.find(sign)?, sign)))?;
                Some(at..at + sign.len())
            });
        if let Some(span) = found {
            let span = text.reading.folded.back(span);
            hits.push(text.hit(
                item,
                span,
                "A tag or heading makes text look as if it came from elsewhere.",
            ));
        }
    }
    hits
}

fn tag(text: &SeenText<'_>, sentence: &Sentence) -> Option<std::ops::Range<usize>> {
    let token = sentence
        .tokens
        .first()
        .filter(|token| token.classes & class::TAG != 0)?;
    let word = text.reading.word(token);
    let is_delimiter = word.starts_with("<|") || word.starts_with("<<") || word.starts_with('[');
    let is_comment = word == "<!--" && speaks(sentence);
    let name = word.trim_matches(['<', '>', '/', '|', ' ']);
    let first = name
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    let is_notes = name.contains("note") || name.contains("example");
    let is_named = NAMES
        .iter()
        .any(|known| first.trim_end_matches('s') == known.trim_end_matches('s'))
        && !is_notes;
    let is_open = !word.starts_with("</");
    (is_open && (is_delimiter || is_comment || is_named)).then(|| token.span.clone())
}

/// Whether a comment tells somebody to do something.
fn speaks(sentence: &Sentence) -> bool {
    const DEEDS: u64 = class::READ | class::SEND | class::STEAL | class::RUN | class::FILL;
    let is_told =
        sentence.classes & (class::MUST | class::SYSTEM | class::ASIDE | class::IGNORE) != 0;
    is_told && sentence.classes & (DEEDS | class::ORDERS | class::SECRET_PATH) != 0
}
