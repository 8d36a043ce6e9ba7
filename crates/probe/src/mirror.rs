//! The headers of revision 2026-07-28 that repeat parts of the message.
//!
//! Source: the specification's `2026-07-28/basic/transports/streamable-http`, "Request Metadata".

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;

use crate::Message;

pub(crate) const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// Bytes of a header that repeats a part of a message; a longer one is left out, and the server says so.
const MIRRORED_BYTES_MAX: usize = 8 * 1024;

/// Bytes of the name of a revision.
const VERSION_BYTES_MAX: usize = 64;

#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    uri: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Described<'a> {
    #[serde(borrow, rename = "_meta")]
    meta: Option<Meta<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "io.modelcontextprotocol/protocolVersion")]
    version: Option<Cow<'a, str>>,
}

/// Returns the revision that a message itself names, as revisions without a handshake want.
pub(crate) fn declared_version(message: &Message) -> Option<HeaderValue> {
    let described: Described = message.params()?;
    version(&described.meta?.version?)
}

/// Returns the name of a revision as a header, if it can be one.
pub(crate) fn version(name: &str) -> Option<HeaderValue> {
    let is_visible = name.bytes().all(|byte| byte.is_ascii_graphic());
    let is_name = !name.is_empty() && name.len() <= VERSION_BYTES_MAX && is_visible;
    HeaderValue::from_str(name).ok().filter(|_| is_name)
}

/// Adds what every request of a revision without a handshake repeats in its headers.
pub(crate) fn mirror(message: &Message, headers: &mut HeaderMap) {
    let method = message.request().map(|(_, method)| method);
    let Some(method) = method.or_else(|| message.notification()) else {
        return;
    };
    if let Ok(value) = HeaderValue::from_str(method) {
        headers.insert(METHOD, value);
    }
    let name = match method {
        "tools/call" | "prompts/get" => message.params().and_then(|named: Named| named.name),
        "resources/read" => message.params().and_then(|named: Named| named.uri),
        _ => None,
    };
    if let Some(value) = name.and_then(|name| encoded(&name)) {
        headers.insert(NAME, value);
    }
}

/// Returns a text as a header: as it is where every reader reads it so, else in base64 between marks.
pub(crate) fn encoded(text: &str) -> Option<HeaderValue> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t'));
    let is_marked = text.starts_with("=?base64?") && text.ends_with("?=");
    let is_trimmed = text.trim_matches([' ', '\t']).len() == text.len();
    let value = if is_plain && is_trimmed && !is_marked {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("=?base64?{}?=", STANDARD.encode(text)))
    };
    (value.len() <= MIRRORED_BYTES_MAX).then(|| HeaderValue::from_str(&value).ok())?
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;

    use super::{declared_version, encoded, mirror, version};
    use crate::Message;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes().to_vec()).expect("it is a message")
    }

    fn check(text: &str, method: &str, name: Option<&str>) {
        let mut headers = HeaderMap::new();
        mirror(&message(text), &mut headers);
        assert_eq!(headers["mcp-method"], method, "{text}");
        let found = headers
            .get("mcp-name")
            .map(|name| name.to_str().expect("it is text"));
        assert_eq!(found, name, "{text}");
    }

    #[test]
    fn repeats_method_and_name() {
        let call = r#"{"id":1,"method":"tools/call","params":{"name":"a","uri":"b","x":[]}}"#;
        check(call, "tools/call", Some("a"));
        let get = r#"{"id":1,"method":"prompts/get","params":{"uri":"b","name":"\u0061"}}"#;
        check(get, "prompts/get", Some("a"));
        let read = r#"{"id":1,"method":"resources/read","params":{"name":"a","uri":"file:///b"}}"#;
        check(read, "resources/read", Some("file:///b"));
        let list = r#"{"id":1,"method":"tools/list","params":{"name":"a"}}"#;
        check(list, "tools/list", None);
        check(r#"{"method":"notifications/x"}"#, "notifications/x", None);
        check(
            r#"{"id":1,"method":"tools/call","params":{"name":1}}"#,
            "tools/call",
            None,
        );
    }

    #[test]
    fn encodes_what_a_header_cannot_carry() {
        let check = |text: &str, expect: &str| {
            assert_eq!(encoded(text).expect("it is short"), expect, "{text:?}");
        };
        check("us-west1", "us-west1");
        check("a b\tc", "a b\tc");
        check("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=");
        check(" padded ", "=?base64?IHBhZGRlZCA=?=");
        check("line1\nline2", "=?base64?bGluZTEKbGluZTI=?=");
        check("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=");
        assert_eq!(encoded(&"x".repeat(10_000)), None);
    }

    #[test]
    fn reads_the_revision_that_a_message_names() {
        let text = r#"{"id":1,"method":"m","params":{"_meta":{"x":1,"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}"#;
        assert_eq!(
            declared_version(&message(text)).expect("it has one"),
            "2026-07-28"
        );
        for text in [
            r#"{"id":1,"method":"m"}"#,
            r#"{"id":1,"method":"m","params":[1]}"#,
            r#"{"id":1,"method":"m","params":{"_meta":{}}}"#,
            r#"{"id":1,"method":"m","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":1}}}"#,
        ] {
            assert_eq!(declared_version(&message(text)), None, "{text}");
        }
        assert_eq!(version("a b"), None);
        assert_eq!(version("a\r\nx: y"), None);
        assert_eq!(version(&"1".repeat(65)), None);
    }
}
