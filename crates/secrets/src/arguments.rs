//! Command lines: what of each token may be shown.

use std::borrow::Cow;

use countersign_model::{Argument, Nature, SecretText};

use crate::{
    address,
    classify::{Place, classify},
    innocent::{is_placeholder, is_reference},
    name::{NameEvidence, name_evidence},
};

/// Returns the mark that stands for hidden text: `<hidden:LENGTH>`, the length in characters.
pub fn hidden(text: &str) -> String {
    format!("<hidden:{}>", text.chars().count())
}

/// Shortest text that holds a credential with a shape of its own.
const SHAPED_MIN: usize = 12;

/// Credentials that are hidden one by one in a text that is shown otherwise.
const IN_TEXT_MAX: usize = 16;

/// Returns a text that is shown whatever it says (a name of a server, a variable, a header or a key; a
/// message) with what has the shape of a credential hidden. Texts that differ may be shown alike.
pub fn shown_text(text: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(text);
    for _ in 0..IN_TEXT_MAX {
        if shown.len() < SHAPED_MIN {
            return shown;
        }
        let Nature::Credential(found) = classify(Place::Positional, &shown) else {
            return shown;
        };
        let mark = hidden(&shown[found.span.clone()]);
        shown.to_mut().replace_range(found.span, &mark);
    }
    Cow::Owned(hidden(text))
}

/// Flags whose value is a header: `Name: value`.
const HEADER_FLAGS: [&str; 4] = ["--header", "-H", "--headers", "--http-header"];

/// Flags whose value is `NAME=value`.
const VARIABLE_FLAGS: [&str; 6] = [
    "-e",
    "--env",
    "--build-arg",
    "--set",
    "--secret",
    "--variable",
];

/// Judges every token of a command line in its context, the program first.
pub fn arguments(tokens: &[String]) -> Vec<Argument> {
    let mut previous: Option<&str> = None;
    tokens
        .iter()
        .map(|token| {
            let argument = argument(previous, token);
            previous = Some(token);
            argument
        })
        .collect()
}

fn argument(previous: Option<&str>, token: &str) -> Argument {
    let (shown, nature) = judge(previous, token);
    Argument::new(SecretText::new(token.to_owned()), shown, nature)
}

fn judge(previous: Option<&str>, token: &str) -> (String, Nature) {
    if token.is_empty() {
        return (String::new(), Nature::Empty);
    }
    if let Some(flag) =
        previous.filter(|previous| previous.starts_with('-') && !previous.contains('='))
    {
        if HEADER_FLAGS.contains(&flag) {
            return header(token);
        }
        if VARIABLE_FLAGS.contains(&flag)
            && let Some(judged) = pair(token)
        {
            return judged;
        }
        if !token.starts_with('-') && name_evidence(flag) != NameEvidence::Silent {
            return named(flag, token);
        }
    }
    if let Some(judged) = pair(token) {
        return judged;
    }
    if token.contains('"') && token.contains(':') {
        return embedded(token);
    }
    let judged = positional(token);
    match script(token) {
        // What only the whole token tells is hidden in what the words left.
        Some((shown, _)) if judged.1.hides() => (positional(&shown).0, judged.1),
        Some(script) => script,
        None => judged,
    }
}

/// A command line in one token, as after `sh -c`: each word in its context. `None` where no word
/// has to be hidden.
fn script(token: &str) -> Option<(String, Nature)> {
    let mut shown = String::with_capacity(token.len());
    let mut nature = None;
    let mut previous: Option<&str> = None;
    let mut at = 0;
    let is_between = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | ';' | '(' | ')')
    };
    if !token.contains(char::is_whitespace) {
        return None;
    }
    while at < token.len() {
        let start = token[at..]
            .find(|character| !is_between(character))
            .map_or(token.len(), |found| at + found);
        let end = token[start..]
            .find(is_between)
            .map_or(token.len(), |found| start + found);
        shown.push_str(&token[at..start]);
        if start < end {
            let word = &token[start..end];
            let (word_shown, found) = judge(previous, word);
            shown.push_str(&word_shown);
            previous = Some(word);
            let is_stronger = match (&nature, &found) {
                (None, found) => found.hides(),
                (Some(Nature::Guarded), Nature::Credential(_)) => true,
                _ => false,
            };
            if is_stronger {
                nature = Some(offset(found, start));
            }
        }
        at = end;
    }
    nature.map(|nature| (shown, nature))
}

