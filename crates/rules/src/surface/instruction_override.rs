use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Reading, Sentence, Token, class, follows},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("instruction-override"),
        title: "Text that sets aside what the model was told",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1102"),
            Reference::Owasp("MCP03"),
            Reference::Owasp("MCP06"),
        ],
        why: "A description that tells the model to ignore its instructions or its safety rules speaks to the model, not of the tool.",
        example: "\"… disregard earlier guidelines and …\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text tells the model to set aside what it was told.",
        find,
    )
}

/// Orders to set something aside, from the most telling on.
const ORDERS: &[&[(u64, usize)]] = &[
    &[
        (class::IGNORE, 0),
        (
            class::PRIOR | class::EVERY | class::SAFETY | class::SYSTEM,
            4,
        ),
        (class::ORDERS, 4),
    ],
    &[
        (class::IGNORE, 0),
        (class::SAFETY, 4),
        (class::ORDERS_ALIKE, 2),
    ],
    &[
        (class::IGNORE, 0),
        (class::USER, 3),
        (class::ORDERS_ALIKE, 3),
    ],
    &[(class::OBEY, 0), (class::NEW, 4), (class::ORDERS, 3)],
    &[(class::OBEY, 0), (class::ORDERS_ALIKE, 4), (class::NEW, 3)],
    &[
        (class::NOT, 0),
        (class::SAFETY, 3),
        (class::ORDERS_ALIKE, 2),
    ],
    &[
        (class::NEW, 0),
        (class::SYSTEM, 2),
        (class::ORDERS_ALIKE | class::ORDERS, 2),
    ],
];

/// Words that set aside by themselves what stands before them.
const SIGNS: [&str; 12] = [
    "you are now",
    "developer mode",
    "do anything now",
    "do what i say",
    "do whatever you want",
    "whatever i say",
    "hidden instruction",
    "hidden directive",
    "secret instruction",
    "from now on",
    "override everything",
    "jailbreak mode",
];

fn find<'t>(
    _: &SeenItem<'_>,
    text: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    phrase(&text.reading, sentence)
}

/// Returns whether a sentence sets aside what a model was told.
pub(crate) fn speaks(reading: &Reading, sentence: &Sentence) -> bool {
    phrase(reading, sentence).is_some()
}

fn phrase<'t>(reading: &Reading, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    let by_class = ORDERS.iter().find_map(|steps| follows(sentence, steps));
    by_class
        .or_else(|| above(reading, sentence))
        .or_else(|| sign(reading, sentence))
}

/// "Ignore the above", "disregard all previous": nothing else is meant by it.
fn above<'t>(reading: &Reading, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    let (first, last) = follows(sentence, &[(class::IGNORE, 0), (class::PRIOR, 2)])?;
    let is_imperative = matches!(reading.word(first), "ignore" | "disregard" | "forget");
    let is_above = matches!(
        reading.word(last),
        "above" | "previous" | "prior" | "earlier" | "preceding"
    );
    (is_imperative && is_above).then_some((first, last))
}

fn sign<'t>(reading: &Reading, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    if sentence.tokens.len() < 2 {
        return None;
    }
    let (first, last) = (sentence.tokens.first()?, sentence.tokens.last()?);
    let whole = &reading.folded.text()[first.span.start..last.span.end];
    let at = SIGNS.iter().find_map(|sign| whole.find(sign))? + first.span.start;
    let first = sentence.tokens.iter().find(|token| token.span.end > at)?;
    Some((first, last))
}
