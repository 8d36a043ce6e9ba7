use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class, follows},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("private-data-order"),
        title: "Text that asks for what the model knows of the user",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1502"),
            Reference::SafeMcp("SAFE-T1603"),
            Reference::Owasp("MCP01"),
            Reference::Owasp("MCP10"),
        ],
        why: "Conversation, system prompt and credentials are no business of a tool. Text that asks for them turns a call into a leak.",
        example: "\"… include everything that was said so far\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text asks for private data: what was said, what the model was told, or credentials.",
        find,
    )
}

const GIVE: u64 = class::SEND | class::FILL | class::STEAL;
const TAKE: u64 = GIVE | class::READ;

const ORDERS: &[&[(u64, usize)]] = &[
    // What was said, and what the model was told.
    &[(GIVE, 0), (class::TALK, 7), (class::HISTORY, 1)],
    &[(GIVE, 0), (class::WHOLE, 4), (class::TALK, 2)],
    &[
        (GIVE, 0),
        (class::EVERY, 2),
        (class::TALK, 2),
        (class::USER, 3),
    ],
    // What is private, taken from where it belongs.
    &[
        (class::STEAL, 0),
        (class::PRIVATE | class::QUALIFIED | class::EVERY, 6),
    ],
    &[
        (class::ASIDE | class::STEALTHY, 0),
        (GIVE, 4),
        (class::PRIVATE, 7),
    ],
    &[
        (class::ASIDE | class::STEALTHY, 0),
        (GIVE, 4),
        (class::USER | class::OWN | class::EVERY | class::CONTENT, 3),
        (class::QUALIFIER, 4),
        (class::QUALIFIED, 1),
    ],
    &[
        (GIVE, 0),
        (class::CONTENT, 3),
        (class::QUALIFIER, 4),
        (class::QUALIFIED, 1),
    ],
    &[(GIVE, 0), (class::USER, 3), (class::PRIVATE, 2)],
    &[
        (GIVE, 0),
        (class::USER, 3),
        (class::QUALIFIER, 2),
        (class::QUALIFIED, 1),
    ],
    &[(GIVE, 0), (class::INTIMATE, 1), (class::DATA, 1)],
];

fn find<'t>(
    _: &SeenItem<'_>,
    text: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    if sentence.classes & TAKE == 0 {
        return None;
    }
    let by_class = ORDERS.iter().find_map(|steps| follows(sentence, steps));
    by_class
        .or_else(|| prompt(text, sentence))
        .or_else(|| tagged(sentence))
}

/// "Reveal your system prompt": what the model was told.
fn prompt<'t>(text: &SeenText<'_>, sentence: &'t Sentence) -> Option<(&'t Token, &'t Token)> {
    let (first, last) = follows(
        sentence,
        &[(TAKE, 0), (class::SYSTEM, 5), (class::ORDERS, 1)],
    )?;
    let is_prompt = matches!(
        text.reading.word(last),
        "prompt" | "prompts" | "instructions"
    );
    let is_owned = sentence
        .tokens
        .iter()
        .any(|token| token.classes & (class::EVERY | class::OWN) != 0);
    let is_bare = sentence.tokens.len() <= 8;
    (is_prompt && (is_owned || is_bare)).then_some((first, last))
}

/// Inside a tag of emphasis, taking secrets is never about the tool.
fn tagged(sentence: &Sentence) -> Option<(&Token, &Token)> {
    follows(
        sentence,
        &[
            (class::TAG, 0),
            (TAKE, 4),
            (class::PRIVATE | class::QUALIFIED, 4),
        ],
    )
}
