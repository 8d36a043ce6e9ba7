use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::ConfigLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("foreign-link"),
        title: "Config that leads out of its place",
        group: Group::Project,
        severity: Severity::Low,
        confidence: Confidence::High,
        references: &[Reference::SafeMcp("SAFE-T1203"), Reference::Cwe("CWE-59")],
        why: "The file is a symbolic link to one outside the home or the project. Who can write there decides \
              what this client starts.",
        example: "a project's .mcp.json that is a link to /srv/shared/mcp.json",
        remedy: "Put the file itself in its place, or make sure that only you can write to where it leads.",
    },
    check: Check::Config(check),
};

fn check(look: &ConfigLook<'_>) -> Vec<Hit> {
    let Some(target) = &look.config.target else {
        return Vec::new();
    };
    let projects = look
        .config
        .readers
        .iter()
        .filter_map(|reader| reader.project.as_deref());
    let is_inside = projects.clone().any(|project| target.starts_with(project))
        || projects.count() == 0 && target.starts_with(look.scene.home);
    // The store of Nix is written by its own service alone.
    if is_inside || target.starts_with("/nix/store") {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "The file is a link to `{}`.",
        target.display()
    ))]
}
