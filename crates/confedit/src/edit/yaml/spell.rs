//! Spelling YAML.

use saphyr_parser::ScalarStyle;
use zeroize::Zeroizing;

use crate::{
    Kind,
    edit::{Value, escapes},
    yaml::resolve,
};

/// How members and elements are spelled beside others.
#[derive(Clone, Copy)]
pub(super) struct Style<'text> {
    /// What a line ends with.
    pub(super) newline: &'text str,
    /// Blanks by which the members of a map stand deeper than its key.
    pub(super) unit: usize,
    /// Blanks by which the dashes of a list stand deeper than its key; nothing where lists stand
    /// between brackets.
    pub(super) dashes: Option<usize>,
}

/// Spells a member of a map that has lines.
pub(super) fn member(
    key: &str,
    value: &Value,
    indentation: &str,
    style: Style<'_>,
) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(length_max(
        key,
        value,
        indentation,
        style,
    )));
    write_text(key, &mut out);
    out.push(':');
    write_behind_colon(value, indentation, style, &mut out);
    out
}

fn write_behind_colon(value: &Value, indentation: &str, style: Style<'_>, out: &mut String) {
    let line = |out: &mut String, deeper: usize| {
        out.push_str(style.newline);
        out.push_str(indentation);
        out.extend(std::iter::repeat_n(' ', deeper));
    };
    match (value, style.dashes) {
        (Value::List(values), Some(deeper)) if !values.is_empty() => {
            for value in values {
                line(out, deeper);
                out.push_str("- ");
                write(value, out);
            }
        }
        (Value::Map(members), _) if !members.is_empty() => {
            let inner = [indentation, &" ".repeat(style.unit)].concat();
            for (key, value) in members {
                line(out, style.unit);
                write_text(key, out);
                out.push(':');
                write_behind_colon(value, &inner, style, out);
            }
        }
        _ => {
            out.push(' ');
            write(value, out);
        }
    }
}

/// Returns a length that the spelling of a member does not exceed.
fn length_max(key: &str, value: &Value, indentation: &str, style: Style<'_>) -> usize {
    /// Blanks, a dash and a line end before a value that is `depth` levels deep.
    fn lines(value: &Value, line: usize, unit: usize) -> usize {
        match value {
            Value::List(values) => values
                .iter()
                .map(|value| line + lines(value, line + unit, unit))
                .sum(),
            Value::Map(members) => members
                .iter()
                .map(|(_, value)| line + lines(value, line + unit, unit))
                .sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => 0,
        }
    }
    let unit = style.unit.max(style.dashes.unwrap_or_default());
    let line = indentation.len() + unit + style.newline.len() + 2;
    Value::text(key).spelled_bytes_max() + value.spelled_bytes_max() + lines(value, line, unit)
}

/// Spells a member between brackets.
pub(super) fn flow_member(key: &str, value: &Value, colon: &str) -> Zeroizing<String> {
    let length = Value::text(key).spelled_bytes_max() + value.spelled_bytes_max();
    let mut out = Zeroizing::new(String::with_capacity(length + colon.len()));
    if colon.starts_with(':') && !colon.ends_with(' ') {
        write_quoted(key, &mut out);
    } else {
        write_text(key, &mut out);
    }
    out.push_str(colon);
    write(value, &mut out);
    out
}

/// Spells a value on one line.
pub(super) fn value(value: &Value) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.spelled_bytes_max()));
    write(value, &mut out);
    out
}

/// Spells a value in the place of a scalar, in its style where the new text allows it.
pub(super) fn over(old: ScalarStyle, new: &Value) -> Zeroizing<String> {
    let Value::Text(text) = new else {
        return value(new);
    };
    let mut out = Zeroizing::new(String::with_capacity(new.spelled_bytes_max()));
    let is_printed = text.chars().all(|character| {
        !character.is_control() && !"\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}".contains(character)
    });
    match old {
        ScalarStyle::SingleQuoted if is_printed => {
            out.push('\'');
            for character in text.chars() {
                out.push(character);
                if character == '\'' {
                    out.push(character);
                }
            }
            out.push('\'');
        }
        ScalarStyle::DoubleQuoted => write_quoted(text, &mut out),
        _ => write_text(text, &mut out),
    }
    out
}

/// Spells text as lines behind `|`; `None` where it has to have quotes.
pub(super) fn literal(text: &str, indentation: &str, newline: &str) -> Option<Zeroizing<String>> {
    let (header, body) = match text.strip_suffix('\n') {
        Some(body) => ("|", body),
        None => ("|-", text),
    };
    let is_printed = |character: char| {
        (!character.is_control() || character == '\n')
            && !"\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}".contains(character)
    };
    let fits = body.contains('\n')
        && body.chars().all(is_printed)
        && !body.starts_with([' ', '\n'])
        && !body.ends_with([' ', '\n']);
    if !fits {
        return None;
    }
    let lines = body.matches('\n').count() + 1;
    let length = header.len() + body.len() + lines * (indentation.len() + newline.len());
    let mut out = Zeroizing::new(String::with_capacity(length));
    out.push_str(header);
    for line in body.split('\n') {
        out.push_str(newline);
        if !line.is_empty() {
            out.push_str(indentation);
            out.push_str(line);
        }
    }
    Some(out)
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number),
        Value::Text(text) => write_text(text, out),
        Value::List(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write(value, out);
            }
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_text(key, out);
                out.push_str(": ");
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        write_quoted(text, out);
    }
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    text.chars()
        .for_each(|character| escapes::write_escaped(character, '"', out));
    out.push('"');
}

/// Returns whether text means itself without quotes to parsers of YAML 1.1 and 1.2 alike, also
/// between brackets.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan",
    ];
    let body = text.trim_start_matches('-');
    let dashes = text.len() - body.len();
    let starts_well =
        body.starts_with(|first: char| first.is_ascii_alphabetic() || "/_".contains(first));
    let is_known = |character: char| {
        character.is_ascii_alphanumeric() || "-_./+=@%~:".contains(character) || character == ' '
    };
    let is_word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    let has_mark = text.contains(": ") || text.contains("  ") || text.ends_with([':', ' ']);
    dashes <= 2
        && starts_well
        && !is_word
        && !has_mark
        && text.chars().all(is_known)
        && matches!(resolve(text, ScalarStyle::Plain, None), Kind::Text(_))
}
