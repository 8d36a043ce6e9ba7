use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Role;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("remote-reference"),
        title: "Schema that leads elsewhere",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1501"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-829"),
        ],
        why: "A schema that refers to an address means what that address answers, today and tomorrow. Whoever follows it also tells who reads it.",
        example: "\"$ref\": \"https://…/schema.json\"",
        remedy: "Ask for a schema without addresses. Nothing was fetched.",
    },
    check: Check::Surface(check),
};

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        let place = text.text.pointer.as_str();
        let is_reference = text.text.role == Role::Schema
            && (place.ends_with("/$ref") || place.ends_with("/$dynamicRef"));
        if is_reference && !text.text.text.starts_with('#') && text.text.text.contains([':', '/']) {
            let message = "The schema refers to something outside itself.";
            hits.push(text.hit(item, 0..text.text.text.len(), message));
        }
    }
    hits
}
