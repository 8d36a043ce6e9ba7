//! What is certainly not a credential, whatever it stands under.

use crate::shape::is_uuid;

/// Returns whether the text only names a value that lives elsewhere.
///
/// Knows the forms of every client in the catalog: `${VAR}`, `${VAR:-default}`, `$VAR`, `$env:VAR`,
/// `${env:VAR}`, `${input:id}`, `${keyring:NAME}`, `{env:VAR}`, `{file:path}`, `{{ name }}`,
/// `${{ secrets.NAME }}`, `$(command)`, `%VAR%`, and references of secret managers
/// (`op://`, `vault:`, `aws-sm://`, `keyring:`, `pass:` …) and our own `countersign:`.
pub fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let bare = strip_scheme_word(text);
    is_whole_reference(bare) || is_manager_reference(bare) || is_made_of_references(bare)
}

/// Takes `Bearer `, `Basic `, `token ` and the like off the front.
pub(crate) fn strip_scheme_word(text: &str) -> &str {
    for word in [
        "bearer", "basic", "token", "apikey", "api-key", "key", "digest",
    ] {
        if let Some(head) = text.get(..word.len())
            && head.eq_ignore_ascii_case(word)
            && let Some(rest) = text[word.len()..].strip_prefix([' ', '\t'])
        {
            return rest.trim();
        }
    }
    text
}

fn is_whole_reference(text: &str) -> bool {
    let inside = |open: &str, close: &str| {
        text.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inner| !inner.is_empty())
    };
    if inside("${", "}") {
        return !has_literal_default(text);
    }
    if inside("{{", "}}") || inside("$(", ")") || inside("`", "`") {
        return true;
    }
    if let Some(inner) = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
    {
        return ["env:", "file:", "input:", "secret:", "cmd:", "netrc:"]
            .iter()
            .any(|kind| inner.trim_start().starts_with(kind));
    }
    if let Some(name) = text
        .strip_prefix("$env:")
        .or_else(|| text.strip_prefix('$'))
    {
        return is_variable_name(name);
    }
    if let Some(name) = text
        .strip_prefix('%')
        .and_then(|rest| rest.strip_suffix('%'))
    {
        return is_variable_name(name);
    }
    false
}

/// `${TOKEN:-literal}` carries a literal: what stands after `:-` counts, unless it is a placeholder.
fn has_literal_default(text: &str) -> bool {
    let inner = &text[2..text.len() - 1];
    let Some((name, default)) = inner.split_once(":-") else {
        return false;
    };
    is_variable_name(name) && !default.is_empty() && !is_placeholder(default) && default.len() >= 8
}

fn is_variable_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_manager_reference(text: &str) -> bool {
    const SCHEMES: [&str; 24] = [
        "op://",
        "bw://",
        "bws://",
        "vault:",
        "vault://",
        "aws-sm://",
        "awssm://",
        "aws-ssm://",
        "arn:aws:secretsmanager:",
        "arn:aws:ssm:",
        "gcp-sm://",
        "gcpsm://",
        "sm://",
        "azure-kv://",
        "akv://",
        "keyring:",
        "keyring://",
        "keychain:",
        "pass:",
        "pass://",
        "doppler://",
        "infisical://",
        "secretref:",
        "countersign:",
    ];
    let lower = text.get(..32).unwrap_or(text).to_ascii_lowercase();
    SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) || is_gcp_secret(text)
}

/// `projects/PROJECT/secrets/NAME/versions/VERSION`
fn is_gcp_secret(text: &str) -> bool {
    text.starts_with("projects/") && text.contains("/secrets/")
}

/// Returns whether every part that could carry a secret is a reference: `${USER}:${PASS}`.
fn is_made_of_references(text: &str) -> bool {
    let mut rest = text;
    let mut found = 0;
    let mut outside = String::new();
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else {
            break;
        };
        if has_literal_default(&rest[start..=start + length]) {
            return false;
        }
        outside.push_str(&rest[..start]);
        found += 1;
        rest = &rest[start + length + 1..];
    }
    outside.push_str(rest);
    found > 0
        && outside
            .split(|character: char| !character.is_ascii_alphanumeric())
            .all(|word| word.len() < 16)
        && !has_password_literal(text)
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
        .is_some_and(|(_, password)| !password.is_empty() && !password.ends_with('}'))
}

