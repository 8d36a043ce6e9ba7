use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    tokens::{INTERPRETERS, base_name},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("container-command"),
        title: "A container starts a shell",
        group: Group::Launch,
        severity: Severity::Medium,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-78"),
        ],
        why: "The image is fetched, and in place of its own program a shell or interpreter runs. Reviewing the \
              image does not tell what happens.",
        example: "\"args\": [\"run\", \"-i\", \"--entrypoint\", \"sh\", \"image\", \"-c\", \"…\"]",
        remedy: "Start the image as it is, without another program.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let entry_point = look
        .container_values(&["--entrypoint"])
        .into_iter()
        .find(|value| INTERPRETERS.contains(&base_name(value).as_str()));
    let tokens = look.server_tokens();
    let after_image = tokens
        .windows(2)
        .find(|pair| {
            look.is_container()
                && INTERPRETERS.contains(&base_name(pair[0]).as_str())
                && matches!(pair[1], "-c" | "-e" | "-lc" | "/c")
        })
        .map(|pair| pair[0]);
    entry_point
        .or(after_image)
        .map(|program| look.hit_at(program, format!("The container starts `{program}`.")))
        .into_iter()
        .collect()
}
