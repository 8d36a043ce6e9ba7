use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    paths::is_temporary,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("replaced-launcher"),
        title: "Launcher from an unusual place",
        group: Group::SupplyChain,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1004"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-426"),
        ],
        why: "The entry names a launcher by a path at which no system or version manager puts one. A file of \
              that name can do anything, whatever its arguments say.",
        example: "\"command\": \"/srv/tools/npx\", \"args\": [\"-y\", \"server@1.0.0\"]",
        remedy: "Use the launcher by its name alone, or the one that your system installed.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.server
        .modifiers
        .iter()
        .filter(|modifier| modifier.source == "program")
        .filter_map(|modifier| modifier.value.as_deref())
        .filter(|path| !is_temporary(path, look.scene.home))
        .map(|path| Hit::new(format!("`{path}` is used as a launcher.")))
        .collect()
}
