//! Command lines: which credentials each token holds, and what of it may be shown.

use std::{borrow::Cow, ops::Range};

use countersign_model::{Argument, Credential, Nature, SecretText};

use crate::{
    address,
    classify::{Place, classify, spans, spans_by},
    look::{Part, SHAPED_MIN, range},
    mask::masked,
    name::{NameEvidence, name_evidence},
    quoted,
    reference::is_reference,
    script::{self, HEADER_FLAGS, USER_FLAGS, VARIABLE_FLAGS},
};

/// Returns a text that is shown whatever it says (a name of a server, a variable, a header or a key; a
/// message) with what has the shape of a credential hidden. Texts that differ may be shown alike.
pub fn shown_text(text: &str) -> Cow<'_, str> {
    let ranges = shaped(text);
    if ranges.is_empty() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(masked(text, ranges))
    }
}

fn shaped(text: &str) -> Vec<Range<usize>> {
    // Most names are short, and every key of every document is looked at.
    if text.len() < SHAPED_MIN && !text.contains([':', '=']) {
        return Vec::new();
    }
    spans(Place::Positional, text)
        .into_iter()
        .map(|found| found.span)
        .collect()
}

/// Judges every token of a command line in its context, the program first.
pub fn arguments(tokens: &[String]) -> Vec<Argument> {
    in_context(tokens, argument)
}

/// Finds every credential of every token of a command line, each token in its context: what
/// [`spans`] tells of a single value.
pub fn argument_spans(tokens: &[String]) -> Vec<Vec<Credential>> {
    in_context(tokens, spans_of)
}

fn in_context<T>(tokens: &[String], judge: impl Fn(Option<&str>, &str) -> T) -> Vec<T> {
    let mut previous: Option<&str> = None;
    tokens
        .iter()
        .map(|token| {
            let judged = judge(previous, token);
            previous = Some(token);
            judged
        })
        .collect()
}

fn spans_of(previous: Option<&str>, token: &str) -> Vec<Credential> {
    spans_by(token, &|look, text| {
        script::argument(look, previous, Part::whole(text));
    })
}

fn argument(previous: Option<&str>, token: &str) -> Argument {
    // Most tokens are short, stand after no flag, and hold nothing that could be taken apart.
    let is_after_flag = previous.is_some_and(|previous| previous.starts_with('-'));
    if !is_after_flag
        && token.len() < SHAPED_MIN
        && !token.contains(['=', ':', '@', '"', '{', ' ', '\t', '\n'])
    {
        let nature = classify(Place::Positional, token);
        if !nature.hides() {
            return Argument::new(SecretText::new(token.to_owned()), token.to_owned(), nature);
        }
    }
    let found = spans_of(previous, token);
    let mut hide = Hide::default();
    let nature = hide.argument(previous, Part::whole(token));
    hide.ranges.extend(found.iter().map(|one| one.span.clone()));
    let shown = masked(token, hide.ranges);
    let nature = match found.into_iter().next() {
        Some(first) => Nature::Credential(first),
        None => nature,
    };
    Argument::new(SecretText::new(token.to_owned()), shown, nature)
}

/// Collects what of a token must not be shown besides its credentials: more than is a credential, as
/// what is shown once stays in somebody's log.
#[derive(Default)]
struct Hide {
    ranges: Vec<Range<usize>>,
}

impl Hide {
    /// Hides what must be hidden of a token, and says what the token is if it holds no credential.
    fn argument(&mut self, previous: Option<&str>, part: Part<'_>) -> Nature {
        let text = part.text;
        if text.is_empty() {
            return Nature::Empty;
        }
        if let Some(flag) =
            previous.filter(|previous| previous.starts_with('-') && !previous.contains('='))
        {
            if HEADER_FLAGS.contains(&flag)
                && let Some(nature) = self.header(part)
            {
                return nature;
            }
            if USER_FLAGS.contains(&flag)
                && let Some((user, _)) = script::user_and_password(text)
            {
                return self.named("--password", part.slice(user.len() + 1..text.len()));
            }
            if VARIABLE_FLAGS.contains(&flag)
                && let Some(nature) = self.pair(part)
            {
                return nature;
            }
            if !text.starts_with('-') && name_evidence(flag) != NameEvidence::Silent {
                return self.named(flag, part);
            }
        }
        if let Some(nature) = self.pair(part) {
            return nature;
        }
        if quoted::is_document(text) {
            return self.document(part);
        }
        self.text(part)
    }

    /// A value under a flag whose name speaks of credentials.
    fn named(&mut self, flag: &str, part: Part<'_>) -> Nature {
        let nature = classify(Place::Flag(flag), part.text);
        let is_spoken_for = matches!(
            nature,
            Nature::Reference | Nature::Placeholder | Nature::Empty
        );
        let is_open = matches!(name_evidence(flag), NameEvidence::Open | NameEvidence::Hint);
        if is_spoken_for || is_open && !nature.hides() {
            self.addresses(part);
            return nature;
        }
        self.ranges.push(range(part));
        Nature::Guarded
    }

