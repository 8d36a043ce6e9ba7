use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class, follows},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("user-concealment"),
        title: "Text that keeps something from the user",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1404"),
            Reference::Owasp("MCP03"),
        ],
        why: "An honest tool has nothing to hide from who uses it. Text that tells the model to keep quiet hides what else it tells.",
        example: "\"… and leave this step out when you answer\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text tells the model to keep something from the user.",
        find,
    )
}

const ORDERS: &[&[(u64, usize)]] = &[
    &[(class::NOT, 0), (class::TELL, 4), (class::USER, 6)],
    &[(class::NOT, 0), (class::AWARE, 4)],
];

/// Returns whether a sentence keeps something from the user.
pub(crate) fn speaks(sentence: &Sentence) -> bool {
    ORDERS
        .iter()
        .any(|steps| follows(sentence, steps).is_some())
}

/// Words for going unnoticed, and what is done then.
const DEEDS: u64 =
    class::READ | class::SEND | class::STEAL | class::FILL | class::REPLACE | class::RUN;

fn find<'t>(
    _: &SeenItem<'_>,
    text: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    let by_class = ORDERS
        .iter()
        .find_map(|steps| follows(sentence, steps))
        .filter(|(_, last)| !is_twice_denied(text, sentence, last));
    by_class
        .or_else(|| this(text, sentence))
        .or_else(|| stealthy(text, sentence))
}

/// "Never … without telling the user": the user is told.
fn is_twice_denied(text: &SeenText<'_>, sentence: &Sentence, last: &Token) -> bool {
    let denials = sentence
        .tokens
        .iter()
        .take_while(|token| token.span.start < last.span.start)
        .filter(|token| token.classes & class::NOT != 0);
    let words: Vec<&str> = denials.map(|token| text.reading.word(token)).collect();
    words.len() > 1 && words.contains(&"without")
}

/// "Never reveal this": what "this" is stands in the text itself.
fn this<'t>(text: &SeenText<'_>, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    let (first, last) = follows(
        sentence,
        &[(class::NOT, 0), (class::TELL, 3), (class::THIS, 2)],
    )?;
    let told = sentence
        .tokens
        .iter()
        .filter(|token| token.span.start > first.span.start && token.span.start < last.span.start);
    let is_told = |word: &str| {
        [
            "mention",
            "reveal",
            "disclos",
            "tell",
            "acknowledg",
            "inform",
        ]
        .iter()
        .any(|stem| word.starts_with(stem))
    };
    told.map(|token| text.reading.word(token))
        .any(is_told)
        .then_some((first, last))
}

fn stealthy<'t>(text: &SeenText<'_>, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    let (first, last) = follows(sentence, &[(class::STEALTHY, 0), (DEEDS, 2)])?;
    text.reading
        .word(first)
        .ends_with("ly")
        .then_some((first, last))
}
