//! Taking the value out of what a program printed.

use std::fmt;

use countersign_model::SecretText;
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use zeroize::Zeroizing;

use super::asking::Answer;
use crate::wiped::Wiped;

/// Why there is no value in an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoValue {
    NotFound,
    Empty,
    Unusable(&'static str),
}

const NOT_TEXT: NoValue = NoValue::Unusable("it is not text");
const ANOTHER_FORM: NoValue = NoValue::Unusable("its program answered in another form");

/// Takes the value out.
pub(super) fn value(
    mut output: Zeroizing<Vec<u8>>,
    answer: &Answer<'_>,
) -> Result<SecretText, NoValue> {
    let found = match answer {
        Answer::Text => {
            without_line_end(&mut output);
            let bytes = std::mem::take(&mut *output);
            match String::from_utf8(bytes) {
                Ok(text) => SecretText::new(text),
                Err(error) => {
                    drop(Zeroizing::new(error.into_bytes()));
                    return Err(NOT_TEXT);
                }
            }
        }
        Answer::Line(index) => {
            let text = std::str::from_utf8(&output).map_err(|_| NOT_TEXT)?;
            let line = text.lines().nth(*index).ok_or(NoValue::NotFound)?;
            SecretText::new(line.to_owned())
        }
        Answer::Json => json(&output)?,
        Answer::JsonKey(key) => {
            let object = json(&output)?;
            under_key(object.expose("the value is a part of it"), key)?
        }
        Answer::BitwardenItem { item, field } => bitwarden(&output, item, field)?,
    };
    if found.is_empty() {
        return Err(NoValue::Empty);
    }
    if found.expose("a value is looked at").contains('\0') {
        return Err(NoValue::Unusable("it has a zero byte"));
    }
    Ok(found)
}

/// Removes exactly one line end: the one that the program put there.
fn without_line_end(output: &mut Vec<u8>) {
    if output.last() == Some(&b'\n') {
        output.pop();
        if cfg!(windows) && output.last() == Some(&b'\r') {
            output.pop();
        }
    }
}

fn json(output: &[u8]) -> Result<SecretText, NoValue> {
    // Nothing under the query: a secret of bytes, or one that was never set.
    match serde_json::from_slice::<Option<Wiped>>(output) {
        Ok(Some(Wiped(text))) => Ok(text),
        Ok(None) => Err(NoValue::NotFound),
        Err(_) => Err(ANOTHER_FORM),
    }
}

fn under_key(object: &str, key: &str) -> Result<SecretText, NoValue> {
    let mut deserializer = serde_json::Deserializer::from_str(object);
    let found = deserializer.deserialize_map(OneKey(key));
    match found {
        Ok(Some(Field::Text(text))) => Ok(text),
        Ok(Some(Field::Other)) => Err(NoValue::Unusable("what is under the key is no text")),
        Ok(None) => Err(NoValue::NotFound),
        Err(_) => Err(NoValue::Unusable("it is no JSON object with a key")),
    }
}

#[derive(Deserialize)]
struct BitwardenItem {
    id: String,
    name: String,
    #[serde(default)]
    notes: Option<Wiped>,
    #[serde(default)]
    login: Option<BitwardenLogin>,
    #[serde(default)]
    fields: Option<Vec<BitwardenField>>,
}

#[derive(Deserialize)]
struct BitwardenLogin {
    #[serde(default)]
    username: Option<Wiped>,
    #[serde(default)]
    password: Option<Wiped>,
}

#[derive(Deserialize)]
struct BitwardenField {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    value: Option<Wiped>,
}

fn bitwarden(output: &[u8], item: &str, field: &str) -> Result<SecretText, NoValue> {
    let found: BitwardenItem = serde_json::from_slice(output).map_err(|_| ANOTHER_FORM)?;
    let is_it =
        found.id.eq_ignore_ascii_case(item) || found.name.to_lowercase() == item.to_lowercase();
    if !is_it {
        return Err(NoValue::NotFound);
    }
    let login = found.login;
    let value = match field {
        "notes" => found.notes,
        "username" => login.and_then(|login| login.username),
        "password" => login.and_then(|login| login.password),
        name => found
            .fields
            .unwrap_or_default()
            .into_iter()
            .find(|field| field.name.as_deref() == Some(name))
            .and_then(|field| field.value),
    };
    value.map(|Wiped(text)| text).ok_or(NoValue::NotFound)
}

/// The value of one key of an object; the others are not kept.
struct OneKey<'a>(&'a str);

impl<'de> Visitor<'de> for OneKey<'_> {
    type Value = Option<Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

enum Field {
    Text(SecretText),
    Other,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldVisitor)
    }
}

struct FieldVisitor;

impl<'de> Visitor<'de> for FieldVisitor {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Field, E> {
        Ok(Field::Text(SecretText::new(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Field, E> {
        Ok(Field::Text(SecretText::new(text)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Field, E> {
        Ok(Field::Text(SecretText::new(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Field, E> {
        Ok(Field::Text(SecretText::new(number.to_string())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_unit<E>(self) -> Result<Field, E> {
        Ok(Field::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Field, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Field::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Field, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Field::Other)
    }
}
