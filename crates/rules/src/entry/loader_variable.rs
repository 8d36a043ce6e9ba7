use countersign_model::{Confidence, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    variables::LOADERS,
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("loader-variable"),
        title: "A variable loads other code first",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1203"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-426"),
        ],
        why: "The variable makes the program load a library or run a script before its own code, so the \
              package or file that is named is not all that runs.",
        example: "\"env\": { \"NODE_OPTIONS\": \"--require /tmp/x.js\" }",
        remedy: "Remove the variable, unless you know the code that it loads.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    look.variables()
        .into_iter()
        .filter(|variable| variable.is_one_of(&LOADERS))
        .filter_map(|variable| {
            let severity = severity(&variable.name.to_ascii_uppercase(), variable.value())?;
            let message = format!(
                "`{}` makes the program load other code first.",
                variable.name
            );
            Some(variable.hit(message).severity(severity))
        })
        .collect()
}

/// Returns how bad a variable is; `None` where its value loads nothing.
pub(crate) fn severity(name: &str, value: &str) -> Option<Severity> {
    let loads = |flags: &[&str]| flags.iter().any(|flag| value.contains(flag));
    match name {
        "NODE_OPTIONS" if !value.is_empty() => loads(&[
            "-r",
            "--require",
            "--import",
            "--loader",
            "--experimental-loader",
        ])
        .then_some(Severity::High),
        "JAVA_TOOL_OPTIONS" if !value.is_empty() => {
            loads(&["-javaagent", "-agentlib", "-agentpath"]).then_some(Severity::High)
        }
        // Searched for modules that the program names itself; often set to its own folder.
        "PYTHONPATH" | "NODE_PATH" | "PERL5LIB" => Some(Severity::Info),
        "LD_LIBRARY_PATH" | "DYLD_LIBRARY_PATH" | "DYLD_FRAMEWORK_PATH" | "PYTHONHOME" => {
            Some(Severity::Low)
        }
        _ => Some(Severity::High),
    }
}
