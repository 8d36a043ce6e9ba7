use countersign_model::{Confidence, FileRole, RuleId, Severity};

use crate::{
    look::{ConfigLook, WRITE},
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("writable-config"),
        title: "Config that every user may change",
        group: Group::Access,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-732"),
        ],
        why: "Every user of this machine can put a command into the file, and this user's client starts it.",
        example: "mode 0666",
        remedy: "Take the right to write away from others: `chmod o-w`.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let is_acted_on = matches!(look.config.role, FileRole::Servers | FileRole::Policy);
    if !is_acted_on || !look.lets_others(WRITE) {
        return Vec::new();
    }
    // Disks of other systems show every file as writable.
    let is_foreign_disk = ["/mnt/", "/media/", "/run/media/", "/Volumes/"]
        .iter()
        .any(|start| look.config.path.starts_with(start));
    let (severity, confidence) = if is_foreign_disk {
        (Severity::Low, Confidence::Low)
    } else {
        (Severity::High, Confidence::High)
    };
    vec![
        Hit::new("The file's mode lets every user of this machine change it.")
            .severity(severity)
            .confidence(confidence),
    ]
}
