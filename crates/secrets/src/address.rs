//! Addresses: what in them is a credential, and what of them may be shown.

use std::ops::Range;

use countersign_model::{Address, Confidence, Credential, Nature, SecretText};

use crate::{
    arguments::{hidden, shown_text},
    classify::{Place, classify, credential},
    innocent::{is_placeholder, is_reference},
    shape::{is_random, is_uuid},
};

/// The byte ranges of an address's parts. Made for any text with `://`; never fails on odd text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Everything up to and including `://`.
    pub scheme: Range<usize>,
    /// `user:password`, without the `@`.
    pub user_info: Option<Range<usize>>,
    /// Host and port.
    pub host: Range<usize>,
    /// From the first slash to the query or fragment.
    pub path: Range<usize>,
    /// Names and values after `?`.
    pub query: Vec<(Range<usize>, Range<usize>)>,
    /// After `#`.
    pub fragment: Option<Range<usize>>,
}

/// Splits the first address in `text` that starts at its beginning; `None` where there is no `://`.
pub fn parts(text: &str) -> Option<Parts> {
    let scheme_end = text.find("://")? + 3;
    let scheme = &text[..scheme_end - 3];
    let is_scheme = scheme
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    if !is_scheme {
        return None;
    }
    let end = text.len();
    let fragment_start = text[scheme_end..].find('#').map(|at| scheme_end + at);
    let before_fragment = fragment_start.unwrap_or(end);
    let query_start = text[scheme_end..before_fragment]
        .find('?')
        .map(|at| scheme_end + at);
    let before_query = query_start.unwrap_or(before_fragment);
    // A password may hold a slash; the last `@` before the query ends it if a host follows.
    let first_slash = text[scheme_end..before_query]
        .find('/')
        .map(|at| scheme_end + at);
    let authority_end = first_slash.unwrap_or(before_query);
    let at_sign = text[scheme_end..authority_end]
        .rfind('@')
        .map(|at| scheme_end + at);
    let host_start = at_sign.map_or(scheme_end, |at| at + 1);
    Some(Parts {
        scheme: 0..scheme_end,
        user_info: at_sign.map(|at| scheme_end..at),
        host: host_start..authority_end,
        path: authority_end..before_query,
        query: query_start.map_or_else(Vec::new, |start| pairs(text, start + 1..before_fragment)),
        fragment: fragment_start.map(|start| start + 1..end),
    })
}

fn pairs(text: &str, range: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let mut pairs = Vec::new();
    let mut start = range.start;
    for pair in text[range].split('&') {
        let end = start + pair.len();
        let name_end = pair.find('=').map_or(end, |at| start + at);
        pairs.push((start..name_end, (name_end + 1).min(end)..end));
        start = end + 1;
    }
    pairs
}

/// Judges a remote server's address and says what of it may be shown: scheme, host, path and the
/// names of query parameters; never user info, query values, fragments or random path segments.
pub fn address(text: &str) -> Address {
    let nature = nature_in(text.trim()).unwrap_or_else(|| {
        if text.trim().is_empty() {
            Nature::Empty
        } else if is_reference(text) {
            Nature::Reference
        } else if is_placeholder(text) {
            Nature::Placeholder
        } else {
            Nature::Plain
        }
    });
    Address::new(SecretText::new(text.to_owned()), shown(text), nature)
}

/// Returns what may be shown of a text that is or starts with an address.
pub(crate) fn shown(text: &str) -> String {
    let Some(parts) = parts(text) else {
        return if is_random(text) {
            hidden(text)
        } else {
            text.to_owned()
        };
    };
    let mut out = text[parts.scheme.clone()].to_owned();
    if let Some(user_info) = &parts.user_info {
        out.push_str(&hide_unless_reference(&text[user_info.clone()]));
        out.push('@');
    }
    out.push_str(&shown_text(&text[parts.host.clone()]));
    out.push_str(&shown_path(&text[parts.path.clone()]));
    for (index, (name, value)) in parts.query.iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        let name_text = &text[name.clone()];
        // A bare parameter may itself be the credential.
        if value.is_empty() && is_random(name_text) {
            out.push_str(&hidden(name_text));
        } else {
            out.push_str(&shown_text(name_text));
        }
        if name.end < value.start {
            out.push('=');
            out.push_str(&hide_unless_reference(&text[value.clone()]));
        }
    }
    if let Some(fragment) = &parts.fragment {
        out.push('#');
        out.push_str(&hide_unless_reference(&text[fragment.clone()]));
    }
    out
}

fn hide_unless_reference(text: &str) -> String {
    if text.is_empty() || is_reference(text) {
        text.to_owned()
    } else {
        hidden(text)
    }
}

fn shown_path(path: &str) -> String {
    path.split('/')
        .map(|segment| {
            if is_path_token(segment) {
                hidden(segment)
            } else {
                segment.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

fn is_path_token(segment: &str) -> bool {
    is_random(segment)
        || is_uuid(segment)
        || matches!(classify(Place::Positional, segment), Nature::Credential(_) if segment.len() < 2048)
}

/// Finds a credential in a text that is an address: a password before the host, a query parameter
/// with a credential's name, a token in the path. `None` where the text is no address or holds
/// nothing of the kind.
pub(crate) fn nature_in(text: &str) -> Option<Nature> {
    let parts = parts(text)?;
    if let Some(found) = password(text, &parts) {
        return Some(found);
    }
    for (name, value) in &parts.query {
        let inner = &text[value.clone()];
        if inner.contains("://") {
            continue;
        }
        if let Nature::Credential(mut found) = classify(Place::Query(&text[name.clone()]), inner) {
            found.span = found.span.start + value.start..found.span.end + value.start;
            return Some(Nature::Credential(found));
        }
    }
    path_token(text, &parts).map(Nature::Credential)
}

fn password(text: &str, parts: &Parts) -> Option<Nature> {
    let user_info = parts.user_info.clone()?;
    let inner = &text[user_info.clone()];
    let (start, secret) = match inner.split_once(':') {
        Some((user, password)) => (user_info.start + user.len() + 1, password),
        // `https://token@host`: one part that is a token, not a user.
        None if is_random(inner) => (user_info.start, inner),
        None => return None,
    };
    if secret.is_empty() {
        return None;
    }
    if is_reference(secret) {
        return Some(Nature::Reference);
    }
    if is_placeholder(secret) || matches!(secret, "pass" | "passwd" | "pwd" | "pw") {
        return Some(Nature::Placeholder);
    }
    let why = "stands as a password before the host of an address".to_owned();
    Some(Nature::Credential(credential(
        None,
        "password in an address",
        Confidence::High,
        why,
        start..start + secret.len(),
    )))
}

/// A long random path segment of a web address is how some services hand out access.
fn path_token(text: &str, parts: &Parts) -> Option<Credential> {
    if !text.starts_with("http") {
        return None;
    }
    let mut start = parts.path.start;
    for segment in text[parts.path.clone()].split('/') {
        let span = start..start + segment.len();
        start = span.end + 1;
        let is_token = segment.len() >= 32 && is_random(segment) && !is_uuid(segment);
        if is_token {
            let why =
                "a long random part of the path, as services use in place of a key".to_owned();
            return Some(credential(
                None,
                "token in an address",
                Confidence::Low,
                why,
                span,
            ));
        }
    }
    None
}
