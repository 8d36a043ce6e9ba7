use countersign_model::{Confidence, RuleId, Severity};
use std::collections::HashSet;

use countersign_model::Pointer;
use serde_json::Value;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("endless-schema"),
        title: "Schema without an end",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1501"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-674"),
        ],
        why: "References that lead in a circle, or a schema that is nested very deep, keep a careless reader busy for ever.",
        example: "\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}",
        remedy: "Ask for a schema that ends.",
    },
    check: Check::Surface(check),
};

/// Deeper schemas of tools are not written by hand.
const DEPTH_MAX: usize = 24;

/// References that are followed in one item.
const STEPS_MAX: usize = 10_000;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for item in &seen.items {
        for member in ["inputSchema", "outputSchema"] {
            let Some(schema) = item.item.value().get(member) else {
                continue;
            };
            let pointer = Pointer::root().key(member);
            if depth(schema) > DEPTH_MAX {
                let message = format!("The schema is nested more than {DEPTH_MAX} levels deep.");
                hits.push(SurfaceHit::at_item(item.item, message).pointer(pointer));
            } else if circles(schema) {
                let message = "References of the schema lead in a circle.";
                hits.push(SurfaceHit::at_item(item.item, message).pointer(pointer));
            }
        }
    }
    hits
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        _ => None,
    };
    1 + inner.unwrap_or(0)
}

/// Whether a reference leads, over references alone, to itself. A tree that holds trees is no circle:
/// each step into it takes a level of the value.
fn circles(schema: &Value) -> bool {
    let mut references = Vec::new();
    collect(schema, &mut references);
    let mut steps = 0;
    references.into_iter().any(|start| {
        let mut seen = HashSet::new();
        let mut at = start;
        loop {
            steps += 1;
            if steps > STEPS_MAX || !seen.insert(at) {
                return true;
            }
            let target = at
                .strip_prefix('#')
                .and_then(|pointer| schema.pointer(pointer));
            match target
                .and_then(|target| target.get("$ref"))
                .and_then(Value::as_str)
            {
                Some(next) => at = next,
                None => return false,
            }
        }
    })
}

fn collect<'v>(value: &'v Value, references: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|value| collect(value, references));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
