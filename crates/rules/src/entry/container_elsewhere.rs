use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("container-elsewhere"),
        title: "Container on another machine",
        group: Group::Access,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[Reference::SafeMcp("SAFE-T1004"), Reference::Owasp("MCP09")],
        why: "The container runs where this machine's own checks do not reach, and gets the entry's \
              credentials there.",
        example: "\"args\": [\"-H\", \"tcp://build.example.com:2375\", \"run\", \"-i\", \"image\"]",
        remedy: "Make sure that the machine is yours; else leave the flag out.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    if !look.is_container() {
        return Vec::new();
    }
    let own = look
        .server
        .modifiers
        .iter()
        .filter(|modifier| modifier.meaning == "runs on another machine")
        .map(|modifier| look.hit_at(&modifier.source, "The container runs on another machine."));
    let by_variable = look
        .variables()
        .into_iter()
        .filter(|variable| variable.is_one_of(&["DOCKER_HOST", "CONTAINER_HOST"]))
        .filter(|variable| !variable.value().starts_with("unix:"))
        .map(|variable| {
            variable.hit(format!(
                "`{}` sends the container elsewhere.",
                variable.name
            ))
        });
    own.chain(by_variable).collect()
}
