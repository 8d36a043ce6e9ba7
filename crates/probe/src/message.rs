use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// Bytes of one message, in either direction.
pub const MESSAGE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Messages in one batch, which revision 2025-03-26 allows.
const BATCH_MAX: usize = 1000;

/// Bytes of an id.
const ID_BYTES_MAX: usize = 1024;

/// A JSON-RPC message, or a batch of them, with the very text that came in.
///
/// Only what routing needs is read from it. The text is handed on as it is: fields that nobody here
/// knows, spacing, escapes and the spelling of numbers survive.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    text: String,
    parts: Vec<Part>,
}

/// What one message of a batch is; a message that is no batch has one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Wants an answer.
    Request {
        /// The id that the answer carries.
        id: Id,
        /// The method.
        method: String,
    },
    /// Wants no answer.
    Notification {
        /// The method.
        method: String,
    },
    /// An answer.
    Response {
        /// The request's id; `None` where the other side could not tell it.
        id: Option<Id>,
    },
}

/// The id of a request. A number keeps its spelling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Id {
    /// A number, as it is spelled.
    Number(String),
    /// A text, without its quotes and escapes.
    Text(String),
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Not text.
    #[error("read a message that is not UTF-8")]
    NotText,
    /// Not JSON, or with one key twice.
    #[error("read a message that is not one JSON value with each key once")]
    NotJson,
    /// JSON, and neither a request nor a notification nor an answer.
    #[error("read a message that is neither a request nor a notification nor a response")]
    NotRpc,
    /// More than is taken.
    #[error("read a message of more than {MESSAGE_BYTES_MAX} bytes")]
    TooLarge,
}

/// The members of a message that decide where it goes.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(crate) params: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(crate) result: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    pub(crate) error: Option<&'a RawValue>,
}

impl Message {
    /// Reads a message. Line breaks between tokens become blanks, so that it stands in one line.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn read(bytes: Vec<u8>) -> Result<Self, MessageError> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return Err(MessageError::TooLarge);
        }
        let mut text = String::from_utf8(bytes).map_err(|_| MessageError::NotText)?;
        let parts = parts(&text)?;
        // A string of JSON holds no raw line break, so all that there are stand between tokens.
        if text.contains(['\n', '\r']) {
            text = text.replace(['\n', '\r'], " ");
        }
        Ok(Self { text, parts })
    }

    /// Returns the text as it came in.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the text as it came in.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns what the message is made of, in order; at least one part.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Returns the requests in the message, in order.
    pub fn requests(&self) -> impl Iterator<Item = (&Id, &str)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Request { id, method } => Some((id, method.as_str())),
            Part::Notification { .. } | Part::Response { .. } => None,
        })
    }

    /// Returns the only request of a message that is no batch.
    pub fn request(&self) -> Option<(&Id, &str)> {
        match self.parts.as_slice() {
            [Part::Request { id, method }] if !self.is_batch() => Some((id, method)),
            _ => None,
        }
    }

    /// Returns the method of a message that is only a notification.
    pub fn notification(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Notification { method }] if !self.is_batch() => Some(method),
            _ => None,
        }
    }

    /// Returns the members of a message that is no batch.
    pub(crate) fn envelope(&self) -> Option<Envelope<'_>> {
        serde_json::from_str(&self.text).ok()
    }

    /// Reads some of the parameters of a message that is no batch.
    pub(crate) fn params<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_str(self.envelope()?.params?.get()).ok()
    }

    /// Reads some of the result in an answer.
    pub(crate) fn result<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_str(self.envelope()?.result?.get()).ok()
    }

    fn is_batch(&self) -> bool {
        self.text.trim_start().starts_with('[')
    }
}

impl fmt::Debug for Message {
    /// Leaves out the text: messages may hold anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({} bytes, {:?})", self.text.len(), self.parts)
    }
}

impl Id {
    /// Returns the id as JSON.
    pub fn json(&self) -> String {
        match self {
            Id::Number(digits) => digits.clone(),
            Id::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
        }
    }

    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        let raw = raw.get();
        match raw.as_bytes().first()? {
            _ if raw.len() > ID_BYTES_MAX => None,
            b'"' => serde_json::from_str(raw).ok().map(Id::Text),
            b'-' | b'0'..=b'9' => Some(Id::Number(raw.to_owned())),
            _ => None,
        }
    }
}

/// Returns the message that answers a request with an error; `None` stands for an id that is not known.
pub fn error_response(id: Option<&Id>, code: i64, message: &str) -> String {
    let id = id.map_or_else(|| "null".to_owned(), Id::json);
    let message = serde_json::Value::from(message);
    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{message}}}}}"#)
}

/// Returns the message that answers a request with the error of another message, as it is spelled.
pub(crate) fn error_response_with(id: &Id, error: &RawValue) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":{},"error":{}}}"#,
        id.json(),
        error.get()
    )
}

fn parts(text: &str) -> Result<Vec<Part>, MessageError> {
    if !text.trim_start().starts_with('[') {
        let envelope: Envelope = serde_json::from_str(text).map_err(|_| MessageError::NotJson)?;
        return Ok(vec![part(&envelope)?]);
    }
    let envelopes: Vec<Envelope> = serde_json::from_str(text).map_err(|_| MessageError::NotJson)?;
    if envelopes.is_empty() || envelopes.len() > BATCH_MAX {
        return Err(MessageError::NotRpc);
    }
    envelopes.iter().map(part).collect()
}

