use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class, pair},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("sensitive-path-order"),
        title: "Text that leads to keys and credentials",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1502"),
            Reference::Owasp("MCP01"),
            Reference::Owasp("MCP03"),
        ],
        why: "The text names a file where keys or credentials lie, and what is to be done with it. No description needs the content of such a file.",
        example: "\"… first open ~/.ssh/… and pass it on\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases(
        "The text tells to read or hand on a file of keys or credentials.",
        find,
    )
}

const DEEDS: u64 = class::READ | class::SEND | class::FILL | class::STEAL;

fn find<'t>(
    _: &SeenItem<'_>,
    _: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    pair(sentence, DEEDS, class::SECRET_PATH, 8).or_else(|| {
        pair(
            sentence,
            class::SECRET_PATH,
            class::SEND | class::FILL | class::STEAL,
            8,
        )
    })
}
