//! Addresses: what in them is a credential, and what of them may be shown.

use std::ops::Range;

use countersign_model::{Address, Confidence, Nature, SecretText};

use crate::{
    classify::{Place, classify, credential, spans},
    look::{Look, Part, range},
    mask::masked,
    name::words as name_words,
    placeholder::{is_made_up, is_placeholder},
    reference::is_reference,
    shape::{is_hex, is_random, is_random_though_short, is_uuid},
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
    // `jdbc:postgresql://` and the like: what comes first says who reads the address.
    let scheme = text[..scheme_end - 3]
        .rsplit(':')
        .next()
        .unwrap_or_default();
    let outer = &text[..scheme_end - 3 - scheme.len()];
    let is_word = |word: &str| {
        word.bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    };
    let is_outer = outer.is_empty() || outer.trim_end_matches(':').split(':').all(is_word);
    if !is_word(scheme) || !is_outer {
        return None;
    }
    let end = text.len();
    let sign =
        |signs: &[char], from: usize, to: usize| text[from..to].find(signs).map(|at| from + at);
    let user_end = user_info_end(text, scheme_end);
    let host_start = user_end.map_or(scheme_end, |at| at + 1);
    let fragment_start = sign(&['#'], host_start, end);
    let before_fragment = fragment_start.unwrap_or(end);
    let query_start = sign(&['?'], host_start, before_fragment);
    let before_query = query_start.unwrap_or(before_fragment);
    let host_end = sign(&['/', ';'], host_start, before_query).unwrap_or(before_query);
    Some(Parts {
        scheme: 0..scheme_end,
        user_info: user_end.map(|at| scheme_end..at),
        host: host_start..host_end,
        path: host_end..before_query,
        query: query_start.map_or_else(Vec::new, |start| pairs(text, start + 1..before_fragment)),
        fragment: fragment_start.map(|start| start + 1..end),
    })
}

/// Returns where the `@` before the host stands. A password may hold a slash or another sign: then what
/// stands before the first sign has a colon that no port follows, and a host comes after a later `@`.
fn user_info_end(text: &str, start: usize) -> Option<usize> {
    let authority_end = text[start..]
        .find(['/', '?', '#'])
        .map_or(text.len(), |at| start + at);
    let authority = &text[start..authority_end];
    if let Some(at) = authority.rfind('@') {
        return Some(start + at);
    }
    let (_, port) = authority.split_once(':')?;
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if is_port {
        return None;
    }
    let is_host = |rest: &str| {
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    text[authority_end..]
        .match_indices('@')
        .map(|(at, _)| authority_end + at)
        .find(|at| is_host(&text[at + 1..]))
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
    let nature = classify(Place::Member(ADDRESS), text);
    let nature = match nature {
        Nature::Guarded => Nature::Plain,
        other => other,
    };
    Address::new(SecretText::new(text.to_owned()), shown(text), nature)
}

/// The member that holds a remote server's address.
const ADDRESS: &str = "url";

/// Returns what may be shown of a text that is or starts with an address.
fn shown(text: &str) -> String {
    masked(text, hidden_parts(text))
}

/// Returns what of an address must not be shown, as bytes of the text.
pub(crate) fn hidden_parts(text: &str) -> Vec<Range<usize>> {
    let mut hide = Vec::new();
    let Some(parts) = parts(text) else {
        hide.extend(is_random(text).then_some(0..text.len()));
        return hide;
    };
    let is_value = |range: &Range<usize>| !is_reference(&text[range.clone()]);
    hide.extend(parts.user_info.filter(is_value));
    hide.extend(shaped_in(text, parts.host));
    let mut start = parts.path.start;
    for segment in text[parts.path.clone()].split('/') {
        let span = start..start + segment.len();
        start = span.end + 1;
        hide.extend(is_path_token(segment).then_some(span));
    }
    for (name, value) in parts.query {
        // A bare parameter may itself be the credential.
        if value.is_empty() && is_random(&text[name.clone()]) {
            hide.push(name);
        } else {
            hide.extend(shaped_in(text, name));
            hide.extend(is_value(&value).then_some(value));
        }
    }
    hide.extend(parts.fragment.filter(is_value));
    hide
}

/// Finds credentials by their shape where a name should stand.
fn shaped_in(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    spans(Place::Positional, &text[range.clone()])
        .into_iter()
        .map(|found| found.span.start + range.start..found.span.end + range.start)
        .collect()
}

fn is_path_token(segment: &str) -> bool {
    is_random(segment)
        || is_uuid(segment)
        || matches!(classify(Place::Positional, segment), Nature::Credential(_) if segment.len() < 2048)
}

/// Returns whether a text is one address, or a list of them.
pub(crate) fn is_one(text: &str) -> bool {
    let Some(parts) = parts(text).filter(|_| text.contains("://")) else {
        return false;
    };
    // A value may hold a blank that nobody encoded: `?auth=Basic …`.
    let end = parts
        .query
        .first()
        .map_or(text.len(), |(name, _)| name.start);
    !text[..end].contains(char::is_whitespace)
        && !text.contains(" -")
        && !text.contains(['"', '\''])
}

/// Looks through an address: a password before the host, parameters, a token in the path.
pub(crate) fn through(look: &mut Look, place: Place<'_>, part: Part<'_>) {
    let mut start = 0;
    for end in list_ends(part.text) {
        one(look, place, part.slice(start..end));
        start = (end + 1).min(part.text.len());
    }
}

/// Returns where each address of a list ends: `redis://a,redis://b`.
fn list_ends(text: &str) -> Vec<usize> {
    let mut ends: Vec<usize> = text
        .match_indices(',')
        .map(|(at, _)| at)
        .filter(|at| {
            let rest = &text[at + 1..];
            rest.find("://").is_some_and(|mark| {
                mark <= 16
                    && rest[..mark]
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'+')
            })
        })
        .collect();
    ends.push(text.len());
    ends
}

