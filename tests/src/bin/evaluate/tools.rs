//! What would be said about a tool: the worst finding in it, and what it does.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
};

use countersign_model::Severity;
use countersign_rules::{SurfaceLook, check_surface};
use countersign_surface::{Builder, Item, ItemKind, Surface, effect};
use serde_json::{Map, Value, json};

/// The names of the tools of each server, without which a text about another tool cannot be judged.
pub(crate) struct Servers<'a>(BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>);

impl<'a> Servers<'a> {
    /// Gathers the names.
    pub(crate) fn of(records: &'a [Value]) -> Self {
        let mut servers: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for record in records {
            servers
                .entry(key(record))
                .or_default()
                .insert(text(record, "tool"));
        }
        Self(servers)
    }
}

fn key(record: &Value) -> (&str, &str) {
    let source = record["source"]["repo"].as_str().unwrap_or_default();
    (source, text(record, "server"))
}

fn text<'a>(record: &'a Value, member: &str) -> &'a str {
    record[member].as_str().unwrap_or_default()
}

/// Predicts for one tool. A warning is shown from `medium` on.
pub(crate) fn predict(servers: &Servers<'_>, record: &Value) -> Result<Value, Box<dyn Error>> {
    let siblings = servers.0.get(&key(record)).into_iter().flatten();
    let name = text(record, "tool");
    let (surface, tool) = surface(record, siblings.filter(|sibling| **sibling != name))?;
    let look = SurfaceLook {
        surface: &surface,
        server: text(record, "server"),
        neighbours: &[],
    };
    let findings = check_surface(&look);
    let mut own = findings.iter().filter(|finding| finding.item == name);
    let worst = own.clone().map(|finding| finding.severity).max();
    let rules: BTreeSet<String> = own
        .by_ref()
        .map(|finding| format!("{}:{}", finding.rule, finding.severity.name()))
        .collect();
    Ok(json!({
        "id": record["id"],
        "verdict": worst >= Some(Severity::Medium),
        "severity": worst.unwrap_or(Severity::Info).name(),
        "effect": effect(&tool).effect.name(),
        "rules": rules,
    }))
}

/// Builds a surface of a record, with the names of its siblings. Annotations belong to it; the effect
/// is judged without them.
fn surface<'a>(
    record: &Value,
    siblings: impl Iterator<Item = &'a &'a str>,
) -> Result<(Surface, Item), Box<dyn Error>> {
    let mut tool = Map::new();
    tool.insert("name".into(), record["tool"].clone());
    for (member, field) in [
        ("description", "description"),
        ("inputSchema", "input_schema"),
    ] {
        if let Some(value) = record.get(field).filter(|value| !value.is_null()) {
            tool.insert(member.into(), value.clone());
        }
    }
    let bare = built([Value::Object(tool.clone())])?;
    if record["annotations"].is_object() {
        tool.insert("annotations".into(), record["annotations"].clone());
    }
    let tools = siblings.map(|name| json!({ "name": name }));
    let surface = built(std::iter::once(Value::Object(tool)).chain(tools))?;
    let bare = bare.tools().next().ok_or("the tool was refused")?.clone();
    Ok((surface, bare))
}

fn built(tools: impl IntoIterator<Item = Value>) -> Result<Surface, Box<dyn Error>> {
    let tools: Vec<Value> = tools.into_iter().collect();
    let mut builder = Builder::new();
    builder.page(ItemKind::Tool, &json!({ "tools": tools }).to_string())?;
    Ok(builder.finish())
}