    /// `Name: value`, the value always hidden unless it is a reference or placeholder; `None` where the
    /// text is none.
    fn header(&mut self, part: Part<'_>) -> Option<Nature> {
        let is_document = part.text.trim_start().starts_with('{');
        let (name, value) = part.text.split_once(':').filter(|_| !is_document)?;
        self.ranges
            .extend(shaped(name).into_iter().map(|span| range(part.slice(span))));
        let inner = part
            .slice(part.text.len() - value.len()..part.text.len())
            .trimmed();
        let nature = classify(Place::Header(name.trim()), inner.text);
        if matches!(
            nature,
            Nature::Reference | Nature::Placeholder | Nature::Empty
        ) {
            return Some(nature);
        }
        self.ranges.push(range(inner));
        Some(Nature::Guarded)
    }

    /// `--name=value` or `NAME=value`; `None` where the text is neither.
    fn pair(&mut self, part: Part<'_>) -> Option<Nature> {
        let (name, value) = script::named(part.text)?;
        let value_start = part.text.len() - value.len();
        let named = part.slice(value_start - 1 - name.len()..value_start - 1);
        self.ranges.extend(
            shaped(name)
                .into_iter()
                .map(|span| range(named.slice(span))),
        );
        let inner = part.slice(value_start..part.text.len());
        if HEADER_FLAGS.contains(&name)
            && let Some(nature) = self.header(inner)
        {
            return Some(nature);
        }
        Some(if name_evidence(name) == NameEvidence::Silent {
            self.argument(None, inner)
        } else {
            self.named(name, inner)
        })
    }

    /// JSON in an argument: string values under a credential's name, or of a credential's shape.
    fn document(&mut self, part: Part<'_>) -> Nature {
        let mut name = String::new();
        for string in quoted::strings(part.text) {
            let inner = part.slice(string.span.clone());
            if string.is_key {
                name = inner.text.trim_matches('\\').to_owned();
                self.ranges.extend(
                    shaped(inner.text)
                        .into_iter()
                        .map(|span| range(inner.slice(span))),
                );
                continue;
            }
            let place = if name.is_empty() {
                Place::Positional
            } else {
                Place::Member(&name)
            };
            if classify(place, inner.text).hides() {
                self.ranges.push(range(inner));
            } else {
                self.addresses(inner);
            }
        }
        Nature::Plain
    }

    /// Any other text: a single value, or a command line of its own.
    fn text(&mut self, part: Part<'_>) -> Nature {
        let nature = classify(Place::Positional, part.text);
        if part.text.contains(char::is_whitespace) {
            let mut previous: Option<&str> = None;
            for span in script::words(part.text) {
                let word = part.slice(span);
                // Quotes in its middle may keep the whole text together.
                if word.text.len() < part.text.len() {
                    self.argument(previous, word);
                }
                previous = Some(word.text);
            }
            return nature;
        }
        if part.text.contains("://") {
            self.addresses(part);
        } else if nature == Nature::Guarded {
            self.ranges.push(range(part));
        }
        nature
    }

    /// Hides what must be hidden of each address inside a text, and what is random around them.
    fn addresses(&mut self, part: Part<'_>) {
        if !part.text.contains("://") || is_reference(part.text) {
            return;
        }
        let mut rest = 0;
        for found in addresses(part.text) {
            self.around(part.slice(rest..found.start));
            rest = found.end;
            let inner = part.slice(found);
            let hidden = address::hidden_parts(inner.text);
            self.ranges
                .extend(hidden.into_iter().map(|span| range(inner.slice(span))));
        }
        self.around(part.slice(rest..part.text.len()));
    }

    /// Text around an address may be random itself.
    fn around(&mut self, part: Part<'_>) {
        if classify(Place::Positional, part.text).hides() {
            self.ranges.push(range(part));
        }
    }
}

/// Returns where the addresses of a text stand, each with its scheme.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let mut found: Vec<Range<usize>> = Vec::new();
    for (mark, _) in text.match_indices("://") {
        let start = text[..mark]
            .bytes()
            .rposition(|byte| !is_scheme(byte))
            .map_or(0, |before| before + 1);
        // The scheme may follow a character of several bytes.
        let start = (start..=mark)
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(mark);
        let end = text[mark..]
            .find(|character: char| {
                character.is_whitespace() || matches!(character, '"' | '\'' | '`')
            })
            .map_or(text.len(), |length| mark + length);
        // An address inside another one's parameters is part of it.
        if found.last().is_none_or(|last| last.end <= start) {
            found.push(start..end);
        }
    }
    found
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
            "curl -H \"X-Key: <hidden:40>\" http://x.example",
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
