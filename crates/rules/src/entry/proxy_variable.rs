use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::PROXIES,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("proxy-variable"),
        title: "Traffic goes through somebody else",
        group: Group::Launch,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1407"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-441"),
        ],
        why: "The variable sends what the server says to the network through a proxy, which sees where it goes \
              and, with an authority of its own, what it is.",
        example: "\"env\": { \"HTTPS_PROXY\": \"http://proxy.example.com:3128\" }",
        remedy: "Make sure that the proxy is your organisation's; set it for the system instead of one entry.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.hits_of_variables(&PROXIES, "sends traffic through a proxy.")
}
