use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("sensitive-pattern"),
        title: "Pattern that takes in files of credentials",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1502"),
            Reference::SafeMcp("SAFE-T1503"),
            Reference::Owasp("MCP01"),
            Reference::Cwe("CWE-552"),
        ],
        why: "The pattern names files that hold keys or passwords, wherever they lie below the folder.",
        example: "\"args\": [\"--include\", \"**/.env\"]",
        remedy: "Take the pattern out, or exclude such files.",
    },
    check: Check::Entry(check),
};

/// Ends of patterns that name files of credentials.
const ENDS: [&str; 10] = [
    "/.env", "/.env*", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "id_rsa*", "id_*", "*.kdbx",
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let excludes = ["exclude", "ignore", "deny", "skip", "block"];
    let tokens = look.server_tokens();
    tokens
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, token)| token.contains('*') || token.contains('?'))
        .filter(|(at, token)| {
            let before = tokens[at - 1].to_ascii_lowercase();
            !excludes
                .iter()
                .any(|word| before.contains(word) || token.contains(word) || token.starts_with('!'))
        })
        .filter(|(_, token)| ENDS.iter().any(|end| token.ends_with(end)))
        .map(|(_, token)| look.hit_at(token, format!("`{token}` takes in files of credentials.")))
        .collect()
}
