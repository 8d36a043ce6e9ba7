//! Writing a value in a client's format, with what that format allows beyond the plain form.

use countersign_clients::Format;
use serde_json::{Map, Value};

pub(super) fn text(root: &Value, format: Format) -> String {
    match format {
        Format::Json => format!("\u{FEFF}{root:#}\n"),
        Format::Jsonc | Format::Sqlite | Format::Other => {
            let body = format!("{root:#}");
            let end = body.rfind(['}', ']']).unwrap_or(body.len());
            // A comment before, and a comma after the last member.
            let (head, tail) = body.split_at(end);
            format!("// servers\r\n{},\r\n{tail} /* end */\r\n", head.trim_end())
        }
        Format::Json5 => format!("/* servers */\n{}\n", json5(root)),
        Format::Yaml => format!("# servers\n{}", block(root, 0)),
        Format::Markdown => format!("---\nname: helper\n{}---\n\n# Helper\n", block(root, 0)),
        Format::Toml => {
            let mut out = "# servers\n".to_owned();
            table(root, &[], &mut out);
            out
        }
    }
}

fn json5(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let inner: String = members
                .iter()
                .map(|(key, value)| format!("{}: {},\n", bare_or_quoted(key, '\''), json5(value)))
                .collect();
            format!("{{\n{inner}}}")
        }
        Value::Array(elements) => {
            let inner: String = elements
                .iter()
                .map(|element| format!("{}, ", json5(element)))
                .collect();
            format!("[{inner}]")
        }
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

/// Block style with every string in plain or double-quoted form.
fn block(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => members
            .iter()
            .map(|(key, value)| {
                format!("{pad}{}:{}", bare_or_quoted(key, '"'), after(value, indent))
            })
            .collect(),
        Value::Array(elements) if !elements.is_empty() => elements
            .iter()
            .map(|element| match element {
                Value::Object(_) | Value::Array(_) => {
                    format!("{pad}- {}", block(element, indent + 2).trim_start())
                }
                scalar => format!("{pad}- {scalar}\n"),
            })
            .collect(),
        scalar => format!("{pad}{scalar}\n"),
    }
}

fn after(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => format!("\n{}", block(value, indent + 2)),
        Value::Array(elements) if !elements.is_empty() => format!("\n{}", block(value, indent + 2)),
        scalar => format!(" {scalar}\n"),
    }
}

/// Tables by their headers, lists of tables by theirs, everything else in place.
fn table(value: &Value, path: &[String], out: &mut String) {
    let empty = Map::new();
    let members = value.as_object().unwrap_or(&empty);
    let is_table = |value: &Value| {
        value.is_object()
            || value
                .as_array()
                .is_some_and(|list| list.iter().any(Value::is_object))
    };
    for (key, value) in members.iter().filter(|(_, value)| !is_table(value)) {
        out.push_str(&format!("{} = {value}\n", bare_or_quoted(key, '"')));
    }
    for (key, value) in members.iter().filter(|(_, value)| is_table(value)) {
        let mut inner = path.to_vec();
        inner.push(bare_or_quoted(key, '"'));
        match value.as_array() {
            Some(elements) => {
                for element in elements {
                    out.push_str(&format!("\n[[{}]]\n", inner.join(".")));
                    table(element, &inner, out);
                }
            }
            None => {
                out.push_str(&format!("\n[{}]\n", inner.join(".")));
                table(value, &inner, out);
            }
        }
    }
}

fn bare_or_quoted(key: &str, quote: char) -> String {
    let is_bare = key
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || character == '_');
    if is_bare {
        key.to_owned()
    } else {
        format!("{quote}{key}{quote}")
    }
}