fn part(envelope: &Envelope) -> Result<Part, MessageError> {
    let has_outcome = envelope.result.is_some() || envelope.error.is_some();
    match (&envelope.method, envelope.id) {
        (Some(method), Some(id)) if !has_outcome => Ok(Part::Request {
            id: Id::read(id).ok_or(MessageError::NotRpc)?,
            method: method.clone().into_owned(),
        }),
        (Some(method), None) if !has_outcome => Ok(Part::Notification {
            method: method.clone().into_owned(),
        }),
        (None, id) if has_outcome => Ok(Part::Response {
            id: match id {
                None => None,
                Some(id) if id.get() == "null" => None,
                Some(id) => Some(Id::read(id).ok_or(MessageError::NotRpc)?),
            },
        }),
        _ => Err(MessageError::NotRpc),
    }
}

/// Tells a member that is `null` from one that is not there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::{Id, MESSAGE_BYTES_MAX, Message, MessageError, Part, error_response};

    fn read(text: &str) -> Result<Message, MessageError> {
        Message::read(text.as_bytes().to_vec())
    }

    fn request(id: Id, method: &str) -> Part {
        Part::Request {
            id,
            method: method.to_owned(),
        }
    }

    #[test]
    fn keeps_the_text_as_it_came_in() {
        let text = r#" {"id" : 1.0e0,"x":{"y":[1,2 ,3]},"jsonrpc":"2.0","method":"\u0074ools/call","é":"\u00e9\/"}  "#;
        let message = read(text).expect("it is a request");
        assert_eq!(message.text(), text);
        let id = Id::Number("1.0e0".to_owned());
        assert_eq!(message.parts(), [request(id, "tools/call")]);
    }

    #[test]
    fn tells_what_a_message_is() {
        let text = |id: &str| Id::Text(id.to_owned());
        let check = |input: &str, expect: &[Part]| {
            assert_eq!(
                read(input).expect("it is a message").parts(),
                expect,
                "{input}"
            );
        };
        check(r#"{"id":"a\n","method":"m"}"#, &[request(text("a\n"), "m")]);
        let method = "n".to_owned();
        check(r#"{"method":"n"}"#, &[Part::Notification { method }]);
        for (input, id) in [
            (r#"{"id":"a","result":null}"#, Some(text("a"))),
            (r#"{"id":"a","error":{}}"#, Some(text("a"))),
            (r#"{"id":null,"error":{}}"#, None),
            (r#"{"error":{}}"#, None),
        ] {
            check(input, &[Part::Response { id }]);
        }
        let batch = r#" [{"id":1,"method":"a"},{"id":2,"method":"b"}]"#;
        let number = |id: &str| Id::Number(id.to_owned());
        check(
            batch,
            &[request(number("1"), "a"), request(number("2"), "b")],
        );
        assert_eq!(read(batch).expect("it is a batch").request(), None);
    }

    #[test]
    fn refuses_what_two_readers_would_read_differently() {
        for input in [
            "",
            "nonsense",
            "{",
            r#"{"id":1,"id":2,"method":"m"}"#,
            r#"{"id":1,"method":"m","method":"n"}"#,
            r#"{"id":1,"method":"m"}{"id":2,"method":"m"}"#,
            "[1]",
        ] {
            assert_eq!(read(input), Err(MessageError::NotJson), "{input}");
        }
        let long = format!(r#"{{"id":"{}","method":"m"}}"#, "x".repeat(2000));
        for input in [
            "{}",
            "[]",
            r#"{"id":null,"method":"m"}"#,
            r#"{"id":{},"method":"m"}"#,
            r#"{"id":1}"#,
            r#"{"id":1,"method":"m","result":1}"#,
            &long,
        ] {
            assert_eq!(read(input), Err(MessageError::NotRpc), "{input}");
        }
        assert_eq!(
            Message::read(vec![b'"', 0xff, b'"']),
            Err(MessageError::NotText)
        );
        let huge = vec![b' '; MESSAGE_BYTES_MAX + 1];
        assert_eq!(Message::read(huge), Err(MessageError::TooLarge));
    }

    #[test]
    fn puts_a_message_into_one_line() {
        let message = read("{\n\"id\":1,\r\n\"result\":\"a\\nb\"}").expect("it is a response");
        assert_eq!(message.text(), r#"{ "id":1,  "result":"a\nb"}"#);
    }

    #[test]
    fn survives_deep_nesting() {
        let deep = format!(
            r#"{{"id":1,"result":{}{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(read(&deep).is_ok());
    }

    #[test]
    fn answers_with_the_id_as_it_was() {
        assert_eq!(
            error_response(Some(&Id::Text("a\"".to_owned())), -32000, "no \"x\""),
            r#"{"jsonrpc":"2.0","id":"a\"","error":{"code":-32000,"message":"no \"x\""}}"#
        );
        assert!(error_response(None, -32700, "x").contains(r#""id":null"#));
    }
}
