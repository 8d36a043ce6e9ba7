use std::{borrow::Cow, ops::Range};

use countersign_model::{Confidence, Credential, Nature};

use crate::{
    issuers,
    look::{Look, Part},
    name::{NameEvidence, name_evidence},
    ordinary::is_ordinary,
    placeholder::is_placeholder_under,
    reference::is_reference,
    shape::{is_random, is_uuid},
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
    pub(crate) fn name(self) -> &'name str {
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

/// Judges a value by where it stands and what it looks like. Of several credentials in it, the most
/// certain one is told; [`spans`] tells all.
pub fn classify(place: Place<'_>, value: &str) -> Nature {
    let trimmed = value.trim();
    if trimmed.is_empty() || matches!(trimmed, "null" | "undefined") {
        return Nature::Empty;
    }
    if is_reference(trimmed) {
        return Nature::Reference;
    }
    let look = Look::at(place, value);
    if let Some(found) = ordered(look.credentials).into_iter().next() {
        return Nature::Credential(found);
    }
    if look.has_placeholder || is_placeholder_under(place.name(), trimmed) {
        return Nature::Placeholder;
    }
    if look.has_reference {
        return Nature::Reference;
    }
    if issuers::is_publishable(trimmed) || issuers::is_public_token(trimmed) {
        return Nature::Plain;
    }
    if name_evidence(place.name()) != NameEvidence::Open && is_guarded(trimmed) {
        return Nature::Guarded;
    }
    Nature::Plain
}

/// Finds every credential in a value: spans of bytes that do not overlap, the most certain first. With
/// each of them replaced by a reference, the value holds no credential any more.
///
/// ```
/// use countersign_secrets::{Place, spans};
///
/// let value = "postgres://app:Vq7hHskvGisF@db/app?token=a7F3k9Zq2Xb8c1D4e5v6";
/// let found = spans(Place::Variable("DATABASE_URL"), value);
/// let texts: Vec<_> = found.iter().map(|one| &value[one.span.clone()]).collect();
/// assert_eq!(texts, ["Vq7hHskvGisF", "a7F3k9Zq2Xb8c1D4e5v6"]);
/// ```
pub fn spans(place: Place<'_>, value: &str) -> Vec<Credential> {
    spans_by(value, &|look, text| look.through(place, Part::whole(text)))
}

/// As [`spans`], for a value that `through` looks through.
pub(crate) fn spans_by(value: &str, through: &dyn Fn(&mut Look, &str)) -> Vec<Credential> {
    /// Looks at what is left once the credentials that were found are hidden.
    const ROUNDS_MAX: usize = 8;
    let mut all: Vec<Credential> = Vec::new();
    let mut left = Cow::Borrowed(value);
    for _ in 0..ROUNDS_MAX {
        let mut look = Look::default();
        through(&mut look, &left);
        look.credentials
            .retain(|found| all.iter().all(|known| is_apart(&known.span, &found.span)));
        if look.credentials.is_empty() {
            break;
        }
        for found in &look.credentials {
            let mark = "*".repeat(found.span.len());
            left.to_mut().replace_range(found.span.clone(), &mark);
        }
        all.append(&mut look.credentials);
    }
    ordered(all)
}

fn is_apart(left: &Range<usize>, right: &Range<usize>) -> bool {
    left.end <= right.start || right.end <= left.start
}

/// Puts the most certain first: by confidence, then those of a known issuer, then by place.
fn ordered(mut credentials: Vec<Credential>) -> Vec<Credential> {
    credentials.sort_by_key(|found| {
        (
            std::cmp::Reverse(found.confidence),
            found.issuer.is_none(),
            found.span.start,
        )
    });
    credentials
}

/// Returns whether a value that nothing names is still too random to show.
fn is_guarded(text: &str) -> bool {
    !is_ordinary(text) && !is_uuid(text) && token_spans(text).any(|span| is_random(&text[span]))
}

/// Splits a text at blanks, quotes, commas and the like.
pub(crate) fn token_spans(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
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
