use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    known_packages::mistaken_for,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("near-miss-package"),
        title: "Package named almost like a well-known one",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::SafeMcp("SAFE-T1006"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-1104"),
        ],
        why: "Names one letter away from a well-known server are published to catch typing errors, and run \
              with the credentials that were meant for the real one.",
        example: "\"args\": [\"-y\", \"@modelcontextprotcol/server-filesystem@1.0.0\"]",
        remedy: "Compare the name with the server's own instructions, letter by letter.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let Identity::Package(package) = look.started().0 else {
        return Vec::new();
    };
    let Some(meant) = mistaken_for(package.ecosystem, &package.name) else {
        return Vec::new();
    };
    vec![
        Hit::new(format!(
            "`{}` is almost `{meant}`, which is well known.",
            package.name
        ))
        .remedy(format!(
            "If `{meant}` is meant, write it so; else compare both with care."
        )),
    ]
}
