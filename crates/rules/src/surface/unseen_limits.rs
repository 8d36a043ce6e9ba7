use countersign_model::Pointer;
use countersign_model::{Confidence, RuleId, Severity};
use countersign_surface::{ItemKind, Role};

use crate::{
    rule::{Check, Group, Meta, Reference, Rule},
    surface_look::{Seen, SurfaceHit},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unseen-limits"),
        title: "A surface that was not read to its end",
        group: Group::Surface,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1402"),
            Reference::Owasp("MCP03"),
            Reference::Cwe("CWE-770"),
        ],
        why: "Something that the server offers could not be read, or was more than is read. What was not read was not looked at, and is not approved.",
        example: "a list of 6,000 tools",
        remedy: "Find out why the server lists so much, or in such a form; approve it only if you can do without what was left out.",
    },
    check: Check::Surface(check),
};

/// Faults that are told one by one.
const FAULTS_MAX: usize = 20;

fn check(seen: &Seen<'_>) -> Vec<SurfaceHit> {
    let faults = seen.look.surface.faults().iter().take(FAULTS_MAX);
    faults
        .map(|fault| SurfaceHit {
            kind: ItemKind::Instructions,
            item: String::new(),
            pointer: Pointer::root(),
            role: Role::Other,
            span: 0..0,
            message: format!("Not everything was read: {fault}."),
            severity: None,
            confidence: None,
            decoded: None,
        })
        .collect()
}