fn one(look: &mut Look, place: Place<'_>, part: Part<'_>) {
    let Some(parts) = parts(part.text) else {
        return;
    };
    user_info(look, part, &parts);
    for (name, value) in &parts.query {
        let inner = part.slice(value.clone());
        look.through(Place::Query(&part.text[name.clone()]), inner);
    }
    if let Some(fragment) = &parts.fragment {
        let inner = part.slice(fragment.clone());
        if inner.text.contains('=') {
            for (name, value) in pairs(part.text, fragment.clone()) {
                look.through(Place::Query(&part.text[name]), part.slice(value));
            }
        }
    }
    path(look, place, part, &parts);
}

/// A password before the host, or one part that is a token, not a user.
fn user_info(look: &mut Look, part: Part<'_>, parts: &Parts) {
    let Some(user_info) = parts.user_info.clone() else {
        return;
    };
    let inner = part.slice(user_info);
    let host = &part.text[parts.host.clone()];
    let secret = match inner.text.split_once(':') {
        Some((user, password)) if !password.is_empty() => {
            inner.slice(user.len() + 1..inner.text.len())
        }
        // `https://TOKEN:@host`, `https://TOKEN@host`
        Some((user, _)) => inner.slice(0..user.len()),
        None => inner,
    };
    let is_alone = secret.offset == inner.offset;
    // A Sentry address names a project, it opens nothing.
    let is_sentry = is_alone
        && is_hex(secret.text)
        && (host.contains("sentry") || host.starts_with("o") && host.contains(".ingest."));
    let is_token = is_random(secret.text)
        || is_hex(secret.text) && secret.text.len() >= 32
        || is_random_though_short(secret.text);
    if secret.text.is_empty() || is_sentry || is_alone && !is_token {
        return;
    }
    if is_reference(secret.text) {
        look.has_reference = true;
        return;
    }
    let is_word = matches!(secret.text, "pass" | "passwd" | "pwd" | "pw");
    let why = "stands as a password before the host of an address".to_owned();
    let found = credential(
        None,
        "password in an address",
        Confidence::High,
        why,
        range(secret),
    );
    look.add(found, is_word || is_placeholder(secret.text));
}

