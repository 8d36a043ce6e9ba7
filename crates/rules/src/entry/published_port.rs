use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("published-port"),
        title: "Container port open to the network",
        group: Group::Network,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1005"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-1327"),
        ],
        why: "A published port without an address is open on every interface of this machine, and container \
              engines pass by most firewalls.",
        example: "\"args\": [\"run\", \"-i\", \"-p\", \"8080:8080\", \"image\"]",
        remedy: "Write `127.0.0.1:` before the port.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.container_flags()
        .into_iter()
        .filter(|flag| matches!(flag.name, "-p" | "--publish" | "-P" | "--publish-all"))
        .filter(|flag| {
            let value = flag.value.unwrap_or_default();
            let is_near = value.starts_with("127.")
                || value.starts_with("localhost:")
                || value.starts_with("[::1]");
            !is_near
        })
        .map(|flag| {
            let message = "A port of the container is open to the network.";
            look.hit_at(flag.token, message)
        })
        .collect()
}
