use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("far-text"),
        title: "Text far behind blanks",
        group: Group::Surface,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-451"),
        ],
        why: "Many blanks or empty lines push text out of sight where a person approves it. The model reads it all the same.",
        example: "\"Adds two numbers.<400 blanks>…\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

/// Fewer blanks on one line are an indentation or a table.
const BLANKS_MIN: usize = 64;

/// Fewer empty lines are a layout.
const LINES_MIN: usize = 12;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let Some((span, lines)) = gap(text.text.text) else {
            continue;
        };
        let count = text.text.text[span.clone()].chars().count();
        let message = if lines >= LINES_MIN {
            format!("{lines} line breaks stand in a row, and text after them.")
        } else {
            format!("{count} blanks stand in a row, and text after them.")
        };
        hits.push(text.hit(item, span, message));
    }
    hits
}

/// Finds blanks that push text out of sight, and how many of them are line breaks.
fn gap(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    // Marks without a shape between blanks widen the gap.
    let is_blank = |character: char| {
        character.is_whitespace()
            || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2800}' | '\u{3164}')
    };
    let mut start = None;
    let mut longest_line = 0;
    let mut line = 0;
    let mut lines = 0;
    for (at, character) in text.char_indices() {
        if is_blank(character) {
            start = start.or(Some(at));
            line += 1;
            longest_line = longest_line.max(line);
            if character == '\n' {
                lines += 1;
                line = 0;
            }
            continue;
        }
        if let Some(start) = start.take().filter(|start| *start > 0)
            && (longest_line >= BLANKS_MIN || lines >= LINES_MIN)
        {
            return Some((start..at, lines));
        }
        (line, longest_line, lines) = (0, 0, 0);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::gap;

    #[test]
    fn sees_gaps_and_leaves_layout() {
        assert_eq!(gap(&format!("a{}b", " ".repeat(64))), Some((1..65, 0)));
        assert_eq!(gap(&format!("a{}b", "\n".repeat(12))), Some((1..13, 12)));
        for text in [
            format!("a{}b", " ".repeat(40)),
            format!("a{}", "\n".repeat(300)),
            "a\n\n\n    b".to_owned(),
        ] {
            assert_eq!(gap(&text), None);
        }
    }
}
