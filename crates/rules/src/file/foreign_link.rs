use std::path::{Component, Path, PathBuf};

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
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP09"),
            Reference::Cwe("CWE-59"),
        ],
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
    let projects: Vec<&Path> = look
        .config
        .readers
        .iter()
        .filter_map(|reader| reader.project.as_deref().map(PathBuf::as_path))
        .collect();
    let roots = if projects.is_empty() {
        vec![Path::new(look.scene.home)]
    } else {
        projects
    };
    let is_inside = roots.iter().any(|root| target.starts_with(root));
    let is_moved = is_moved(&look.config.path, target, &roots);
    // The store of Nix is written by its own service alone.
    if is_inside || is_moved || target.starts_with("/nix/store") {
        return Vec::new();
    }
    vec![Hit::new(format!(
        "The file is a link to `{}`.",
        target.display()
    ))]
}

/// Returns whether not the file but a folder above it is a link, or spelled in another way: the same
/// steps lead to the target from there.
fn is_moved(path: &Path, target: &Path, roots: &[&Path]) -> bool {
    let steps: PathBuf = path
        .components()
        .filter(|step| matches!(step, Component::Normal(_)))
        .collect();
    target.ends_with(steps)
        || roots.iter().any(|root| {
            path.strip_prefix(root)
                .is_ok_and(|rest| target.ends_with(rest))
        })
}
