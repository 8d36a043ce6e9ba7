//! Texts that name a value which lives elsewhere.

use std::ops::Range;

use crate::{placeholder::is_placeholder, scheme::after_scheme};

/// Shortest default of a reference that is taken for a value of its own.
const DEFAULT_MIN: usize = 8;

/// Returns whether the text only names a value that lives elsewhere.
///
/// Knows the forms of every client in the catalog: `${VAR}`, `${VAR:-default}`, `$VAR`, `$env:VAR`,
/// `${env:VAR}`, `${input:id}`, `${keyring:NAME}`, `{env:VAR}`, `{file:path}`, `{{ name }}`,
/// `${{ secrets.NAME }}`, `$(command)`, `$: command`, `cmd:…`, `%VAR%`, a Lisp form, references of
/// secret managers (`op://`, `vault:`, `aws-sm://`, `keyring:`, `pass:` …) and our own `countersign:`.
pub fn is_reference(text: &str) -> bool {
    let text = text.trim();
    // Every form has a sign that most values lack; every value is asked for.
    if !text.bytes().any(|byte| b"$%{(`<#@!:.+/".contains(&byte)) {
        return false;
    }
    let bare = after_scheme(text);
    is_whole_reference(bare)
        || is_command(bare)
        || is_manager_reference(bare)
        || is_made_of_references(bare)
}

fn is_whole_reference(text: &str) -> bool {
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .filter(|inner| !inner.is_empty())
    };
    if let Some(inner) = inside("${", "}") {
        return !inner.contains("${") && !has_literal_default(inner);
    }
    let pairs = [
        ("{{", "}}"),
        ("$(", ")"),
        ("`", "`"),
        ("<%=", "%>"),
        ("((", "))"),
        ("#{", "}"),
        ("%{", "}"),
        ("$[", "]"),
    ];
    if pairs
        .iter()
        .any(|(open, close)| inside(open, close).is_some())
    {
        return true;
    }
    if let Some(inner) = inside("{", "}") {
        const KINDS: [&str; 8] = [
            "env:", "file:", "input:", "secret:", "cmd:", "netrc:", "keyring:", "vault:",
        ];
        return KINDS
            .iter()
            .any(|kind| inner.trim_start().starts_with(kind));
    }
    if let Some(name) = inside("%", "%") {
        return is_variable_name(name);
    }
    if inside("(", ")").is_some_and(|form| form.contains(' ')) {
        // `(auth-source-pick-first-password :host "…")`
        return true;
    }
    let name = text
        .strip_prefix("$env:")
        .or_else(|| text.strip_prefix('$'));
    name.is_some_and(is_variable_name)
}

/// `$: pass show x`, `cmd: op read …`, `!op read …`, and what names a variable or a setting by its
/// place: `process.env.TOKEN`.
fn is_command(text: &str) -> bool {
    const STARTS: [&str; 14] = [
        "$: ",
        "cmd:",
        "command:",
        "shell:",
        "!op ",
        "!pass ",
        "!secret ",
        "!vault ",
        "env:",
        "env.",
        "process.env.",
        "os.environ",
        "secrets.",
        "ref+",
    ];
    let may_start_so = text.starts_with(['$', 'c', 's', '!', 'e', 'p', 'o', 'r']);
    may_start_so
        && STARTS.iter().any(|start| {
            text.strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && (start.len() > 4 || !rest.contains('@')))
        })
}

/// `VAR:-literal`, `env:VAR:literal`: what stands after the name counts, unless it is a placeholder.
fn has_literal_default(inner: &str) -> bool {
    let default = match inner
        .strip_prefix("env:")
        .map(|rest| rest.trim_start_matches('/'))
    {
        Some(rest) => rest.split_once(":-").or_else(|| rest.split_once(':')),
        None => inner
            .split_once(":-")
            .or_else(|| inner.split_once(":="))
            .or_else(|| inner.split_once('-')),
    };
    let Some((name, default)) = default else {
        return false;
    };
    is_variable_name(name) && !is_placeholder(default) && default.len() >= DEFAULT_MIN
}

