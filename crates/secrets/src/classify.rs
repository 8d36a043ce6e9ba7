use std::ops::Range;

use countersign_model::{Confidence, Credential, Nature};

use crate::{
    address,
    innocent::{is_ordinary, is_placeholder, is_reference, strip_scheme_word},
    issuers,
    name::{NameEvidence, name_evidence},
    shape::{Alphabet, is_hex, is_jwt, is_random, is_uuid},
};

/// Where a value stands, with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'name> {
    /// An environment variable.
    Variable(&'name str),
    /// A request header.
    Header(&'name str),
    /// A command-line flag's value.
    Flag(&'name str),
    /// A positional command-line argument.
    Positional,
    /// A query parameter of an address.
    Query(&'name str),
    /// A member of an entry, such as `apiKey`.
    Member(&'name str),
}

impl<'name> Place<'name> {
    fn name(self) -> &'name str {
        match self {
            Place::Variable(name)
            | Place::Header(name)
            | Place::Flag(name)
            | Place::Query(name)
            | Place::Member(name) => name,
            Place::Positional => "",
        }
    }
}

/// The shortest text that a name alone makes a credential.
const NAMED_MIN: usize = 8;

/// The shortest text that a password's name makes a credential.
const PASSWORD_MIN: usize = 4;

/// Judges a value by where it stands and what it looks like.
pub fn classify(place: Place<'_>, value: &str) -> Nature {
    let trimmed = value.trim();
    if trimmed.is_empty() || matches!(trimmed, "null" | "undefined") {
        return Nature::Empty;
    }
    if is_reference(trimmed) {
        return Nature::Reference;
    }
    if let Some(found) = by_shape(trimmed) {
        let is_example = trimmed[found.span.clone()]
            .to_ascii_lowercase()
            .contains("example")
            || is_placeholder(&trimmed[found.span.clone()]);
        return if is_example {
            Nature::Placeholder
        } else {
            Nature::Credential(shift(found, value, trimmed))
        };
    }
    if let Some(nature) = address::nature_in(trimmed) {
        return match nature {
            Nature::Credential(found) => Nature::Credential(shift(found, value, trimmed)),
            other => other,
        };
    }
    if let Some(found) = in_connection(trimmed) {
        return Nature::Credential(shift(found, value, trimmed));
    }
    if is_placeholder(trimmed) {
        return Nature::Placeholder;
    }
    if issuers::is_publishable(trimmed) {
        return Nature::Plain;
    }
    match by_name(place, trimmed) {
        Some(found) => Nature::Credential(shift(found, value, trimmed)),
        None if name_evidence(place.name()) != NameEvidence::Open && is_guarded(trimmed) => {
            Nature::Guarded
        }
        None => Nature::Plain,
    }
}

/// Finds a credential among the pairs of a connection string: `Server=a;Password=b`, or
/// `host=a password=b`.
fn in_connection(text: &str) -> Option<Credential> {
    const PAIRS_MIN: usize = 2;
    let is_blank_separated = !text.contains(';');
    let pieces = text
        .split(|character: char| {
            character == ';' || is_blank_separated && character.is_whitespace()
        })
        .filter(|piece| !piece.trim().is_empty());
    let mut pairs = Vec::new();
    for piece in pieces {
        let (name, value) = piece.split_once('=')?;
        let is_name = name
            .trim()
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'.'));
        if !is_name || name.trim().is_empty() {
            return None;
        }
        pairs.push((name.trim(), value));
    }
    if pairs.len() < PAIRS_MIN {
        return None;
    }
    pairs.into_iter().find_map(|(name, value)| {
        let Nature::Credential(found) = classify(Place::Member(name), value) else {
            return None;
        };
        let offset = value.as_ptr() as usize - text.as_ptr() as usize;
        Some(Credential {
            span: found.span.start + offset..found.span.end + offset,
            ..found
        })
    })
}

/// Moves a span from the trimmed text into the value as written.
fn shift(mut found: Credential, value: &str, trimmed: &str) -> Credential {
    let by = value.len() - value.trim_start().len();
    debug_assert!(found.span.end <= trimmed.len(), "spans lie inside the text");
    found.span = found.span.start + by..found.span.end + by;
    found
}

/// Finds a credential that its own shape gives away.
fn by_shape(text: &str) -> Option<Credential> {
    if let Some(start) = text.find("-----BEGIN ")
        && text[start..]
            .lines()
            .next()
            .is_some_and(|line| line.contains("PRIVATE KEY"))
    {
        let why = "holds a private key in PEM form".to_owned();
        return Some(credential(
            Some("private-key"),
            "private key",
            Confidence::High,
            why,
            start..text.len(),
        ));
    }
    if let Some((issuer, span)) = issuers::find(text) {
        let why = format!(
            "starts with `{}` and has the length of a {}",
            issuer.prefix, issuer.label
        );
        return Some(credential(
            Some(issuer.id),
            issuer.label,
            Confidence::High,
            why,
            span,
        ));
    }
    token_spans(text)
        .find(|span| is_jwt(&text[span.clone()]))
        .map(|span| {
            let why = "has the three parts of a JSON web token".to_owned();
            credential(Some("jwt"), "JSON web token", Confidence::Medium, why, span)
        })
        .or_else(|| telegram(text))
        .or_else(|| webhook(text))
}

/// `123456789:AAxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`
fn telegram(text: &str) -> Option<Credential> {
    let (number, rest) = text.split_once(':')?;
    let digits = number
        .rsplit(|character: char| !character.is_ascii_digit())
        .next()?;
    let body = rest
        .bytes()
        .take_while(|byte| Alphabet::Url.has(*byte))
        .count();
    if !(8..=12).contains(&digits.len()) || !(33..=36).contains(&body) || !rest.starts_with("AA") {
        return None;
    }
    let start = number.len() - digits.len();
    let why = "has the shape of a Telegram bot token".to_owned();
    let span = start..number.len() + 1 + body;
    Some(credential(
        Some("telegram"),
        "Telegram bot token",
        Confidence::High,
        why,
        span,
    ))
}

/// Addresses that are credentials by themselves.
fn webhook(text: &str) -> Option<Credential> {
    const HOOKS: [(&str, &str, &str); 3] = [
        (
            "https://hooks.slack.com/services/",
            "slack-webhook",
            "Slack webhook address",
        ),
        (
            "https://discord.com/api/webhooks/",
            "discord-webhook",
            "Discord webhook address",
        ),
        (
            "https://hooks.zapier.com/hooks/catch/",
            "zapier-webhook",
            "Zapier webhook address",
        ),
    ];
    HOOKS.iter().find_map(|(prefix, id, label)| {
        let start = text.find(prefix)?;
        let length = text[start + prefix.len()..]
            .bytes()
            .take_while(|byte| Alphabet::Broad.has(*byte))
            .count();
        let why = format!("whoever knows this {label} can use it");
        let span = start..start + prefix.len() + length;
        (length >= 16).then(|| credential(Some(id), label, Confidence::High, why, span))
    })
}

/// Finds a credential that its name gives away.
fn by_name(place: Place<'_>, text: &str) -> Option<Credential> {
    let name = place.name();
    let evidence = name_evidence(name);
    let bare = strip_scheme_word(text);
    let start = text.len() - bare.len();
    let span = start..text.len();
    let has_scheme =
        start > 0 && matches!(place, Place::Header(_) | Place::Flag(_) | Place::Query(_));
    if has_scheme && !is_placeholder(bare) && bare.len() >= NAMED_MIN && !bare.contains(' ') {
        let why = format!("`{name}` carries it after an authentication scheme");
        return Some(credential(
            None,
            "authentication header",
            Confidence::High,
            why,
            span,
        ));
    }
    if evidence == NameEvidence::SeedPhrase {
        return seed_phrase(name, text);
    }
    let (label, least) = match evidence {
        NameEvidence::SeedPhrase => return None,
        NameEvidence::Open | NameEvidence::Silent => return None,
        NameEvidence::Password => ("password", PASSWORD_MIN),
        NameEvidence::Secret => ("secret", NAMED_MIN),
    };
    if bare.len() < least || is_unlikely(evidence, bare) {
        return None;
    }
    let confidence = if evidence == NameEvidence::Secret && !is_varied(bare) {
        Confidence::Low
    } else if is_uuid(bare) {
        Confidence::Medium
    } else if is_random(bare)
        || is_hex(bare) && bare.len() >= 32
        || evidence == NameEvidence::Password
    {
        Confidence::High
    } else {
        Confidence::Medium
    };
    let why = format!("`{name}` is a name that credentials stand under");
    Some(credential(None, label, confidence, why, span))
}

/// A wallet's recovery words: twelve to twenty-four short lowercase words.
fn seed_phrase(name: &str, text: &str) -> Option<Credential> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let are_words = words.iter().all(|word| {
        (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    if words.len() == 1 && (is_random(text) || is_hex(text) && text.len() >= 32) {
        let why = format!("`{name}` is a name that a wallet's secret stands under");
        return Some(credential(
            Some("seed-phrase"),
            "wallet secret",
            Confidence::High,
            why,
            0..text.len(),
        ));
    }
    let is_phrase = matches!(words.len(), 12 | 15 | 18 | 21 | 24) && are_words;
    is_phrase.then(|| {
        let why = format!("`{name}` holds as many short words as a wallet's recovery phrase");
        credential(
            Some("seed-phrase"),
            "wallet recovery phrase",
            Confidence::High,
            why,
            0..text.len(),
        )
    })
}

/// Returns whether a value is no credential even under a credential's name.
fn is_unlikely(evidence: NameEvidence, text: &str) -> bool {
    if is_ordinary(text) {
        // A password may be digits, or start like a path.
        return evidence != NameEvidence::Password
            || text.contains("://")
            || text.starts_with(['~', '/'])
            || text.contains(' ');
    }
    evidence == NameEvidence::Secret && !is_varied(text) && is_wordy(text)
}

/// Returns whether the text is words joined by hyphens: `oauth`, `application-default`.
fn is_wordy(text: &str) -> bool {
    text.split(['-', '_', '.', ':', '/'])
        .all(|word| word.len() < 20 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn is_varied(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let has_upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
    let has_lower = text.bytes().any(|byte| byte.is_ascii_lowercase());
    has_digit || has_upper && has_lower && text.len() >= 16
}

/// Returns whether a value that nothing names is still too random to show.
fn is_guarded(text: &str) -> bool {
    !is_ordinary(text) && !is_uuid(text) && token_spans(text).any(|span| is_random(&text[span]))
}

/// Splits a text at blanks, quotes, commas and the like.
fn token_spans(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.split(|character: char| {
        character.is_whitespace()
            || matches!(
                character,
                '"' | '\'' | ',' | ';' | '&' | '(' | ')' | '{' | '}'
            )
    })
    .map(move |token| {
        let offset = token.as_ptr() as usize - text.as_ptr() as usize;
        offset..offset + token.len()
    })
    .filter(|span| !span.is_empty())
}

pub(crate) fn credential(
    issuer: Option<&'static str>,
    label: &'static str,
    confidence: Confidence,
    why: String,
    span: Range<usize>,
) -> Credential {
    Credential {
        issuer,
        label,
        confidence,
        why,
        span,
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Nature;

    use super::{Place, classify};

    #[test]
    fn a_connection_string_is_judged_pair_by_pair() {
        let secret = |text: &str| match classify(Place::Variable("CONNECTION"), text) {
            Nature::Credential(found) => Some(text[found.span].to_owned()),
            _ => None,
        };
        let key = "Zx9Kq2Lm7Rt4".repeat(7) + "==";
        let cases = [
            (
                "Server=db;User Id=app;Password=xK9vQ2mR7tLw;".to_owned(),
                Some("xK9vQ2mR7tLw"),
            ),
            (
                "host=db user=app password=xK9vQ2mR7tLw dbname=a".to_owned(),
                Some("xK9vQ2mR7tLw"),
            ),
            (
                format!("DefaultEndpointsProtocol=https;AccountName=a;AccountKey={key}"),
                Some(key.as_str()),
            ),
            (
                "Server=db;User Id=app;Password=${DB_PASSWORD};".to_owned(),
                None,
            ),
            ("Server=db;Integrated Security=true".to_owned(), None),
            ("host=db user=app dbname=a".to_owned(), None),
            ("--a=b --c=d".to_owned(), None),
            ("the password=is written in words".to_owned(), None),
        ];
        for (text, expected) in cases {
            assert_eq!(secret(&text).as_deref(), expected, "{text}");
        }
    }
}
