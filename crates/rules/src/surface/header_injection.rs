use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::Role;

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("header-injection"),
        title: "Parameter that names a header wrongly",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1501"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-113"),
        ],
        why: "`x-mcp-header` names the header into which a client copies an argument. A name with other signs, or that of a header with a meaning, changes the request.",
        example: "\"x-mcp-header\": \"Authorization\\r\\nX\"",
        remedy: "Do not approve the server, and report the text to whoever publishes it.",
    },
    check: Check::Surface(check),
};

/// Headers that mean something to a server already.
const TAKEN: [&str; 10] = [
    "authorization",
    "cookie",
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "proxy-authorization",
    "origin",
    "mcp-session-id",
    "mcp-protocol-version",
];

/// Longer names are no names.
const NAME_MAX: usize = 64;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let mut hits = Vec::new();
    for (item, text) in seen.texts() {
        if text.text.role == Role::Key || !text.text.pointer.as_str().ends_with("/x-mcp-header") {
            continue;
        }
        let name = text.text.text;
        let is_name = !name.is_empty()
            && name.len() <= NAME_MAX
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_name || TAKEN.contains(&name.to_ascii_lowercase().as_str()) {
            hits.push(text.hit(
                item,
                0..name.len(),
                "The name of the header is none that a server may choose.",
            ));
        }
    }
    hits
}
