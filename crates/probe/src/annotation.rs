//! Arguments of tools that revision 2026-07-28 wants repeated in headers, which whoever speaks HTTP must
//! do: a client that speaks over standard input does not know that the server is a remote one.
//!
//! Source: the specification's `2026-07-28/basic/transports/streamable-http`, "Custom Headers from Tool
//! Parameters".

use std::{borrow::Cow, collections::HashMap, ops::Range};

use reqwest::header::{HeaderMap, HeaderName};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{Message, mirror::encoded};

const KEY: &str = "x-mcp-header";

/// Tools whose arguments are repeated in headers; of further ones it is not known.
const TOOLS_MAX: usize = 4096;

/// Headers of one tool.
const HEADERS_MAX: usize = 64;

/// Keywords of JSON Schema that hold one schema, or several in an array.
const NESTED: [&str; 15] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];

/// Keywords of JSON Schema that hold schemas by name.
const NAMED: [&str; 4] = [
    "$defs",
    "definitions",
    "dependentSchemas",
    "patternProperties",
];

/// The arguments that are repeated in headers, by tool.
#[derive(Debug, Default)]
pub(crate) struct Annotations(HashMap<String, Vec<Annotation>>);

#[derive(Debug, PartialEq, Eq)]
struct Annotation {
    header: HeaderName,
    path: Vec<String>,
}

#[derive(Deserialize)]
struct Listed<'a> {
    #[serde(borrow)]
    tools: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Tool<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(rename = "inputSchema")]
    schema: Option<Value>,
}

#[derive(Deserialize)]
struct Call<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    arguments: Option<Value>,
}

impl Annotations {
    /// Learns from an answer to `tools/list`. Returns the answer without the tools whose definitions the
    /// specification calls invalid, and their names; the text of everything else stays as it is.
    pub(crate) fn learn(&mut self, answer: Message) -> (Message, Vec<String>) {
        let Some(listed) = answer.result::<Listed>() else {
            return (answer, Vec::new());
        };
        let mut invalid = Vec::new();
        for (index, raw) in listed.tools.iter().enumerate() {
            // A definition without the key matters only where the tool had it before.
            if self.0.is_empty() && !raw.get().contains(KEY) {
                continue;
            }
            let Ok(tool) = serde_json::from_str::<Tool>(raw.get()) else {
                continue;
            };
            match tool.schema.as_ref().map_or(Some(Vec::new()), annotations) {
                None => invalid.push((index, tool.name.into_owned())),
                Some(found) if found.is_empty() => drop(self.0.remove(tool.name.as_ref())),
                Some(found) if self.0.len() < TOOLS_MAX => {
                    self.0.insert(tool.name.into_owned(), found);
                }
                Some(_) => {}
            }
        }
        if invalid.is_empty() {
            return (answer, Vec::new());
        }
        let indices: Vec<usize> = invalid.iter().map(|(index, _)| *index).collect();
        let text = without(answer.text(), &listed.tools, &indices);
        let names = invalid.into_iter().map(|(_, name)| name).collect();
        // What is left of a message is one; should it not be, nothing of it is handed on.
        match Message::read(text.into_bytes()) {
            Ok(message) => (message, names),
            Err(_) => (answer, Vec::new()),
        }
    }

    /// Adds the headers of a call, with the values of its arguments.
    pub(crate) fn mirror(&self, message: &Message, headers: &mut HeaderMap) {
        if self.0.is_empty()
            || message
                .request()
                .is_none_or(|(_, method)| method != "tools/call")
        {
            return;
        }
        let Some(call) = message.params::<Call>() else {
            return;
        };
        let Some(arguments) = call.arguments else {
            return;
        };
        for annotation in self.0.get(call.name.as_ref()).into_iter().flatten() {
            let mut path = annotation.path.iter();
            let value = path.try_fold(&arguments, |value, key| value.get(key));
            if let Some(value) = value.and_then(text).and_then(|text| encoded(&text)) {
                headers.insert(&annotation.header, value);
            }
        }
    }
}