/// A value under a flag whose name speaks of credentials.
fn named(flag: &str, value: &str) -> (String, Nature) {
    let nature = classify(Place::Flag(flag), value);
    let is_open = name_evidence(flag) == NameEvidence::Open;
    let is_spoken_for = matches!(
        nature,
        Nature::Reference | Nature::Placeholder | Nature::Empty
    );
    if is_spoken_for || is_open && !nature.hides() {
        return (shown_plain(value), nature);
    }
    let nature = if nature.hides() {
        nature
    } else {
        Nature::Guarded
    };
    (hidden(value), nature)
}

/// `Name: value`, the value always hidden unless it is a reference or placeholder.
fn header(token: &str) -> (String, Nature) {
    let Some((name, value)) = token.split_once(':') else {
        return positional(token);
    };
    let lead = value.len() - value.trim_start().len();
    let value_start = name.len() + 1 + lead;
    let body = &token[value_start..];
    let nature = offset(classify(Place::Header(name.trim()), body), value_start);
    if matches!(
        nature,
        Nature::Reference | Nature::Placeholder | Nature::Empty
    ) {
        let rest = &token[name.len()..];
        return (format!("{}{rest}", shown_text(name)), nature);
    }
    let nature = if nature.hides() {
        nature
    } else {
        Nature::Guarded
    };
    let lead = &token[name.len()..value_start];
    (
        format!("{}{lead}{}", shown_text(name), hidden(body)),
        nature,
    )
}

/// `--name=value` or `NAME=value`; `None` where the token is neither.
fn pair(token: &str) -> Option<(String, Nature)> {
    let (name, value) = token.split_once('=')?;
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !is_name {
        return None;
    }
    let (shown, nature) = if name_evidence(name) == NameEvidence::Silent {
        judge(None, value)
    } else {
        named(name, value)
    };
    Some((
        format!("{}={shown}", shown_text(name)),
        offset(nature, name.len() + 1),
    ))
}

/// JSON in an argument: string values under a credential's name, or of a credential's shape.
fn embedded(token: &str) -> (String, Nature) {
    let mut shown = String::with_capacity(token.len());
    let mut nature = Nature::Plain;
    let mut name = String::new();
    // JSON may itself stand in quotes, with its own quotes escaped: begin inside.
    let mut at = token.find('{').unwrap_or(0);
    shown.push_str(&token[..at]);
    while let Some(quote) = token[at..].find('"').map(|found| at + found) {
        let start = quote + 1;
        let end = string_end(token, start);
        shown.push_str(&token[at..start]);
        let text = &token[start..end];
        let is_key = token[end..]
            .trim_start_matches(['"', ' ', '\t', '\n', '\r', '\\'])
            .starts_with(':');
        if is_key {
            name = text.trim_end_matches('\\').to_owned();
            shown.push_str(&shown_text(text));
        } else {
            let place = if name.is_empty() {
                Place::Positional
            } else {
                Place::Member(&name)
            };
            let found = offset(classify(place, text.trim_end_matches('\\')), start);
            if found.hides() {
                shown.push_str(&hidden(text));
                if !matches!(nature, Nature::Credential(_)) {
                    nature = found;
                }
            } else {
                shown.push_str(&shown_plain(text));
            }
        }
        at = end;
        if token[at..].starts_with('"') {
            shown.push('"');
            at += 1;
        }
    }
    shown.push_str(&token[at..]);
    (shown, nature)
}

/// Returns where the JSON string that starts at `start` ends (at its quote, or the text's end).
fn string_end(token: &str, start: usize) -> usize {
    let bytes = token.as_bytes();
    let mut at = start;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' && bytes.get(at + 1) != Some(&b'"') {
            2
        } else {
            1
        };
    }
    let mut end = at.min(bytes.len());
    while !token.is_char_boundary(end) {
        end += 1;
    }
    end
}

