use countersign_model::{Confidence, Launcher, RuleId, Severity};

use crate::{
    look::EntryLook,
    rule::{Check, Group, Hit, Meta, Reference, Rule},
    tokens::{INTERPRETERS, base_name},
};

pub(crate) static RULE: Rule = Rule {
    meta: Meta {
        id: RuleId::new("command-in-flag"),
        title: "A flag starts another program",
        group: Group::Launch,
        severity: Severity::High,
        confidence: Confidence::High,
        references: &[
            Reference::SafeMcp("SAFE-T1101"),
            Reference::Owasp("MCP05"),
            Reference::Cwe("CWE-88"),
        ],
        why: "The program is a harmless one, and one of its flags makes it start another. A list that allows \
              programs by name does not see the difference.",
        example: "\"command\": \"git\", \"args\": [\"-c\", \"core.pager=sh -c …\", \"log\"]",
        remedy: "Remove the entry, or start the program that is meant by its own name.",
    },
    check: Check::Entry(check),
};

fn check(look: &EntryLook<'_>) -> Vec<Hit> {
    let program = look.program_name();
    let tokens = look.server_tokens();
    let starts = |token: &str| match program.as_str() {
        "git" => {
            let lower = token.to_ascii_lowercase();
            let is_alias = lower.starts_with("alias.") && lower.contains("=!");
            is_alias || GIT.iter().any(|setting| lower.starts_with(setting))
        }
        "ssh" => SSH
            .iter()
            .any(|setting| token.to_ascii_lowercase().contains(setting)),
        "find" => matches!(token, "-exec" | "-execdir" | "-ok"),
        "tar" => token.starts_with("--to-command") || token.contains("action=exec"),
        "awk" | "gawk" | "mawk" => token.contains("system("),
        _ => false,
    };
    if let Some(token) = tokens.iter().skip(1).find(|token| starts(token)) {
        let message = format!("`{program}` is told to start another program.");
        return vec![look.hit_at(token, message)];
    }
    of_launcher(look, &tokens)
}

/// Settings and flags of git that name a program.
const GIT: [&str; 8] = [
    "core.pager=",
    "core.editor=",
    "core.sshcommand=",
    "core.fsmonitor=",
    "diff.external=",
    "credential.helper=!",
    "--upload-pack",
    "--exec-path=",
];

/// Settings of ssh that name a program.
const SSH: [&str; 2] = ["proxycommand", "localcommand"];

/// `uvx --from package sh`: the package is fetched, and a shell or interpreter is started.
fn of_launcher(look: &EntryLook<'_>, tokens: &[&str]) -> Vec<Hit> {
    let names_package = look
        .server
        .modifiers
        .iter()
        .any(|modifier| matches!(modifier.source.as_str(), "--from" | "--spec" | "--package"));
    let is_launcher = matches!(
        look.server.launcher,
        Some(Launcher::Uvx | Launcher::PipxRun | Launcher::Npx | Launcher::NpmExec)
    );
    let names_by_flag = look
        .flags()
        .iter()
        .any(|flag| matches!(flag.name, "-p" | "--package" | "--from" | "--spec"));
    if !is_launcher || !(names_package || names_by_flag) {
        return Vec::new();
    }
    let started = tokens.windows(2).find(|pair| {
        !matches!(
            pair[0],
            "--python" | "-p" | "--package" | "--from" | "--spec" | "--with"
        ) && INTERPRETERS.contains(&base_name(pair[1]).as_str())
    });
    let Some([_, program]) = started else {
        return Vec::new();
    };
    vec![look.hit_at(
        program,
        format!("The launcher fetches a package and starts `{program}`."),
    )]
}
