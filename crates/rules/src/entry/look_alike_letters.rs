use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    disguise::look_alike,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("look-alike-letters"),
        title: "Letters that only look Latin",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-1007"),
        ],
        why: "A letter of another script stands inside a Latin word and looks like a Latin one. The word names \
              something other than what is read.",
        example: "\"command\": \"npx\", \"args\": [\"g\\u0456thub-mcp@1.0.0\"]",
        remedy: "Type the word anew, and compare what then starts.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let name = std::iter::once(look.entry.name.as_str());
    let texts = name.chain(look.shown_tokens()).chain(look.shown_address());
    texts
        .filter_map(|text| Some((text, look_alike(text)?)))
        .map(|(text, (letter, latin))| {
            let message = format!(
                "U+{:04X} stands in a Latin word and looks like `{latin}`.",
                u32::from(letter)
            );
            look.hit_at(text, message)
        })
        .collect()
}
