use countersign_model::{Confidence, Os, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("foreign-path"),
        title: "Path of another system",
        group: Group::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::Owasp("MCP09"), Reference::Cwe("CWE-1116")],
        why: "The program's path has the shape of another system's. The entry cannot start here, and was \
              copied from somewhere.",
        example: "\"command\": \"C:\\\\Tools\\\\server.exe\" on Linux",
        remedy: "Write the path as this system does, or remove the entry.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let is_translated = look
        .server
        .wrappers
        .iter()
        .any(|wrapper| wrapper.name == "wsl");
    let Some(program) = look.server_tokens().first().copied() else {
        return Vec::new();
    };
    let bytes = program.as_bytes();
    let is_drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    let is_foreign = match look.scene.os {
        Os::Linux => {
            is_drive || program.starts_with("/Users/") || program.starts_with("/opt/homebrew/")
        }
        Os::Macos => is_drive || program.starts_with("/home/"),
        Os::Windows => {
            program.starts_with("/usr/")
                || program.starts_with("/home/")
                || program.starts_with("/Users/")
        }
    };
    if !is_foreign || is_translated {
        return Vec::new();
    }
    vec![look.hit_at(
        program,
        format!("`{program}` is not a path of {}.", look.scene.os.name()),
    )]
}