/// Returns an argument as the text that a header repeats.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(is_true) => Some(is_true.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns what a schema wants repeated; `None` where it says so in a way that makes the tool invalid.
fn annotations(schema: &Value) -> Option<Vec<Annotation>> {
    let mut found = Vec::new();
    if schema.get(KEY).is_some() {
        return None;
    }
    collect(schema, &mut Vec::new(), &mut found)?;
    let names: std::collections::HashSet<_> = found.iter().map(|one| &one.header).collect();
    (names.len() == found.len() && found.len() <= HEADERS_MAX).then_some(found)
}

/// Collects the annotations below a schema that is reached by `properties` alone.
fn collect(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Annotation>) -> Option<()> {
    let Some(members) = schema.as_object() else {
        return Some(());
    };
    for (keyword, value) in members {
        if keyword == "properties" {
            for (name, property) in value.as_object().into_iter().flatten() {
                path.push(name.clone());
                if let Some(suffix) = property.get(KEY) {
                    let header = header(suffix, property)?;
                    let path = path.clone();
                    found.push(Annotation { header, path });
                }
                collect(property, path, found)?;
                path.pop();
            }
        } else if is_annotated(keyword, value) {
            return None;
        }
    }
    Some(())
}

/// Returns whether a keyword holds a schema in which something is annotated, at any depth.
fn is_annotated(keyword: &str, value: &Value) -> bool {
    let schema = |value: &Value| {
        let members = value.as_object();
        members.is_some_and(|members| {
            members.contains_key(KEY) || members.iter().any(|(key, value)| is_annotated(key, value))
        })
    };
    match value {
        Value::Object(named) if NAMED.contains(&keyword) || keyword == "properties" => {
            named.values().any(schema)
        }
        Value::Array(several) if NESTED.contains(&keyword) => several.iter().any(schema),
        Value::Object(_) if NESTED.contains(&keyword) => schema(value),
        _ => false,
    }
}

fn header(suffix: &Value, property: &Value) -> Option<HeaderName> {
    let suffix = suffix.as_str().filter(|suffix| !suffix.is_empty())?;
    let kind = property.get("type").and_then(Value::as_str)?;
    if !matches!(kind, "string" | "integer" | "boolean") {
        return None;
    }
    HeaderName::from_bytes(format!("mcp-param-{suffix}").as_bytes()).ok()
}

