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
    look.variables()
        .into_iter()
        .filter(|variable| variable.is_one_of(&AUTHORITIES))
        .map(|variable| {
            let severity = if look.is_of_project() {
                Severity::Medium
            } else {
                Severity::Low
            };
            let message = format!("`{}` names an authority of its own.", variable.name);
            variable.hit(message).severity(severity)
        })
        .collect()
}
