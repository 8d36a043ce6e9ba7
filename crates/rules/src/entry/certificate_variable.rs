use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::AUTHORITIES,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("certificate-variable"),
        title: "Certificates of another authority are believed",
        group: Group::Launch,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1407"),
            Reference::Owasp("MCP07"),
            Reference::Cwe("CWE-295"),
        ],
        why: "The variable makes the server believe certificates that the system does not. Whoever holds that \
              authority can stand in for every service.",
        example: "\"env\": { \"NODE_EXTRA_CA_CERTS\": \"/home/dev/ca.pem\" }",
        remedy: "Make sure that the authority is your organisation's; install it for the system instead.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.hits_of_variables(&AUTHORITIES, "names an authority of its own.")
}