/// Leaves elements of an array out of the text that they are slices of.
fn without(text: &str, elements: &[&RawValue], indices: &[usize]) -> String {
    let range = |element: &RawValue| -> Range<usize> {
        // A raw value that was read from a text is a slice of it.
        let start = element.get().as_ptr().addr() - text.as_ptr().addr();
        start..start + element.get().len()
    };
    let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
        return text.to_owned();
    };
    let kept = elements
        .iter()
        .enumerate()
        .filter(|(index, _)| !indices.contains(index));
    let kept = kept
        .map(|(_, element)| element.get())
        .collect::<Vec<_>>()
        .join(",");
    let (before, after) = (&text[..range(first).start], &text[range(last).end..]);
    [before, &kept, after].concat()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::{Annotations, annotations};
    use crate::Message;

    fn message(text: &str) -> Message {
        Message::read(text.as_bytes().to_vec()).expect("it is a message")
    }

    fn tool(name: &str, schema: &serde_json::Value) -> String {
        json!({"name": name, "inputSchema": schema}).to_string()
    }

    fn list(tools: &[String]) -> Message {
        let tools = tools.join(" , ");
        message(&format!(
            r#"{{"id":1, "result":{{"tools":[ {tools} ],"ttlMs":1}} }}"#
        ))
    }

    fn headers(known: &Annotations, arguments: &str) -> Vec<(String, String)> {
        let call = format!(
            r#"{{"id":1,"method":"tools/call","params":{{"name":"sql","arguments":{arguments}}}}}"#
        );
        let mut headers = HeaderMap::new();
        known.mirror(&message(&call), &mut headers);
        let text = |value: &reqwest::header::HeaderValue| value.to_str().expect("text").to_owned();
        headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn repeats_the_arguments_that_a_tool_names() {
        let schema = json!({"type": "object", "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "where": {"type": "object", "properties": {
                "limit": {"type": "integer", "x-mcp-header": "Limit"},
                "dry": {"type": "boolean", "x-mcp-header": "Dry"}}},
            "x-mcp-header": {"type": "string"}}});
        let mut known = Annotations::default();
        let listed = list(&[tool("sql", &schema), tool("plain", &json!({}))]);
        let (answer, left_out) = known.learn(listed.clone());
        assert_eq!((answer, left_out.len()), (listed, 0));
        assert_eq!(
            headers(
                &known,
                r#"{"region":"é","where":{"limit":-7,"dry":true},"x":1}"#
            ),
            [
                pair("mcp-param-region", "=?base64?w6k=?="),
                pair("mcp-param-limit", "-7"),
                pair("mcp-param-dry", "true"),
            ]
            .into_iter()
            .collect::<Vec<_>>()
        );
        assert_eq!(headers(&known, r#"{"region":null,"where":[]}"#), []);
        known.learn(list(&[tool("sql", &json!({"type": "object"}))]));
        assert_eq!(headers(&known, r#"{"region":"a"}"#), []);
    }

    #[test]
    fn leaves_out_tools_whose_annotations_are_invalid() {
        let bad = json!({"properties": {"a": {"type": "number", "x-mcp-header": "A"}}});
        let good = json!({"properties": {"a": {"type": "string", "x-mcp-header": "A"}}});
        let tools = [
            tool("b1", &bad),
            tool("sql", &good),
            tool("b2", &bad),
            tool("é", &json!({})),
        ];
        let (answer, left_out) = Annotations::default().learn(list(&tools));
        assert_eq!(left_out, ["b1", "b2"]);
        let kept = [tools[1].as_str(), &tools[3]].join(",");
        let expect = format!(r#"{{"id":1, "result":{{"tools":[ {kept} ],"ttlMs":1}} }}"#);
        assert_eq!(answer.text(), expect);
        let (answer, _) = Annotations::default().learn(list(&tools[..1]));
        assert_eq!(
            answer.text(),
            r#"{"id":1, "result":{"tools":[  ],"ttlMs":1} }"#
        );
    }

    #[test]
    fn knows_which_annotations_are_invalid() {
        let named = |value: serde_json::Value| json!({"properties": {"a": value}});
        let plain = json!({"type": "string", "x-mcp-header": "A"});
        for schema in [
            plain.clone(),
            named(json!({"type": "string", "x-mcp-header": ""})),
            named(json!({"type": "string", "x-mcp-header": "a b"})),
            named(json!({"type": "string", "x-mcp-header": "a\r\nb"})),
            named(json!({"type": "string", "x-mcp-header": 1})),
            named(json!({"type": ["string", "null"], "x-mcp-header": "A"})),
            named(json!({"x-mcp-header": "A"})),
            named(json!({"type": "array", "items": plain})),
            named(json!({"anyOf": [{"properties": {"b": plain}}]})),
            json!({"$defs": {"a": plain}}),
            json!({"properties": {"a": plain, "b": {"type": "string", "x-mcp-header": "a"}}}),
        ] {
            assert_eq!(annotations(&schema), None, "{schema}");
        }
        for schema in [
            json!(true),
            named(json!({"type": "object", "default": {"x-mcp-header": "A"}})),
            json!({"const": {"x-mcp-header": "A"}, "items": {"properties": {"x-mcp-header": {}}}}),
        ] {
            assert_eq!(
                annotations(&schema).map(|found| found.len()),
                Some(0),
                "{schema}"
            );
        }
    }
}
