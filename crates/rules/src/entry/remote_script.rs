use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("remote-script"),
        title: "Script from an address",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-494"),
        ],
        why: "The runtime fetches a script from an address and runs it. What is behind the address can be \
              replaced between two starts.",
        example: "\"command\": \"deno\", \"args\": [\"run\", \"https://example.com/server.ts\"]",
        remedy: "Keep the script on this machine, or take it from an address that names a version that cannot \
                 change.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let (Identity::Source { url, .. }, _) = look.started() else {
        return Vec::new();
    };
    if fetched::is_plain(url) || !fetched::is_script(url) || fetched::is_versioned(url) {
        return Vec::new();
    }
    vec![Hit::new(format!("The script comes from `{url}`."))]
}
