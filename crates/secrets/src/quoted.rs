//! JSON inside a value: its strings, each under its key.

use std::ops::Range;

use crate::{
    classify::Place,
    look::{Look, Part},
};

/// Returns whether a text is JSON, or what a command line made of it: its quotes escaped, or single.
pub(crate) fn is_document(text: &str) -> bool {
    let inner = text.trim_start_matches(['"', '\'', '\\']);
    let is_opened = inner.starts_with('{') && inner.contains(':') || inner.starts_with('[');
    is_opened && inner.contains(['"', '\''])
}

/// Looks through every string of a document, under its key.
pub(crate) fn through(look: &mut Look, place: Place<'_>, part: Part<'_>) {
    let mut name: Option<String> = None;
    let is_jwk = part.text.contains("\"kty\"");
    for string in strings(part.text) {
        let inner = part.slice(string.span.clone());
        if string.is_key {
            name = Some(inner.text.trim_matches('\\').to_owned());
            continue;
        }
        let place = match name.as_deref() {
            // A JSON web key's private parts have names of one letter.
            Some("d" | "k" | "p" | "q" | "dp" | "dq" | "qi") if is_jwk => {
                Place::Member("private_key")
            }
            Some(name) => Place::Member(name),
            None => place,
        };
        look.through(place, inner);
    }
}

/// A string of a document: its bytes without quotes, and whether it is a key.
pub(crate) struct Text {
    pub(crate) span: Range<usize>,
    pub(crate) is_key: bool,
}

/// Returns the strings of a document, in order. Never fails on odd text.
pub(crate) fn strings(text: &str) -> Vec<Text> {
    let quote = if text.contains('"') { '"' } else { '\'' };
    let mut found = Vec::new();
    // The whole may itself stand in quotes, with its own escaped: begin inside.
    let mut at = text.find(['{', '[']).unwrap_or(0);
    while let Some(start) = text[at..].find(quote).map(|found| at + found + 1) {
        let is_escaped = text[..start - 1].ends_with('\\');
        let end = string_end(text, start, quote, is_escaped);
        let is_key = text[end..]
            .trim_start_matches(['\\', quote, ' ', '\t', '\n', '\r'])
            .starts_with(':');
        let body = &text[start..end];
        // The backslash before a closing quote belongs to the quote.
        let body = if is_escaped {
            body.trim_end_matches('\\')
        } else {
            body
        };
        found.push(Text {
            span: start..start + body.len(),
            is_key,
        });
        at = end;
        if text[at..].starts_with(quote) {
            at += 1;
        }
    }
    found
}

/// Returns where the string that starts at `start` ends (at its quote, or the text's end).
fn string_end(text: &str, start: usize, quote: char, is_escaped: bool) -> usize {
    let bytes = text.as_bytes();
    let quote = u8::try_from(quote).unwrap_or(b'"');
    let mut at = start;
    while at < bytes.len() && bytes[at] != quote {
        let is_pair = bytes[at] == b'\\' && !(is_escaped && bytes.get(at + 1) == Some(&quote));
        at += if is_pair { 2 } else { 1 };
    }
    let mut end = at.min(bytes.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::{is_document, strings};

    fn check(text: &str, expect: &[(&str, bool)]) {
        let found: Vec<_> = strings(text)
            .into_iter()
            .map(|string| (text[string.span].to_owned(), string.is_key))
            .collect();
        let expect: Vec<_> = expect
            .iter()
            .map(|(text, is_key)| ((*text).to_owned(), *is_key))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn finds_strings_and_keys() {
        check(
            r#"{"a": "b", "c": ["d"]}"#,
            &[("a", true), ("b", false), ("c", true), ("d", false)],
        );
        check(r#"{"a": "x\"y"}"#, &[("a", true), (r#"x\"y"#, false)]);
        check(
            r#""{\"a\": \"b\"}""#,
            &[("a", true), ("b", false), ("", false)],
        );
        check("{'a': 'b'}", &[("a", true), ("b", false)]);
        check(
            r#"{"a": "unfinished"#,
            &[("a", true), ("unfinished", false)],
        );
    }

    #[test]
    fn knows_documents() {
        assert!(is_document(r#"{"a": 1}"#));
        assert!(is_document(r#""{\"a\": 1}""#));
        assert!(is_document(r#"["a"]"#));
        for text in ["{api_key}", "[x]", "curl -H \"a: b\" http://x", "{}"] {
            assert!(!is_document(text), "{text}");
        }
    }
}
