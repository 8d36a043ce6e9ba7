use countersign_confedit::Node;
use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::DocumentLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    wanted::DocumentKind,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("project-servers-approved"),
        title: "Every server of every project is approved",
        group: Group::Approval,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1403"),
            Reference::SafeMcp("SAFE-T1006"),
            Reference::Owasp("MCP09"),
        ],
        why: "The client asks before it first uses a server that a project brings. With this setting it does \
              not, whatever the project holds.",
        example: "\"enableAllProjectMcpServers\": true",
        remedy: "Take the setting out; approve each server by its name.",
    },
    check: Check::Document(check),
};

fn check(look: &DocumentLook<'_>) -> Vec<Hit> {
    const NAME: &str = "enableAllProjectMcpServers";
    let is_on = look.at(&[NAME]).and_then(Node::as_bool) == Some(true);
    if look.document.kind != DocumentKind::ClaudeSettings || !is_on {
        return Vec::new();
    }
    vec![look.hit_at(&[NAME], "A project's servers start without a question.")]
}
