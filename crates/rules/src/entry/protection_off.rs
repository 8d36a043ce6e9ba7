use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::is_yes,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("protection-off"),
        title: "A protection is switched off",
        group: Group::Access,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        references: &[
            Reference::SafeMcp("SAFE-T1104"),
            Reference::Owasp("MCP02"),
            Reference::Cwe("CWE-693"),
        ],
        why: "The switch takes away a wall that the program's makers put up, and mostly says so by its name.",
        example: "\"args\": [\"--dangerously-skip-permissions\"]",
        remedy: "Leave the switch out, unless the server cannot work with it and nothing else is at hand.",
    },
    check: Check::Entry(check),
};

/// Flags that do not say by themselves how dangerous they are.
const FLAGS: [(&str, Severity); 8] = [
    ("--no-sandbox", Severity::Low),
    ("--disable-web-security", Severity::Medium),
    ("--disable-site-isolation-trials", Severity::Medium),
    ("--disable-host-check", Severity::Medium),
    ("--yolo", Severity::Medium),
    ("--allow-unsafe", Severity::Medium),
    ("--unsafe", Severity::Medium),
    ("--disable-security", Severity::Medium),
];

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let flags = look.flags().into_iter().filter_map(|flag| {
        let known = FLAGS.iter().find(|(name, _)| *name == flag.name);
        let says_so = flag.name.starts_with("--") && flag.name.contains("dangerous");
        let severity = match known {
            Some((_, severity)) => *severity,
            None if says_so && !flag.name.contains("auth") => Severity::Medium,
            None => return None,
        };
        let message = format!("`{}` switches a protection off.", flag.name);
        Some(look.hit_at(flag.token, message).severity(severity))
    });
    let variables = look
        .variables()
        .into_iter()
        .filter(|variable| {
            let name = variable.name.to_ascii_uppercase();
            let says_so = name.contains("DANGEROUS") || name.ends_with("DISABLE_SECURITY");
            says_so && !name.contains("AUTH") && is_yes(variable.value())
        })
        .map(|variable| variable.hit(format!("`{}` switches a protection off.", variable.name)));
    flags.chain(variables).collect()
}