fn positional(token: &str) -> (String, Nature) {
    let nature = classify(Place::Positional, token);
    if token.contains("://") {
        return (shown_around_address(token), nature);
    }
    let shown = match &nature {
        Nature::Credential(found) => format!(
            "{}{}{}",
            &token[..found.span.start],
            hidden(&token[found.span.clone()]),
            &token[found.span.end..]
        ),
        Nature::Guarded => hidden(token),
        Nature::Empty | Nature::Reference | Nature::Placeholder | Nature::Plain => token.to_owned(),
    };
    (shown, nature)
}

/// Masks each address inside a token: text before it stays.
fn shown_around_address(token: &str) -> String {
    let scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let mut out = String::new();
    let mut rest = token;
    while let Some(mark) = rest.find("://") {
        let start = rest[..mark]
            .bytes()
            .rposition(|byte| !scheme(byte))
            .map_or(0, |before| before + 1);
        let end = rest[mark..]
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '"' | '\'' | '`')
            })
            .map_or(rest.len(), |length| mark + length);
        // The scheme may follow a character of several bytes.
        let start = (start..=mark)
            .find(|at| rest.is_char_boundary(*at))
            .unwrap_or(mark);
        out.push_str(&shown_words(&rest[..start]));
        out.push_str(&address::shown(&rest[start..end]));
        rest = &rest[end..];
    }
    out.push_str(&shown_words(rest));
    out
}

/// Text around an address may hold credentials of its own.
fn shown_words(text: &str) -> String {
    match classify(Place::Positional, text) {
        nature if nature.hides() => hidden(text),
        _ => text.to_owned(),
    }
}

fn shown_plain(value: &str) -> String {
    if value.contains("://") && !is_reference(value) && !is_placeholder(value) {
        shown_around_address(value)
    } else {
        value.to_owned()
    }
}

fn offset(nature: Nature, by: usize) -> Nature {
    match nature {
        Nature::Credential(mut found) => {
            found.span = found.span.start + by..found.span.end + by;
            Nature::Credential(found)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Nature;

    use super::arguments;

    #[test]
    fn every_credential_inside_a_script_is_hidden() {
        let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
        let line = format!("npx notes-mcp --token {token} --password=Vq7hHskvGisF");
        let judged = &arguments(&[line])[0];
        let shown = "npx notes-mcp --token <hidden:40> --password=<hidden:12>";
        assert_eq!(judged.shown(), shown);
    }

    #[test]
    fn a_credential_inside_a_script_is_found_and_only_it_is_hidden() {
        let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
        let check = |line: &str, shown: &str| {
            let line = line.replace("TOKEN_HERE", &token);
            let judged = &arguments(std::slice::from_ref(&line))[0];
            let Nature::Credential(found) = judged.nature() else {
                panic!("{line}: {:?}", judged.nature());
            };
            assert_eq!(&line[found.span.clone()], token, "{line}");
            assert_eq!(judged.shown(), shown);
        };
        check(
            "npx -y probe --api-key=TOKEN_HERE --port 80",
            "npx -y probe --api-key=<hidden:40> --port 80",
        );
        check(
            "npx probe --token 'TOKEN_HERE'",
            "npx probe --token '<hidden:40>'",
        );
        check(
            "export A=TOKEN_HERE; exec probe",
            "export A=<hidden:40>; exec probe",
        );
        check(
            "curl -H \"X-Key: TOKEN_HERE\" http://x.example",
            "curl -H \"<hidden:47>\" http://x.example",
        );
    }

    #[test]
    fn a_script_without_a_credential_is_shown_as_it_is() {
        for line in [
            "cd /srv && npx -y probe --token \"$TOKEN\"",
            "npx mcp-remote https://x.example/mcp --header Authorization:${AUTH}",
            "Answer every question about passwords and tokens politely",
            "source .env && exec node server.js --port 3000",
        ] {
            let judged = &arguments(&[line.to_owned()])[0];
            assert!(!judged.nature().hides(), "{line}: {:?}", judged.nature());
            assert_eq!(judged.shown(), line);
        }
    }
}
