//! Reading what registries answer: every part is optional, has a bound, and may be of another type than it
//! should be.

use serde::{Deserialize, de::IgnoredAny};

/// Releases of one package that are looked at.
pub(crate) const RELEASES_MAX: usize = 20_000;

/// Characters of a text that is kept.
const TEXT_CHARS_MAX: usize = 500;

/// Entries of a list inside an answer that are kept.
pub(crate) const LIST_MAX: usize = 200;

/// Why an answer was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no JSON, or not of the form that it should have.
    #[error("read the answer: {0}")]
    Form(String),
    /// It is about something else than what was asked for.
    #[error("read the answer: it is about something else")]
    Other,
    /// It has more parts than are looked at.
    #[error("read the answer: it has more than {0} {1}")]
    TooMany(usize, &'static str),
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        // The place alone: the message may repeat what stands there.
        let what = match error.classify() {
            serde_json::error::Category::Data => "it has another form",
            _ => "it is no JSON",
        };
        Self::Form(format!("{what} (line {})", error.line()))
    }
}

/// A part that registries write in several ways: the one that is known, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Part<T>(pub(crate) Option<T>);

impl<T> Default for Part<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Part<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either<T> {
            Known(T),
            Other(IgnoredAny),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Known(known) => Self(Some(known)),
            Either::Other(IgnoredAny) => Self(None),
        })
    }
}

/// Returns a text that is not longer than what is kept.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// Reads a time as registries write it (RFC 3339), in seconds since 1970.
pub(crate) fn time(text: &str) -> Option<i64> {
    let time: jiff::Timestamp = text.parse().ok()?;
    Some(time.as_second())
}

#[cfg(test)]
mod tests {
    use countersign_model::{Ecosystem, Package, VersionSpec};

    use super::{Part, ReadError, time};
    use crate::{mcp, npm, osv, pypi};

    #[test]
    fn a_part_of_another_type_is_no_part() {
        let read = |text: &str| {
            serde_json::from_str::<Part<String>>(text)
                .expect("is read")
                .0
        };
        assert_eq!(read("\"a\""), Some("a".to_owned()));
        for text in ["1", "null", "{\"a\": [1]}", "[]"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_was_read() {
        let error = serde_json::from_str::<u8>("\"hunter2\"").expect_err("is no number");
        let said = ReadError::from(error).to_string();
        assert_eq!(said, "read the answer: it has another form (line 1)");
    }

    #[test]
    fn no_byte_of_an_answer_makes_a_reader_fail_otherwise_than_by_an_error() {
        let package = Package {
            ecosystem: Ecosystem::Npm,
            name: "a".to_owned(),
            version: VersionSpec::Unstated,
        };
        for document in [npm::tests::DOCUMENT, pypi::tests::DOCUMENT] {
            let bytes = document.as_bytes();
            for at in 0..bytes.len() {
                for other in [&b""[..], b"{", b"[", b"\"", b"0", b"-1e999", b"null"] {
                    let changed = [&bytes[..at], other, &bytes[at + 1..]].concat();
                    let text = String::from_utf8(changed).expect("is ASCII");
                    // What comes of it does not matter here: it comes back.
                    let _ = npm::read(&text, "@acme/server");
                    let _ = pypi::read(&text, "acme-server");
                    let _ = pypi::read_index(&text, "acme-server");
                    let _ = mcp::read(&text, "a");
                    let _ = osv::read(&text, &package);
                }
            }
        }
    }

    #[test]
    fn a_time_is_read_with_and_without_parts_of_a_second() {
        assert_eq!(time("1970-01-01T00:00:10Z"), Some(10));
        assert_eq!(time("1970-01-01T00:00:10.123456Z"), Some(10));
        assert_eq!(time("yesterday"), None);
    }
}
