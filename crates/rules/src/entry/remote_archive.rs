use countersign_model::{Confidence, Identity, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("remote-archive"),
        title: "Package from an address",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-829"),
        ],
        why: "The launcher installs an archive from an address at every start. What is behind the address can \
              be replaced, and no registry keeps the old versions.",
        example: "\"command\": \"npx\", \"args\": [\"https://example.com/server.tgz\"]",
        remedy: "Install the package from a registry with its version, or keep the archive on this machine.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let (Identity::Source { url, .. }, _) = look.started() else {
        return Vec::new();
    };
    let text = look.whole_text();
    let is_hashed = text.contains("#sha256=") || text.contains("#sha512=");
    if fetched::is_plain(url) || !fetched::is_archive(url) || is_hashed {
        return Vec::new();
    }
    vec![Hit::new(format!("The package comes from `{url}`."))]
}
