use std::ops::Range;

use zeroize::Zeroizing;

use super::{
    EditFailure, Reason, Value,
    bracketed::{Bracketed, Newcomer},
    draft::{self, Draft, Place, Writer},
    escapes,
    plan::{Addition, Plan, Replacement},
    trivia::Comments,
};
use crate::{Document, Node, Syntax};

/// Writes JSON, JSONC and JSON5.
pub(super) struct JsonWriter<'document, 'text> {
    document: &'document Document<'text>,
    is_json5: bool,
}

/// How values are spelled beside others.
#[derive(Clone, Copy)]
struct Style {
    quote: char,
    /// Keys that are identifiers have no quotes.
    bare_keys: bool,
    colon: &'static str,
    comma: &'static str,
}

impl<'document, 'text> JsonWriter<'document, 'text> {
    pub(super) fn of(document: &'document Document<'text>, syntax: Syntax) -> Self {
        Self {
            document,
            is_json5: matches!(syntax, Syntax::Json { json5: true, .. }),
        }
    }

    fn text(&self) -> &'text str {
        self.document.text()
    }

    /// Returns the style of what stands at `range`, or else of the first string of the text.
    fn quote(&self, range: &Range<usize>) -> char {
        match self
            .text()
            .get(range.clone())
            .and_then(|text| text.chars().next())
        {
            Some('\'') if self.is_json5 => '\'',
            _ => '"',
        }
    }

    fn style(&self, node: &Node, is_compact: Option<bool>) -> Style {
        let member = node.members().first();
        let key = member.and_then(|member| self.text().get(member.key_span.clone()));
        let colon = member.and_then(|member| {
            self.text()
                .get(member.key_span.end..member.value.span.start)
        });
        let is_compact = is_compact.unwrap_or(colon == Some(":"));
        Style {
            quote: member.map_or('"', |member| self.quote(&member.value.span)),
            bare_keys: self.is_json5 && key.is_some_and(|key| !key.starts_with(['"', '\''])),
            colon: match colon {
                Some(":") => ":",
                Some(" : ") => " : ",
                _ => ": ",
            },
            comma: if is_compact { "," } else { ", " },
        }
    }
}

impl Writer for JsonWriter<'_, '_> {
    fn replace(
        &self,
        node: &Node,
        replacement: &Replacement,
        place: &Place<'_>,
    ) -> Result<Draft, EditFailure> {
        let range = node.span.clone();
        if let Some(spelling) = &replacement.spelling {
            return Ok(draft::over(range, spelling.clone(), place));
        }
        let style = Style {
            quote: self.quote(&range),
            bare_keys: false,
            colon: ": ",
            comma: ", ",
        };
        let spelled = &self.text()[range.clone()];
        let spelling = match node.as_str() {
            Some(old) if !replacement.parts.is_empty() => {
                escapes::patch(spelled, old, &replacement.parts, style.quote)
            }
            _ => None,
        };
        let spelling = match spelling {
            Some(spelling) => spelling,
            None => spell(&replacement.value, style),
        };
        Ok(draft::over(range, spelling, place))
    }

    fn reshape(
        &self,
        node: &Node,
        plan: &Plan,
        place: &Place<'_>,
        drafts: &mut Vec<Draft>,
    ) -> Result<(), EditFailure> {
        let layout = || place.refused(self.document, node.span.start, Reason::Layout);
        let mut brackets =
            Bracketed::of(self.text(), node, place.new, Comments::Slashes).ok_or_else(layout)?;
        let style = self.style(node, brackets.is_compact());
        let spell = |newcomer: Newcomer<'_>| match newcomer {
            Newcomer::Element(value) => Ok(spell(value, style)),
            Newcomer::Member(Addition {
                spelling: Some(spelling),
                ..
            }) => Ok(spelling.clone()),
            Newcomer::Member(addition) => Ok(spell_member(addition, style)),
        };
        brackets.reshape(node, plan, &spell, drafts)
    }
}

fn spell_member(addition: &Addition, style: Style) -> Zeroizing<String> {
    let mut out = Zeroizing::default();
    write_key(&addition.key, style, &mut out);
    out.push_str(style.colon);
    let value = spell(&addition.value, style);
    Zeroizing::new([out.as_str(), &value].concat())
}

fn spell(value: &Value, style: Style) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.spelled_bytes_max()));
    write(value, style, &mut out);
    out
}

fn write(value: &Value, style: Style, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number),
        Value::Text(text) => write_text(text, style.quote, out),
        Value::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push_str(style.comma);
                }
                write(value, style, out);
            }
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(style.comma);
                }
                write_key(key, style, out);
                out.push_str(style.colon);
                write(value, style, out);
            }
            out.push('}');
        }
    }
}

fn write_key(key: &str, style: Style, out: &mut String) {
    let is_identifier = key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if style.bare_keys && is_identifier {
        out.push_str(key);
    } else {
        write_text(key, style.quote, out);
    }
}

fn write_text(text: &str, quote: char, out: &mut String) {
    out.push(quote);
    for character in text.chars() {
        escapes::write_escaped(character, quote, out);
    }
    out.push(quote);
}