/// Words of a path after which a long random part is what opens the door.
const BEFORE_TOKEN: [&str; 19] = [
    "mcp", "s", "u", "t", "token", "tokens", "key", "keys", "secret", "hook", "hooks", "webhook",
    "webhooks", "auth", "bot", "api", "sse", "connect", "k",
];

/// Words of a path before which a long random part names a document, a version, a file.
const BEFORE_NAME: [&str; 24] = [
    "commit",
    "commits",
    "blob",
    "tree",
    "raw",
    "d",
    "document",
    "spreadsheets",
    "file",
    "files",
    "design",
    "board",
    "folders",
    "folder",
    "issues",
    "gist",
    "assets",
    "images",
    "static",
    "objects",
    "artifacts",
    "sha256",
    "digest",
    "blobs",
];

/// A long random part of the path of a web address is how some services hand out access.
fn path(look: &mut Look, place: Place<'_>, part: Part<'_>, parts: &Parts) {
    if !part.text.starts_with("http") && !part.text.starts_with("ws") {
        return;
    }
    let text = &part.text[parts.path.clone()];
    let segments: Vec<&str> = text.split('/').collect();
    let is_hook = name_words(place.name())
        .iter()
        .any(|word| word == "webhook" || word == "hook");
    for (index, segment) in segments.iter().enumerate() {
        let before = index
            .checked_sub(1)
            .map_or("", |at| segments[at])
            .to_ascii_lowercase();
        let after = segments.get(index + 1).copied().unwrap_or_default();
        let Some(confidence) = path_token(segment, &before, after, is_hook) else {
            continue;
        };
        let start = segment.as_ptr() as usize - part.text.as_ptr() as usize;
        let span = part.slice(start..start + segment.len());
        let why = "a long random part of the path, as services use in place of a key".to_owned();
        let found = credential(None, "token in an address", confidence, why, range(span));
        look.add(found, is_made_up(segment));
    }
}

fn path_token(segment: &str, before: &str, after: &str, is_hook: bool) -> Option<Confidence> {
    const TOKEN_MIN: usize = 20;
    const UNTOLD_MIN: usize = 32;
    const HEX_MIN: usize = 24;
    if is_reference(segment) || BEFORE_NAME.contains(&before) {
        return None;
    }
    let is_told =
        BEFORE_TOKEN.contains(&before) || is_hook || matches!(after, "mcp" | "sse" | "messages");
    if is_uuid(segment) {
        let is_key = matches!(
            before,
            "u" | "s"
                | "t"
                | "k"
                | "token"
                | "key"
                | "secret"
                | "hook"
                | "hooks"
                | "webhook"
                | "webhooks"
        );
        return (is_key || is_hook).then_some(Confidence::Medium);
    }
    if segment.len() < TOKEN_MIN
        || !(is_random(segment) || is_told && is_hex(segment) && segment.len() >= HEX_MIN)
    {
        return None;
    }
    if is_told {
        Some(Confidence::Medium)
    } else if segment.len() >= UNTOLD_MIN && !is_hex(segment) {
        Some(Confidence::Low)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn splits_addresses_of_every_kind() {
        let check = |text: &str, user_info: Option<&str>, host: &str, path: &str| {
            let parts = parts(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                parts.user_info.map(|range| &text[range]),
                user_info,
                "{text}"
            );
            assert_eq!(&text[parts.host], host, "{text}");
            assert_eq!(&text[parts.path], path, "{text}");
        };
        check("https://h/p?q#f", None, "h", "/p");
        check(
            "postgres://u:p/w#x?@db.example.com:5432/a",
            Some("u:p/w#x?"),
            "db.example.com:5432",
            "/a",
        );
        check("postgres://u:p@w@db/a", Some("u:p@w"), "db", "/a");
        check(
            "http://localhost:8080/users/@me",
            None,
            "localhost:8080",
            "/users/@me",
        );
        check("jdbc:postgresql://h/db?user=u", None, "h", "/db");
        check("jdbc:sqlserver://h:1433;user=a", None, "h:1433", ";user=a");
        check("mongodb://u:p@a:1,b:2/db", Some("u:p"), "a:1,b:2", "/db");
        assert!(parts("see https://h").is_none());
        assert!(parts("no address").is_none());
    }
}
