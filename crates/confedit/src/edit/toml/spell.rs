use zeroize::Zeroizing;

use crate::edit::{Value, escapes};

/// How members are spelled beside others.
#[derive(Clone, Copy)]
pub(super) struct Style<'text> {
    /// What stands between key and value.
    pub(super) equals: &'text str,
}

/// Spells a member; `None` if TOML cannot.
pub(super) fn member(
    prefix: &str,
    key: &str,
    value: &Value,
    style: Style<'_>,
) -> Option<Zeroizing<String>> {
    let length = prefix.len() + Value::text(key).spelled_bytes_max() + value.spelled_bytes_max();
    let mut out = Zeroizing::new(String::with_capacity(length + style.equals.len()));
    out.push_str(prefix);
    write_key(key, &mut out);
    out.push_str(style.equals);
    write(value, style, &mut out)?;
    Some(out)
}

/// Spells a value; `None` if TOML cannot.
pub(super) fn value(value: &Value, style: Style<'_>) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(value.spelled_bytes_max()));
    write(value, style, &mut out)?;
    Some(out)
}

/// Spells a value in the place of another, with its quotes where the new text allows them.
pub(super) fn over(old: &str, new: &Value) -> Option<Zeroizing<String>> {
    let style = Style { equals: " = " };
    let Value::Text(text) = new else {
        return value(new, style);
    };
    let is_one_line = !text.contains(['\n', '\r']);
    let is_literal = text
        .chars()
        .all(|character| !character.is_control() && character != '\'' || character == '\t');
    let delimiter = ["\"\"\"", "'''", "'"]
        .into_iter()
        .find(|quotes| old.starts_with(quotes));
    let mut out = Zeroizing::new(String::with_capacity(new.spelled_bytes_max()));
    match delimiter {
        Some("\"\"\"") if is_one_line => {
            out.push_str("\"\"\"");
            text.chars()
                .for_each(|character| escapes::write_escaped(character, '"', &mut out));
            out.push_str("\"\"\"");
        }
        Some(quotes @ ("'''" | "'")) if is_literal => {
            out.push_str(quotes);
            out.push_str(text);
            out.push_str(quotes);
        }
        _ => write_text(text, &mut out),
    }
    Some(out)
}

fn write(value: &Value, style: Style<'_>, out: &mut String) -> Option<()> {
    match value {
        Value::Null => return None,
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
                write(value, style, out)?;
            }
            out.push(']');
        }
        Value::Map(members) if members.is_empty() => out.push_str("{}"),
        Value::Map(members) => {
            out.push_str("{ ");
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                write_key(key, out);
                out.push_str(style.equals);
                write(value, style, out)?;
            }
            out.push_str(" }");
        }
    }
    Some(())
}

fn write_key(key: &str, out: &mut String) {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(is_bare) {
        out.push_str(key);
    } else {
        write_text(key, out);
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    text.chars()
        .for_each(|character| escapes::write_escaped(character, '"', out));
    out.push('"');
}
