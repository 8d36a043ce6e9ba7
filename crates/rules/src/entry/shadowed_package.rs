use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("shadowed-package"),
        title: "The project's copy is started instead",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-427"),
        ],
        why: "The launcher looks into the project before it asks the registry. What is reviewed under this \
              name is not what runs.",
        example: "node_modules/some-server in the project, and \"args\": [\"some-server@1.0.0\"]",
        remedy: "Remove the copy from the project, or review the copy.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .shadows
        .iter()
        .map(|shadow| {
            Hit::new(format!(
                "`{}` is started in place of what the name says: {}.",
                shadow.path, shadow.meaning
            ))
        })
        .collect()
}
