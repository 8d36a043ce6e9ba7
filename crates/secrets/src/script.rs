//! Command lines inside a value: `npx mcp-remote … --header "Authorization: Bearer …"`.

use std::ops::Range;

use crate::{
    classify::Place,
    look::{Look, Part},
    name::{NameEvidence, name_evidence},
    reference::is_reference,
};

/// Flags whose value is a header: `Name: value`.
pub(crate) const HEADER_FLAGS: [&str; 5] = [
    "--header",
    "-H",
    "--headers",
    "--http-header",
    "--add-header",
];

/// Flags whose value is `NAME=value`.
pub(crate) const VARIABLE_FLAGS: [&str; 6] = [
    "-e",
    "--env",
    "--build-arg",
    "--set",
    "--secret",
    "--variable",
];

/// Flags whose value is `user:password`.
pub(crate) const USER_FLAGS: [&str; 6] = [
    "-u",
    "--user",
    "--proxy-user",
    "-U",
    "--basic-auth",
    "--login",
];

/// Looks through the words of a command line, each in its context. `true` where a word has one.
pub(crate) fn through(look: &mut Look, place: Place<'_>, part: Part<'_>) -> bool {
    if !part.text.contains(char::is_whitespace) {
        return false;
    }
    // A value under a credential's name is one value, whatever blanks it holds.
    let is_named = matches!(
        name_evidence(place.name()),
        NameEvidence::Secret | NameEvidence::Password | NameEvidence::SeedPhrase
    );
    let has_flags =
        part.text.starts_with("--") || part.text.contains(" --") || part.text.contains(" -H ");
    if is_named && !has_flags {
        return false;
    }
    let mut previous: Option<&str> = None;
    let mut is_command_line = false;
    for span in words(part.text) {
        let word = part.slice(span);
        is_command_line |= argument(look, previous, word);
        previous = Some(word.text);
    }
    is_command_line
}

/// Looks through a single `NAME=value` or `--name=value` whose name speaks of credentials.
pub(crate) fn single(look: &mut Look, part: Part<'_>) -> bool {
    let is_one = !part.text.contains(char::is_whitespace)
        && named(part.text).is_some_and(|(name, _)| {
            matches!(
                name_evidence(name),
                NameEvidence::Secret | NameEvidence::Password
            )
        });
    is_one && pair(look, part)
}

/// Looks through one argument, with the one before it. `true` where its context says what it is.
pub(crate) fn argument(look: &mut Look, previous: Option<&str>, word: Part<'_>) -> bool {
    let text = word.text;
    if let Some(flag) =
        previous.filter(|previous| previous.starts_with('-') && !previous.contains('='))
    {
        if HEADER_FLAGS.contains(&flag) && header(look, word) {
            return true;
        }
        if USER_FLAGS.contains(&flag)
            && let Some((user, _)) = user_and_password(text)
        {
            look.through(
                Place::Flag("--password"),
                word.slice(user.len() + 1..text.len()),
            );
            return true;
        }
        if VARIABLE_FLAGS.contains(&flag) && pair(look, word) {
            return true;
        }
        let evidence = name_evidence(flag);
        if !text.starts_with('-')
            && !matches!(evidence, NameEvidence::Silent)
            && !text.contains(char::is_whitespace)
        {
            look.through(Place::Flag(flag), word);
            return true;
        }
    }
    // `TOKEN=… npx server`: a command line of its own.
    let is_line = !text.starts_with('-') && text.contains(char::is_whitespace);
    if !is_line && pair(look, word) {
        return true;
    }
    look.through(Place::Positional, word);
    false
}

/// `user:password`, and nothing else with a colon in it.
pub(crate) fn user_and_password(text: &str) -> Option<(&str, &str)> {
    let (user, password) = text.split_once(':')?;
    let is_other =
        password.starts_with("//") || user.contains(['=', ' ', '{']) || is_reference(text);
    (!is_other).then_some((user, password))
}

/// `Name: value`
fn header(look: &mut Look, word: Part<'_>) -> bool {
    let is_document = word.text.trim_start().starts_with('{');
    let Some((name, value)) = word.text.split_once(':').filter(|_| !is_document) else {
        return false;
    };
    let start = word.text.len() - value.len();
    look.through(
        Place::Header(name.trim()),
        word.slice(start..word.text.len()),
    );
    true
}

/// `--name=value` or `NAME=value`
fn pair(look: &mut Look, word: Part<'_>) -> bool {
    let Some((name, value)) = named(word.text) else {
        return false;
    };
    let start = word.text.len() - value.len();
    let mut range = start..word.text.len();
    let is_quoted = value.len() >= 2
        && (value.starts_with('"') && value.ends_with('"')
            || value.starts_with('\'') && value.ends_with('\''));
    if is_quoted {
        range = start + 1..word.text.len() - 1;
    }
    let inner = word.slice(range);
    if HEADER_FLAGS.contains(&name) && header(look, inner) {
        return true;
    }
    if VARIABLE_FLAGS.contains(&name) && pair(look, inner) {
        return true;
    }
    let place = if name.starts_with('-') {
        Place::Flag(name)
    } else {
        Place::Variable(name)
    };
    look.through(place, inner);
    true
}

/// Splits `--name=value` or `NAME=value` into the name with its hyphens and the value; `None` where the
/// text is neither.
pub(crate) fn named(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    // `//registry.npmjs.org/:_authToken=…`
    let name = match name.strip_prefix("//") {
        Some(rest) => rest.rsplit(':').next().unwrap_or(rest),
        None => name,
    };
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    // Base64 ends in `=`.
    let is_base64 = !value.is_empty() && value.bytes().all(|byte| byte == b'=');
    (is_name && !is_base64).then_some((name, value))
}

/// Splits a command line into words: at blanks and signs of the shell, quoted text whole.
pub(crate) fn words(text: &str) -> Vec<Range<usize>> {
    let is_between =
        |character: char| character.is_whitespace() || matches!(character, '`' | ';' | '(' | ')');
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some(start) = text[at..]
            .find(|character| !is_between(character))
            .map(|found| at + found)
        else {
            break;
        };
        let first = text[start..].chars().next().unwrap_or(' ');
        if matches!(first, '"' | '\'') {
            let inner = start + 1;
            // A quote that never closes is a sign of its own.
            if let Some(length) = text[inner..].find(first) {
                found.push(inner..inner + length);
                at = inner + length + 1;
                continue;
            }
            at = inner;
            continue;
        }
        let mut end = start;
        let mut quote = None;
        for (offset, character) in text[start..].char_indices() {
            match quote {
                Some(open) if character == open => quote = None,
                Some(_) => {}
                None if matches!(character, '"' | '\'')
                    && text[start + offset + 1..].contains(character) =>
                {
                    quote = Some(character);
                }
                None if is_between(character) => break,
                None => {}
            }
            end = start + offset + character.len_utf8();
        }
        found.push(start..end);
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn splits_as_a_shell_does() {
        let text = r#"A=b curl -H "X: y z" 'q r' --k="v w"; x (y) don't"#;
        let found: Vec<&str> = words(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(
            found,
            [
                "A=b",
                "curl",
                "-H",
                "X: y z",
                "q r",
                "--k=\"v w\"",
                "x",
                "y",
                "don't"
            ]
        );
    }
}
