use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("further-index"),
        title: "Packages from whichever index has more",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-427"),
        ],
        why: "With two indexes, a name that is meant for one can be published on the other with a higher \
              version, and is installed from there.",
        example: "\"args\": [\"--extra-index-url\", \"https://packages.example.com/simple\", \"server==1.0.0\"]",
        remedy: "Use one index that mirrors what is needed, or bind the package to its index in `uv`'s settings.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    const VARIABLES: [&str; 5] = [
        "UV_EXTRA_INDEX_URL",
        "UV_INDEX",
        "UV_FIND_LINKS",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
    ];
    look.server
        .modifiers
        .iter()
        .filter(|modifier| {
            modifier.meaning.contains("a further index")
                || VARIABLES.contains(&modifier.source.to_ascii_uppercase().as_str())
        })
        .filter(|modifier| !modifier.value.as_deref().is_some_and(fetched::is_plain))
        .map(|modifier| {
            let message = format!("`{}` adds an index beside the usual one.", modifier.source);
            look.hit_at(&modifier.source, message)
        })
        .collect()
}
