use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::builder::DEPTH_MAX;

/// The largest integer that every JSON reader reads alike: 2^53 − 1 (RFC 7493, section 2.2).
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why JSON of a server is refused: readers would not agree on what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or with what no canonical form has: one key twice, a number out of range, half a
    /// surrogate pair.
    #[error("read the list: {message}")]
    Json {
        /// What is wrong, with line and column.
        message: String,
    },
    /// JSON, and not a list of the kind that was asked for.
    #[error("read the list: it has no `{member}`")]
    NotAList {
        /// The member that is missing.
        member: &'static str,
    },
}

/// Reads JSON that every reader reads alike.
///
/// # Errors
/// [`ReadError::Json`].
pub(crate) fn read(text: &str) -> Result<Value, ReadError> {
    let failed = |error: serde_json::Error| ReadError::Json {
        message: error.to_string(),
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .map_err(failed)?;
    reader.end().map_err(failed)?;
    Ok(value)
}

/// Reads one value at a depth.
struct Strict {
    depth: usize,
}

impl Strict {
    fn inner<E: Error>(&self) -> Result<Self, E> {
        // Items are two levels below the result that lists them.
        if self.depth > DEPTH_MAX + 2 {
            return Err(E::custom(format_args!(
                "it is nested more than {DEPTH_MAX} levels deep"
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        if value > INTEGER_MAX {
            return Err(E::custom(format_args!("the integer {value} is too large")));
        }
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        if value.unsigned_abs() > INTEGER_MAX {
            return Err(E::custom(format_args!("the integer {value} is too large")));
        }
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // An integer of more than 64 bits arrives here, and has lost digits already.
        #[expect(clippy::cast_precision_loss, reason = "2^53 − 1 is exact")]
        let is_unsafe = value.fract() == 0.0 && value.abs() > INTEGER_MAX as f64;
        match Number::from_f64(value) {
            Some(number) if !is_unsafe => Ok(Value::Number(number)),
            _ => Err(E::custom(format_args!("the number {value} is too large"))),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(self.inner()?)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.inner()?)?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key {key:?} is there twice"
                )));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn refuses_what_readers_read_differently() {
        for (text, why) in [
            (r#"{"a":1,"a":2}"#, "twice"),
            (r#"{"a":{"b":1,"\u0062":2}}"#, "twice"),
            ("9007199254740992", "too large"),
            ("-9007199254740992", "too large"),
            ("123456789012345678901234567890", "too large"),
            ("1e400", "out of range"),
            (r#""\ud800""#, "hex escape"),
            ("NaN", "expected"),
            ("[1] 2", "trailing"),
            ("", "EOF"),
        ] {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn takes_the_largest_safe_integers_and_every_fraction() {
        for text in [
            "9007199254740991",
            "-9007199254740991",
            "0.1",
            "1e-300",
            "[]",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn is_bounded_in_depth() {
        let text = format!("{}{}", "[".repeat(100), "]".repeat(100));
        let error = read(&text).expect_err("is too deep").to_string();
        assert!(error.contains("nested"), "{error}");
        let text = "[".repeat(1_000_000);
        assert!(read(&text).is_err());
    }
}
