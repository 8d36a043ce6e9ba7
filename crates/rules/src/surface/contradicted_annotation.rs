use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::{ToolEffect, effect};
use serde_json::Value;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("contradicted-annotation"),
        title: "Hint that its tool contradicts",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1001"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-1059"),
        ],
        why: "The server says that the tool only reads, and everything else about the tool says that it changes something. Clients call such a tool without asking.",
        example: "\"delete_file\" with \"readOnlyHint\": true",
        remedy: "Do not let the tool be called without being asked.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for tool in seen.look.surface.tools() {
        let hint = |name: &str| {
            tool.value()
                .get("annotations")
                .and_then(|hints| hints.get(name))
                .and_then(Value::as_bool)
        };
        let verdict = effect(tool);
        if verdict.confidence < Confidence::Medium {
            continue;
        }
        let told = |what: &str| format!("The tool {what}: {}.", verdict.because.join(", "));
        let message = if hint("readOnlyHint") == Some(true) && verdict.effect > ToolEffect::Read {
            told("says that it only reads")
        } else if hint("destructiveHint") == Some(false)
            && verdict.effect == ToolEffect::Destructive
            && verdict.confidence == Confidence::High
        {
            told("says that it destroys nothing")
        } else {
            continue;
        };
        let severity = if verdict.confidence == Confidence::High {
            Severity::Medium
        } else {
            Severity::Low
        };
        hits.push(SurfaceHit::at_item(tool, message).severity(severity));
    }
    hits
}
