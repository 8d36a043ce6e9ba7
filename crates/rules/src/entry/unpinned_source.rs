use countersign_model::{Confidence, Float, Identity, Pin, RuleId, Severity};

use crate::{
    fetched,
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("unpinned-source"),
        title: "Repository without a commit",
        group: Group::SupplyChain,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1002"),
            Reference::Owasp("MCP04"),
            Reference::Cwe("CWE-829"),
        ],
        why: "The launcher builds and runs whatever the branch or tag holds at that moment. No registry stands \
              between whoever can push there and this machine.",
        example: "\"args\": [\"--from\", \"git+https://github.com/owner/server\", \"server\"]",
        remedy: "Name the commit that was reviewed, as `…@<40 hexadecimal digits>` or `#<commit>`.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let (Identity::Source { url, .. }, pin) = look.started() else {
        return Vec::new();
    };
    if fetched::is_plain(url) || fetched::is_file(url) {
        return Vec::new();
    }
    let what = match pin {
        Pin::Floating(Float::Branch(Some(branch))) => format!("whatever `{branch}` points at"),
        Pin::Floating(Float::Branch(None) | Float::Newest) => "whatever is newest there".to_owned(),
        _ => return Vec::new(),
    };
    vec![Hit::new(format!("`{url}` is started as {what}."))]
}
