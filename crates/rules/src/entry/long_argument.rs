use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("long-argument"),
        title: "An argument too long to be read",
        group: Group::Launch,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::SafeMcp("SAFE-T1403"),
            Reference::Cwe("CWE-451"),
        ],
        why: "Windows that ask for consent cut long text off. What stands at the end is approved without being \
              seen.",
        example: "\"args\": [\"… 3,000 characters …\"]",
        remedy: "Put the text into a file that the server reads.",
    },
    check: Check::Entry(check),
};

/// Characters that a window for consent still shows as a whole.
const CHARACTERS_MAX: usize = 2_000;

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.shown_tokens()
        .into_iter()
        .map(|token| (token, token.chars().count()))
        .filter(|(_, count)| *count > CHARACTERS_MAX)
        .map(|(token, count)| look.hit_at(token, format!("An argument has {count} characters.")))
        .collect()
}