/// Returns whether the text stands where somebody should put a value of their own.
pub fn is_placeholder(text: &str) -> bool {
    let text = strip_scheme_word(text.trim()).trim_matches(['"', '\'']);
    let lower = text.to_ascii_lowercase();
    if lower.is_empty() || is_uuid(&lower) && lower.bytes().all(|byte| matches!(byte, b'0' | b'-'))
    {
        return true;
    }
    let bracketed = (lower.starts_with('<') && lower.ends_with('>'))
        || (lower.starts_with('[') && lower.ends_with(']'))
        || (lower.starts_with('{')
            && lower.ends_with('}')
            && is_variable_name(&lower[1..lower.len() - 1]));
    bracketed || is_repeated(&lower) || says_placeholder(&lower)
}

/// `xxxxxxxx`, `sk-xxxxxxxx`, `****`, `...`, `ghp_XXXX…`
fn is_repeated(lower: &str) -> bool {
    let tail = lower
        .rsplit(['-', '_', ' ', '.'])
        .find(|part| !part.is_empty());
    let is_run = |part: &str| {
        let mut characters = part.chars();
        let first = characters.next();
        part.chars().count() >= 3
            && matches!(
                first,
                Some('x' | '*' | '.' | '#' | '0' | '_' | '-' | '?' | '\u{2022}' | '\u{2026}')
            )
            && characters.all(|character| Some(character) == first)
    };
    is_run(lower)
        || tail.is_some_and(is_run)
        || lower.ends_with("...")
        || lower.ends_with('\u{2026}')
        || lower.contains("xxxxx")
        || lower.contains("*****")
}

fn says_placeholder(lower: &str) -> bool {
    const STARTS: [&str; 20] = [
        "your-", "your_", "your ", "my-", "my_", "insert", "replace", "put-", "put_", "enter",
        "add-", "add_", "change", "paste", "todo", "fixme", "set-", "set_", "dummy", "fake",
    ];
    const ENDS: [&str; 7] = [
        "-here",
        "_here",
        " here",
        "-placeholder",
        "_placeholder",
        "-goes-here",
        "-example",
    ];
    const ANYWHERE: [&str; 13] = [
        "placeholder",
        "changeme",
        "change-me",
        "change_me",
        "your-api",
        "your_api",
        "your-token",
        "your_token",
        "your-key",
        "your_key",
        "yourapikey",
        "example",
        "redacted",
    ];
    let is_wordy = !lower.bytes().any(|byte| byte.is_ascii_digit());
    STARTS.iter().any(|start| lower.starts_with(start)) && (is_wordy || lower.starts_with("your"))
        || lower.starts_with("your") && is_wordy && lower.len() < 40
        || ENDS.iter().any(|end| lower.ends_with(end))
        || ANYWHERE.iter().any(|word| lower.contains(word))
        || lower.split(['-', '_', '.', ' ']).any(|word| word == "your")
        || matches!(
            lower,
            "null"
                | "none"
                | "undefined"
                | "nil"
                | "n/a"
                | "tbd"
                | "test"
                | "demo"
                | "sample"
                | "token"
                | "secret"
                | "key"
                | "apikey"
                | "api-key"
                | "api_key"
                | "password"
                | "value"
                | "string"
                | "foo"
                | "bar"
                | "baz"
                | "abc"
                | "abc123"
                | "123"
                | "1234"
                | "true"
                | "false"
        )
}

/// Returns whether the value is of a kind that is shown everywhere: a path, a plain address, a
/// number, a version, a package, a model, a time, prose.
pub(crate) fn is_ordinary(value: &str) -> bool {
    is_number(value)
        || is_path(value)
        || is_plain_address(value)
        || is_mail_address(value)
        || is_public_key(value)
        || value.starts_with("data:")
        || value.starts_with('@') && value.contains('/')
        || is_prose(value)
        || is_version(value)
}

fn is_number(value: &str) -> bool {
    value.bytes().any(|byte| byte.is_ascii_digit())
        && value.len() <= 20
        && value.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+' | b'e' | b'%')
        })
}

