//! Values that are made of names and values: connection strings, cookies, forms, lists, headers.

use std::ops::Range;

use crate::{
    classify::Place,
    look::{Look, Part},
    name::{NameEvidence, name_evidence},
    placeholder::is_placeholder,
    shape::is_random_though_short,
};

/// Pairs that make a text one of pairs.
const PAIRS_MIN: usize = 2;

/// Signs between pairs, tried in this order.
const SEPARATORS: [&[char]; 4] = [&[';'], &['\n'], &['&'], &[',']];

/// Looks through `Server=a;Password=b`, `host=a password=b`, `a=1&token=b`, lines of `NAME=value`. `true`
/// where the text is made of pairs.
pub(crate) fn through(look: &mut Look, place: Place<'_>, part: Part<'_>) -> bool {
    let Some(pieces) = SEPARATORS
        .iter()
        .find_map(|signs| split(part.text, &|character| signs.contains(&character)))
        .or_else(|| split(part.text, &char::is_whitespace))
    else {
        return false;
    };
    let is_cookie =
        matches!(place, Place::Header(name) if name.to_ascii_lowercase().contains("cookie"));
    for piece in pieces {
        let name = part.text[piece.name.clone()].trim().trim_start_matches('-');
        let value = part.slice(piece.value.clone());
        let is_session = is_cookie && is_random_though_short(value.text.trim());
        let place = if is_session {
            Place::Member("session_token")
        } else {
            Place::Member(name)
        };
        if name.is_empty() {
            look.through(Place::Positional, value);
        } else {
            look.through(place, value);
        }
    }
    true
}

/// A name and a value, as bytes of the text. A piece without a name is an address.
struct Piece {
    name: Range<usize>,
    value: Range<usize>,
}

fn split(text: &str, is_separator: &dyn Fn(char) -> bool) -> Option<Vec<Piece>> {
    if !text.contains('=') || !text.contains(is_separator) {
        return None;
    }
    let mut pieces = Vec::new();
    for (index, piece) in text.split(is_separator).enumerate() {
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        let trimmed = piece.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let whole = start..start + piece.len();
        // `jdbc:sqlserver://host:1433;user=a;password=b`
        if index == 0 && trimmed.contains("://") && !trimmed.contains('?') {
            pieces.push(Piece {
                name: start..start,
                value: whole,
            });
            continue;
        }
        let (name, _) = piece.split_once('=')?;
        let body = name.trim().strip_prefix("export ").unwrap_or(name.trim());
        let is_name = !body.is_empty()
            && body.len() <= 64
            && body.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'.')
            });
        if !is_name || body.starts_with("--") {
            return None;
        }
        let name_start = start + (name.len() - name.trim_start().len());
        let name_start = name_start + (name.trim().len() - body.len());
        let value_start = start + name.len() + 1;
        let value = unquoted(text, value_start..whole.end);
        pieces.push(Piece {
            name: name_start..start + name.len(),
            value,
        });
    }
    let named = pieces.iter().filter(|piece| !piece.name.is_empty()).count();
    (named >= PAIRS_MIN || named == 1 && pieces.len() >= PAIRS_MIN).then_some(pieces)
}

/// Takes the quotes off a value that stands in them.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let value = &text[range.clone()];
    let trimmed = value.trim();
    let start = range.start + (value.len() - value.trim_start().len());
    let is_quoted = trimmed.len() >= 2
        && (trimmed.starts_with('"') && trimmed.ends_with('"')
            || trimmed.starts_with('\'') && trimmed.ends_with('\''));
    if is_quoted {
        start + 1..start + trimmed.len() - 1
    } else {
        start..start + trimmed.len()
    }
}

/// Looks through a list under a credential's name: `key1,key2`. `true` where the text is one.
pub(crate) fn list(look: &mut Look, place: Place<'_>, part: Part<'_>) -> bool {
    const ITEMS_MAX: usize = 64;
    let is_list = part.text.contains(',')
        && name_evidence(place.name()) == NameEvidence::Secret
        && !part.text.contains(char::is_whitespace)
        && !part.text.contains("://")
        && part.text.split(',').count() <= ITEMS_MAX
        && part.text.split(',').all(|item| item.len() >= 8);
    if !is_list {
        return false;
    }
    for item in part.text.split(',') {
        let start = item.as_ptr() as usize - part.text.as_ptr() as usize;
        look.through(place, part.slice(start..start + item.len()));
    }
    true
}

/// Looks through `Name: value`, as in `HEADERS="Authorization: Bearer x"`. `true` where the name speaks of
/// credentials.
pub(crate) fn header(look: &mut Look, place: Place<'_>, part: Part<'_>) -> bool {
    if matches!(place, Place::Header(_)) {
        return false;
    }
    let Some((name, value)) = part.text.split_once(':') else {
        return false;
    };
    let is_name = (2..=40).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let is_header = is_name
        && !value.starts_with("//")
        && !value.trim().is_empty()
        && !is_placeholder(value)
        && matches!(
            name_evidence(name),
            NameEvidence::Secret | NameEvidence::Password
        );
    if !is_header {
        return false;
    }
    let start = part.text.len() - value.len();
    look.through(Place::Header(name), part.slice(start..part.text.len()));
    true
}
