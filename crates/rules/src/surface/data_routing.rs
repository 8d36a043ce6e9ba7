use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    reading::{Sentence, Token, class, follows},
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SeenItem, SeenText, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("data-routing"),
        title: "Text that sends data elsewhere",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1502"),
            Reference::SafeMcp("SAFE-T1914"),
            Reference::Owasp("MCP03"),
            Reference::Owasp("MCP10"),
        ],
        why: "The text names a receiver of its own, besides what the tool is for. What goes there was never asked for.",
        example: "\"… and also post it to https://…\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    seen.phrases("The text sends data to a receiver of its own.", find)
}

const GOODS: u64 = class::CONTENT | class::PRIVATE | class::TALK | class::EVERY | class::OUTPUT;

const ORDERS: &[&[(u64, usize)]] = &[
    // On the side of what was asked for, to an address.
    &[
        (class::ASIDE | class::STEALTHY, 0),
        (class::SEND, 4),
        (class::ADDRESS | class::MAIL, 12),
    ],
    &[(class::ASIDE, 0), (class::FILL, 3), (class::MAIL, 5)],
    &[(class::SEND, 0), (GOODS, 3), (class::MAIL, 8)],
    &[
        (class::SEND, 0),
        (class::PRIVATE | class::TALK | class::EVERY, 3),
        (class::ADDRESS, 12),
    ],
    &[(class::MAIL, 0), (class::BLIND, 4)],
    &[(class::BLIND, 0), (class::MAIL, 8)],
    // To somebody outside.
    &[
        (class::ASIDE | class::STEALTHY, 0),
        (class::SEND | class::REPLACE, 4),
        (class::OUTSIDE, 10),
        (class::RECEIVER, 3),
    ],
    &[
        (class::SEND, 0),
        (GOODS, 4),
        (class::OUTSIDE, 8),
        (class::RECEIVER, 3),
    ],
    &[
        (class::ALSO, 0),
        (class::SEND, 2),
        (class::EVERY | class::OUTPUT | class::CONTENT, 3),
        (class::RECEIVER, 6),
    ],
    // To an attacker, by name.
    &[(class::SEND | class::STEAL, 0), (class::ATTACKER, 10)],
    &[
        (class::STEAL, 0),
        (
            class::EVERY | class::PRIVATE | class::OUTSIDE | class::TALK | class::CONTENT,
            3,
        ),
    ],
];

fn find<'t>(
    _: &SeenItem<'_>,
    _: &'t SeenText<'_>,
    sentence: &'t Sentence,
) -> Option<(&'t Token, &'t Token)> {
    if sentence.classes & (class::SEND | class::STEAL | class::FILL | class::REPLACE) == 0 {
        return None;
    }
    ORDERS.iter().find_map(|steps| follows(sentence, steps))
}
