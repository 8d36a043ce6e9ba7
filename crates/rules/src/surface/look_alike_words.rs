use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    disguise::look_alike,
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("look-alike-words"),
        title: "Words with letters that only look Latin",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-1007"),
        ],
        why: "Letters of another script stand inside Latin words. Nobody writes so but to pass a filter.",
        example: "\"Ign\\u043ere …\"",
        remedy: "Read the text. Approve the server only if you would tell the model the same.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts().filter(|(_, text)| !text.is_name()) {
        // Letters for sums and products stand alone or with a sign: only a word of letters counts.
        let words = text.text.text.split(|letter: char| !letter.is_alphabetic());
        let found = words
            .filter(|word| word.chars().filter(char::is_ascii_alphabetic).count() >= 3)
            .find_map(|word| Some((word, look_alike(word)?)));
        if let Some((word, (letter, latin))) = found {
            let at = text.text.text.find(word).unwrap_or_default();
            let code = u32::from(letter);
            let message = format!("U+{code:04X} stands in a Latin word and looks like `{latin}`.");
            hits.push(text.hit(item, at..at + word.len(), message));
        }
    }
    hits
}