fn is_variable_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_manager_reference(text: &str) -> bool {
    #[rustfmt::skip]
    const SCHEMES: [&str; 45] = [
        "op://", "bw://", "bws://", "bws:", "vault:", "vault://", "hashivault://", "aws-sm://",
        "awssm://", "aws-ssm://", "awsssm://", "ssm://", "arn:aws:secretsmanager:", "arn:aws:ssm:",
        "arn:aws-", "gcp-sm://", "gcpsm://", "gsm://", "sm://", "azure-kv://", "azurekv://",
        "azurekeyvault://", "akv://", "@microsoft.keyvault(", "keyring:", "keyring://", "keychain:",
        "keychain://", "pass:", "pass://", "gopass:", "gopass://", "lastpass://", "keepass://",
        "doppler://", "infisical://", "conjur:", "secretref:", "secret://", "secrets://",
        "docker-secret:", "se://", "env://", "file:", "countersign:",
    ];
    const COLON_MAX: usize = 20;
    let starts_so = |scheme: &&str| {
        text.len() > scheme.len()
            && text
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let may_start_so = text.starts_with('@')
        || text.find(':').is_some_and(|colon| colon <= COLON_MAX)
        || text.starts_with("arn:");
    may_start_so && SCHEMES.iter().any(starts_so) || is_gcp_secret(text)
}

/// `projects/PROJECT/secrets/NAME/versions/VERSION`
fn is_gcp_secret(text: &str) -> bool {
    text.starts_with("projects/") && text.contains("/secrets/")
}

/// Returns whether every part that could carry a secret is a reference: `${USER}:${PASS}`.
fn is_made_of_references(text: &str) -> bool {
    if !text.contains(['$', '{']) {
        return false;
    }
    let inside = inner_references(text);
    if inside.is_empty() {
        return false;
    }
    let mut outside = String::with_capacity(text.len());
    let mut end = 0;
    for reference in &inside {
        outside.push_str(&text[end..reference.start]);
        outside.push(' ');
        end = reference.end;
    }
    outside.push_str(&text[end..]);
    outside
        .split(|character: char| !character.is_ascii_alphanumeric())
        .all(|word| word.len() < 16)
        && !has_password_literal(text)
}

/// Returns where a text holds references whose ends can be told: `${X}`, `{env:X}`, `{{X}}`, `$(…)`.
/// Empty where one of them carries a literal.
fn inner_references(text: &str) -> Vec<Range<usize>> {
    const PAIRS: [(&str, &str); 6] = [
        ("${{", "}}"),
        ("${", "}"),
        ("{{", "}}"),
        ("{env:", "}"),
        ("{file:", "}"),
        ("$(", ")"),
    ];
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !text.is_char_boundary(at) {
            at += 1;
            continue;
        }
        let rest = &text[at..];
        let pair = PAIRS.iter().find(|(open, _)| rest.starts_with(open));
        let Some((open, close)) = pair else {
            at += 1;
            continue;
        };
        let Some(length) = rest[open.len()..].find(close) else {
            at += open.len();
            continue;
        };
        let inner = &rest[open.len()..open.len() + length];
        if *open == "${" && has_literal_default(inner) {
            return Vec::new();
        }
        let end = at + open.len() + length + close.len();
        found.push(at..end);
        at = end;
    }
    found
}

/// `scheme://user:literal@host` where only the user is a reference.
fn has_password_literal(text: &str) -> bool {
    let Some((_, after)) = text.split_once("://") else {
        return false;
    };
    let Some((user_info, _)) = after.split_once('@') else {
        return false;
    };
    user_info
        .rsplit_once(':')
        .is_some_and(|(_, password)| !password.is_empty() && !password.ends_with(['}', ')']))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn knows_references_of_every_client() {
        for text in [
            "${TOKEN}",
            "${TOKEN:-}",
            "${TOKEN:-default}",
            "${TOKEN:-YOUR_TOKEN_HERE}",
            "${env:TOKEN}",
            "${env:TOKEN:}",
            "${env://TOKEN}",
            "${env://TOKEN:-x}",
            "${input:github_token}",
            "${config:a.b}",
            "${command:extension.token}",
            "${user_config.api_key}",
            "${workspaceFolder}",
            "$TOKEN",
            "$env:TOKEN",
            "%TOKEN%",
            "{env:TOKEN}",
            "{file:~/.token}",
            "${file:/run/secrets/token}",
            "${netrc://host}",
            "${{ secrets.TOKEN }}",
            "{{token}}",
            "{{.env.TOKEN}}",
            "{{LIBRECHAT_USER_ID}}",
            "{{github.token}}",
            "$(op read x)",
            "$: op read x",
            "cmd:pass show x",
            "Bearer ${TOKEN}",
            "Bearer $TOKEN",
            "Bearer {{.env.TOKEN}}",
            "token {env:X}",
            "op://Private/github/token",
            "vault:kv/data/app#key",
            "${keyring:github}",
            "countersign:0123",
            "${cmd: pass show x}",
            "postgresql://${DB_USER}:${DB_PASS}@localhost/app",
            "postgresql://app:{env:DB_PASS}@localhost/app",
            "https://mcp.example.com/mcp?api_key=${KEY}",
            "bearer {env:X}",
            "arn:aws:secretsmanager:us-east-1:1:secret:x",
            "projects/p/secrets/s/versions/1",
            "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/y)",
            "(auth-source-pick-first-password :host \"api.example.com\")",
            "process.env.TOKEN",
            "ref+vault://secret/app#key",
            "((vault.token))",
            "#{TOKEN}",
        ] {
            assert!(is_reference(text), "{text}");
        }
    }

    #[test]
    fn knows_what_only_looks_like_a_reference() {
        for text in [
            "",
            "$",
            "token",
            "ghp_abcdefghijklmnop",
            "$2b$12$abcdefghijklmnopqrstuv",
            "pa$$word",
            "P@ss$WORD1",
            "${TOKEN:-ghp_abcdefghijklmnop}",
            "${env:TOKEN:ghp_abcdefghijklmnop}",
            "${env://TOKEN:-ghp_abcdefghijklmnop}",
            "postgresql://${DB_USER}:hunter22@localhost/app",
            "{\"a\": 1}",
            "pass:",
            "(hunter22)",
            "file",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
