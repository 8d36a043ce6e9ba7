use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("elevated-program"),
        title: "Server with an administrator's rights",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1305"),
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-250"),
        ],
        why: "The server, and all that it loads, may change everything on this machine. A model that is misled \
              can then do so too.",
        example: "\"command\": \"sudo\", \"args\": [\"some-server\"]",
        remedy: "Start the server as yourself; give it the one right that it needs in another way.",
    },
    check: Check::Entry(check),
};

/// Programs that start another as somebody else, and are not taken off as wrappers.
const PROGRAMS: [&str; 4] = ["pkexec", "su", "runas", "gsudo"];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let program = look.program_name();
    let wrapper = look
        .server
        .wrappers
        .iter()
        .find(|wrapper| matches!(wrapper.name.as_str(), "sudo" | "doas"));
    if let Some(wrapper) = wrapper {
        let user = wrapper
            .adds
            .iter()
            .position(|add| add == "-u")
            .and_then(|at| wrapper.adds.get(at + 1));
        let is_other = user.is_some_and(|user| user != "root");
        let (whom, severity) = if is_other {
            ("another user", Severity::Medium)
        } else {
            ("the administrator", Severity::High)
        };
        let message = format!("`{}` starts the server as {whom}.", wrapper.name);
        return vec![look.hit_at(&wrapper.name, message).severity(severity)];
    }
    if PROGRAMS.contains(&program.as_str()) {
        let message = format!("`{program}` starts the server as somebody else.");
        return vec![Hit::new(message)];
    }
    Vec::new()
}