fn is_path(value: &str) -> bool {
    let drive = value.as_bytes();
    let is_windows = drive.len() > 2
        && drive[0].is_ascii_alphabetic()
        && drive[1] == b':'
        && matches!(drive[2], b'\\' | b'/');
    let is_rooted = ["/", "~/", "./", "../", "\\\\", ".\\", "~\\"]
        .iter()
        .any(|root| value.starts_with(root));
    // Base64 may start with a slash; a path has words between its slashes.
    is_windows
        || is_rooted
            && !value.ends_with('=')
            && value
                .split(['/', '\\'])
                .all(|part| part.len() < 24 || part.contains(['.', '-', '_', ' ']))
}

fn is_plain_address(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !scheme.is_empty()
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
        && !authority.contains('@')
        && !rest.contains('?')
}

fn is_mail_address(value: &str) -> bool {
    value.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !value.contains([' ', '/', ':'])
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    })
}

fn is_public_key(value: &str) -> bool {
    [
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ecdsa-sha2-",
        "sk-ssh-",
        "-----BEGIN PUBLIC KEY",
        "-----BEGIN CERTIFICATE",
        "age1",
    ]
    .iter()
    .any(|start| value.starts_with(start))
}

fn is_prose(value: &str) -> bool {
    value.contains(' ') && value.split(' ').filter(|word| word.len() < 16).count() >= 2
}

fn is_version(value: &str) -> bool {
    let bare = value.strip_prefix('v').unwrap_or(value);
    let core = bare.split(['-', '+']).next().unwrap_or_default();
    core.split('.').count() >= 2
        && core
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{is_ordinary, is_placeholder, is_reference};

    #[test]
    fn knows_references_of_every_client() {
        for text in [
            "${TOKEN}",
            "${TOKEN:-}",
            "${env:TOKEN}",
            "${input:github_token}",
            "$TOKEN",
            "$env:TOKEN",
            "%TOKEN%",
            "{env:TOKEN}",
            "{file:~/.token}",
            "${{ secrets.TOKEN }}",
            "{{token}}",
            "$(op read x)",
            "Bearer ${TOKEN}",
            "op://Private/github/token",
            "vault:kv/data/app#key",
            "${keyring:github}",
            "countersign:0123",
            "${env://TOKEN}",
            "${cmd: pass show x}",
            "postgresql://${DB_USER}:${DB_PASS}@localhost/app",
            "bearer {env:X}",
            "arn:aws:secretsmanager:us-east-1:1:secret:x",
            "projects/p/secrets/s/versions/1",
        ] {
            assert!(is_reference(text), "{text}");
        }
        for text in [
            "",
            "$",
            "token",
            "ghp_abcdefghijklmnop",
            "$2b$12$abcdefghijklmnopqrstuv",
            "pa$$word",
            "${TOKEN:-ghp_abcdefghijklmnop}",
            "postgresql://${DB_USER}:hunter22@localhost/app",
            "{\"a\": 1}",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }

    #[test]
    fn knows_placeholders() {
        for text in [
            "YOUR_API_KEY",
            "your-api-key",
            "<your token>",
            "sk-xxxxxxxx",
            "ghp_XXXXXXXXXXXX",
            "changeme",
            "***",
            "...",
            "sk-...",
            "insert-key-here",
            "REPLACE_ME",
            "AKIAIOSFODNN7EXAMPLE",
            "null",
            "00000000-0000-0000-0000-000000000000",
            "Bearer YOUR_TOKEN",
            "[API_KEY]",
            "{api_key}",
            "YourApiKeyHere",
            "put_your_key_here",
            "xxx",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3",
            "Summer0108#dh",
            "hunter22",
            "my-s3cret-9",
            "myPa55word!",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn knows_ordinary_values() {
        for text in [
            "1024",
            "3.14",
            "/run/secrets/token",
            "C:\\keys\\a.pem",
            "~/.ssh/id_ed25519",
            "./key.json",
            "https://api.example.com/v1",
            "postgresql://localhost:5432/app",
            "dev@example.com",
            "ssh-ed25519 AAAAC3Nza dev@laptop",
            "@scope/name@1.0.0",
            "v1.2.3-rc.1",
            "text/plain, text/html",
            "Mozilla/5.0 (X11; Linux) Chrome/128.0.0.0 Safari/537.36",
        ] {
            assert!(is_ordinary(text), "{text}");
        }
        for text in [
            "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3",
            "postgresql://u:p@host/db",
            "/aB3xY7kL9mN2pQ5rS8tU1vW4zzz=",
            "hunter2",
        ] {
            assert!(!is_ordinary(text), "{text}");
        }
    }
}
