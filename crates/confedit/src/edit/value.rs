use std::fmt;

use zeroize::Zeroizing;

use crate::{Kind, Node};

/// A value to be written. Text is wiped when dropped and not shown by `Debug`, as it may be a
/// credential.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing. TOML has no such value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as it is to be spelled.
    Number(String),
    /// Text.
    Text(Zeroizing<String>),
    /// A list.
    List(Vec<Value>),
    /// A map, in this order.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Makes text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }

    /// Makes a list of texts.
    pub fn list(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// Makes a map of texts.
    pub fn map(members: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        let member = |(key, text): (_, _)| (Into::into(key), Self::text(text));
        Self::Map(members.into_iter().map(member).collect())
    }

    /// Copies a value that was read.
    pub fn of(node: &Node) -> Self {
        match &node.kind {
            Kind::Null => Self::Null,
            Kind::Bool(truth) => Self::Bool(*truth),
            Kind::Number(number) => Self::Number(number.clone()),
            Kind::Text(text) => Self::Text(text.clone()),
            Kind::List(elements) => Self::List(elements.iter().map(Self::of).collect()),
            Kind::Map(members) => Self::Map(
                members
                    .iter()
                    .map(|member| (member.key.clone(), Self::of(&member.value)))
                    .collect(),
            ),
        }
    }

    /// Returns a length that no spelling of the value exceeds in any format, so that text never moves
    /// while it grows and leaves a copy behind.
    pub(super) fn spelled_bytes_max(&self) -> usize {
        /// An escape of one byte.
        const ESCAPED_MAX: usize = 6;
        /// Quotes, or what stands around and between elements.
        const AROUND: usize = 8;
        let text_max = |text: &str| text.len() * ESCAPED_MAX + AROUND;
        match self {
            Self::Null | Self::Bool(_) => AROUND,
            Self::Number(number) => number.len(),
            Self::Text(text) => text_max(text),
            Self::List(values) => {
                let element = |value: &Self| value.spelled_bytes_max() + AROUND;
                values.iter().map(element).sum::<usize>() + AROUND
            }
            Self::Map(members) => {
                let member = |(key, value): &(String, Self)| {
                    text_max(key) + value.spelled_bytes_max() + AROUND
                };
                members.iter().map(member).sum::<usize>() + AROUND
            }
        }
    }
}

impl fmt::Debug for Value {
    /// Shows the structure and the keys; no text of a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(_) => f.write_str("number"),
            Self::Text(text) => write!(f, "text({})", text.len()),
            Self::List(elements) => f.debug_list().entries(elements).finish(),
            Self::Map(members) => f
                .debug_map()
                .entries(members.iter().map(|(key, value)| (key, value)))
                .finish(),
        }
    }
}
