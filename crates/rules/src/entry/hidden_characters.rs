use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    disguise::{Unseen, unseen},
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("hidden-characters"),
        title: "Characters that are not seen",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "A character without a shape, or one that turns the direction of text, makes an entry read as \
              something other than what is started.",
        example: "\"command\": \"npx\", \"args\": [\"serv\\u200ber@1.0.0\"]",
        remedy: "Remove the entry unless you wrote it; else type the text anew.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let name = std::iter::once(("the name", look.entry.name.as_str()));
    let tokens = look
        .shown_tokens()
        .into_iter()
        .map(|token| ("an argument", token));
    let address = look.shown_address().map(|address| ("the address", address));
    let variables = look
        .entry
        .environment
        .iter()
        .map(|setting| ("a variable's name", setting.name.as_str()));
    name.chain(tokens)
        .chain(address)
        .chain(variables)
        .filter_map(|(holder, text)| Some((holder, text, unseen(text)?)))
        .map(|(holder, text, found)| {
            let (message, severity) = match found {
                Unseen::Mark(mark) => (
                    format!(
                        "U+{:04X}, which is not seen, stands in {holder}.",
                        u32::from(mark)
                    ),
                    Severity::High,
                ),
                Unseen::Blank(mark) => (
                    format!(
                        "U+{:04X}, an unusual blank, stands in {holder}.",
                        u32::from(mark)
                    ),
                    Severity::Low,
                ),
                Unseen::Run(count) => (
                    format!("{count} blanks in a row stand in {holder}, and text after them."),
                    Severity::Medium,
                ),
            };
            look.hit_at(text, message).severity(severity)
        })
        .collect()
}
