use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::MachineLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unexplained-process"),
        title: "A server runs that no config explains",
        group: Group::Running,
        severity: Severity::Low,
        confidence: Confidence::Low,
        references: &[Reference::Owasp("MCP09")],
        why: "A process looks like an MCP server, and no config on this machine starts it. It may have been \
              started by hand, left over, or put there by something else.",
        example: "node /tmp/mcp-server.js",
        remedy: "Find out what started it; end it if nothing needs it.",
    },
    check: Check::Machine(check),
};

fn check(look: &MachineLook<'_>) -> Vec<Hit> {
    look.scene
        .unexplained
        .iter()
        .map(|running| {
            let process = &running.process;
            Hit::new(format!(
                "Process {} (`{}`) {}, and no config starts it.",
                process.pid, process.shown, running.why
            ))
        })
        .collect()
}
