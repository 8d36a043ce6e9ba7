use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("open-bind"),
        title: "Server told to listen to the whole network",
        group: Group::Network,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1005"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-1327"),
        ],
        why: "The server listens on every interface. Every machine in the same network can call its tools, and \
              web pages can try.",
        example: "\"args\": [\"server.js\", \"--host\", \"0.0.0.0\"]",
        remedy: "Use `127.0.0.1`.",
    },
    check: Check::Entry(check),
};

/// Flags and variables that name where to listen.
const FLAGS: [&str; 8] = [
    "--host",
    "--hostname",
    "--bind",
    "--listen",
    "--address",
    "--addr",
    "--ip",
    "--http-host",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if look.is_container() {
        // Inside a container every interface is the container's own; ports are another rule.
        return Vec::new();
    }
    let flags = look
        .flags()
        .into_iter()
        .filter(|flag| FLAGS.contains(&flag.name) && flag.value.is_some_and(is_every))
        .map(|flag| {
            look.hit_at(
                flag.token,
                format!("`{}` names every interface.", flag.name),
            )
        });
    let variables = look
        .variables()
        .into_iter()
        .filter(|variable| {
            let name = variable.name.to_ascii_uppercase();
            let names = ["HOST", "BIND", "LISTEN_ADDR", "BIND_ADDRESS"]
                .iter()
                .any(|end| name == *end || name.ends_with(&format!("_{end}")));
            names && is_every(variable.value())
        })
        .map(|variable| variable.hit(format!("`{}` names every interface.", variable.name)));
    flags.chain(variables).collect()
}

fn is_every(value: &str) -> bool {
    let host = value.rsplit_once(':').map_or(value, |(host, port)| {
        let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if is_port { host } else { value }
    });
    matches!(host.trim(), "0.0.0.0" | "::" | "[::]" | "*")
}
