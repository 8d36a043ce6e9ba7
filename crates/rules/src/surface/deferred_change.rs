use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("deferred-change"),
        title: "Text that speaks of its own approval",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1201"),
            Reference::Owasp("MCP03"),
        ],
        why: "The text says what the tool will do once it was approved. What is approved is then not what runs.",
        example: "\"… once this was approved, it runs …\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text says that the tool does harm once it was approved.",
        find,
    )
}

fn find<'t>(
    _: &SeenItem<'_>,
    text: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    const HARM: u64 =
        class::STEAL | class::SHELL | class::PRIVATE | class::SECRET_PATH | class::QUALIFIED;
    let has = |class: u64| sentence.classes & class != 0;
    let is_meant =
        has(class::APPROVAL) && has(HARM) && has(class::LATER | class::RUN | class::REPLACE);
    let approval = sentence.tokens.iter().find(|token| {
        let word = text.reading.word(token);
        word.starts_with("approv") && token.classes & class::APPROVAL != 0
    })?;
    let is_timed = has(class::WHEN | class::LATER);
    (is_meant && is_timed).then(|| (approval, sentence.tokens.last().unwrap_or(approval)))
}
