use countersign_model::Pointer;
use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::{ToolEffect, word_effect};
use serde_json::Value;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("mode-parameter"),
        title: "One tool that reads and destroys",
        group: Group::Surface,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[Reference::SafeMcp("SAFE-T1104"), Reference::Owasp("MCP02")],
        why: "A parameter chooses between looking and destroying. Whoever approves the tool for the one approves the other.",
        example: "\"action\": {\"enum\": [\"list\", \"delete\"]}",
        remedy: "Ask for two tools; until then do not let this one be called without being asked.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for tool in seen.look.surface.tools() {
        let Some(properties) = tool
            .value()
            .pointer("/inputSchema/properties")
            .and_then(Value::as_object)
        else {
            continue;
        };
        for (name, schema) in properties {
            let choices = schema
                .get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let effects: Vec<ToolEffect> = choices
                .filter_map(Value::as_str)
                .filter_map(word_effect)
                .collect();
            let has = |effect| effects.contains(&effect);
            if has(ToolEffect::Read) && has(ToolEffect::Destructive) {
                let pointer = Pointer::root()
                    .key("inputSchema")
                    .key("properties")
                    .key(name)
                    .key("enum");
                let message = "The choices of the parameter both look and destroy.";
                hits.push(SurfaceHit::at_item(tool, message).pointer(pointer));
            }
        }
    }
    hits
}
