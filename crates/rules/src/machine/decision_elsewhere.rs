use countersign_model::{Confidence, RuleId, Severity, readable_name};

use crate::{
    look::MachineLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("decision-elsewhere"),
        title: "A decision that was not made in the window",
        group: Group::Running,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[Reference::SafeMcp("SAFE-T1403"), Reference::Owasp("MCP09")],
        why: "A server was approved or refused by a program other than the window. A script, or an agent with \
              a terminal, can approve what it wants to use.",
        example: "an approval that was made by a shell in an agent's terminal",
        remedy: "If you did not make the decision, take it back and look at the program that did.",
    },
    check: Check::Machine(check),
};

fn check(look: &MachineLook<'_>) -> Vec<Hit> {
    look.scene
        .origins
        .iter()
        .map(|origin| {
            let (what, severity) = if origin.is_approval {
                ("approved", Severity::Medium)
            } else {
                ("refused", Severity::Low)
            };
            Hit::new(format!(
                "`{}` was {what} on {} by {}.",
                readable_name(&origin.server),
                origin.made_on,
                origin.made_by
            ))
            .severity(severity)
        })
        .collect()
}
