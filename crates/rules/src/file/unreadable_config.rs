use countersign_model::{Confidence, ConfigState, Pointer, Position, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unreadable-config"),
        title: "Config that could not be read",
        group: Group::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-703")],
        why: "What the file holds is not known, and the client may still use it. A file that was not read is \
              not a clean one.",
        example: "a config with a syntax error, or without permission to read it",
        remedy: "Mend the file or its permissions, and scan again.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let ConfigState::Failed(failure) = &look.config.state else {
        return Vec::new();
    };
    let position = failure.position().unwrap_or(Position::START);
    vec![Hit::new(format!("The file could not be read: {failure}.")).at(&Pointer::root(), position)]
}
