//! Values that are shown everywhere, whatever they stand under.

use crate::shape::{is_hex, is_random, is_spoken};

/// Returns whether the value is of a kind that is shown everywhere: a path, a plain address, a number, a
/// version, a package, a file, a host, a time, a hash, prose.
pub(crate) fn is_ordinary(value: &str) -> bool {
    is_number(value)
        || is_path(value)
        || is_plain_address(value)
        || is_mail_address(value)
        || is_public_key(value)
        || is_labelled(value)
        || value.starts_with('@') && value.contains('/')
        || is_prose(value)
        || is_version(value)
        || is_host(value)
        || is_file_name(value)
        || is_pattern(value)
}

/// Returns whether a value that its name makes suspicious is only words: `application-default`,
/// `oauth2`, `team-alpha-2024`.
pub(crate) fn is_wordy(text: &str) -> bool {
    const WORD_MAX: usize = 19;
    let parts: Vec<&str> = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let letters: usize = parts
        .iter()
        .map(|part| part.bytes().filter(u8::is_ascii_alphabetic).count())
        .sum();
    let are_words = parts.iter().all(|part| {
        let word = part.trim_end_matches(|character: char| character.is_ascii_digit());
        let digits = part.len() - word.len();
        let is_year = word.is_empty() && digits <= 4;
        let is_one_case = word.bytes().all(|byte| byte.is_ascii_lowercase())
            || word.bytes().all(|byte| byte.is_ascii_uppercase())
            || is_camel(word);
        is_year || word.len() <= WORD_MAX && digits <= 2 && is_spoken(word) && is_one_case
    });
    !parts.is_empty() && are_words && letters * 2 > text.len()
}

/// `Capitalised`, `camelCase`: words of some length, each with one capital.
fn is_camel(word: &str) -> bool {
    const LENGTH_MEAN: usize = 4;
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    word.bytes().all(|byte| byte.is_ascii_alphabetic())
        && word.len() >= capitals * LENGTH_MEAN
        && capitals <= 4
}

/// Returns whether a value only names a variable or a constant: `CONTEXT7_API_KEY`.
pub(crate) fn is_constant_name(text: &str) -> bool {
    let parts: Vec<&str> = text.split('_').collect();
    parts.len() >= 2
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && parts
            .iter()
            .all(|part| part.len() <= 12 && part.bytes().filter(u8::is_ascii_digit).count() <= 2)
        && parts.iter().any(|part| {
            matches!(
                *part,
                "KEY"
                    | "TOKEN"
                    | "SECRET"
                    | "PASSWORD"
                    | "PAT"
                    | "API"
                    | "AUTH"
                    | "ID"
                    | "PASS"
                    | "CREDENTIALS"
            )
        })
}

fn is_number(value: &str) -> bool {
    const UNITS: [&str; 14] = [
        "ms", "s", "m", "h", "d", "w", "k", "kb", "mb", "gb", "kib", "mib", "gib", "%",
    ];
    let lower = value.to_ascii_lowercase();
    let digits = lower
        .trim_end_matches(|character: char| character.is_ascii_alphabetic() || character == '%');
    let unit = &lower[digits.len()..];
    digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.len() <= 20
        && (unit.is_empty() || UNITS.contains(&unit))
        && digits.bytes().all(|byte| {
            byte.is_ascii_digit()
                || matches!(byte, b'.' | b',' | b'-' | b'+' | b'e' | b':' | b'/' | b'_')
        })
        || is_time(value)
}

/// `2025-11-25T10:00:00Z`
fn is_time(value: &str) -> bool {
    value.len() >= 16
        && value.as_bytes().get(4) == Some(&b'-')
        && value.as_bytes().get(10) == Some(&b'T')
        && value.bytes().filter(u8::is_ascii_digit).count() >= 12
        && value.bytes().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'T' | b'Z' | b'.' | b'+')
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
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-' | b':'))
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
        "sk-ecdsa-",
        "-----BEGIN PUBLIC KEY",
        "-----BEGIN RSA PUBLIC KEY",
        "-----BEGIN CERTIFICATE",
        "-----BEGIN PGP PUBLIC KEY",
        "-----BEGIN PGP MESSAGE",
        "-----BEGIN SSH2 PUBLIC KEY",
        "age1",
        "RWQ",
        "xpub",
    ]
    .iter()
    .any(|start| value.starts_with(start))
}

/// Texts that say themselves what they are: hashes, images, names of resources.
fn is_labelled(value: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 26] = [
        "data:", "sha1:", "sha1-", "sha256:", "sha256-", "sha384-", "sha512:", "sha512-", "md5:",
        "urn:", "arn:", "did:", "git:", "$2a$", "$2b$", "$2y$", "$argon2", "$6$", "$5$", "$pbkdf2",
        "{SSHA}", "{SHA}", "npm:", "pkg:", "W/\"", "projects/",
    ];
    STARTS.iter().any(|start| value.starts_with(start)) || value.contains("@sha256:")
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

/// `auth.example.com`, `db.internal:5432`, `localhost:8080`, `com.example.TokenProvider`.
fn is_host(value: &str) -> bool {
    let (host, port) = value.split_once(':').unwrap_or((value, ""));
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| {
        let is_key = is_random(label) || is_hex(label) && label.len() >= 16;
        (1..=40).contains(&label.len())
            && !is_key
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && label.split(['-', '_']).all(|word| {
                let letters = word.trim_end_matches(|character: char| character.is_ascii_digit());
                is_spoken(letters) || letters.is_empty()
            })
    };
    port.bytes().all(|byte| byte.is_ascii_digit())
        && (labels.len() >= 2 || !port.is_empty() && port.len() <= 5)
        && labels.iter().all(is_label)
        && labels
            .last()
            .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn is_file_name(value: &str) -> bool {
    const BARE: [&str; 5] = ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "known_hosts"];
    if BARE.contains(&value) {
        return true;
    }
    #[rustfmt::skip]
    const ENDINGS: [&str; 24] = [
        "json", "pem", "key", "txt", "yaml", "yml", "toml", "env", "crt", "cer", "p12", "pfx", "ini",
        "cfg", "conf", "pub", "py", "js", "ts", "sh", "db", "sqlite", "lock", "log",
    ];
    value.rsplit_once('.').is_some_and(|(stem, ending)| {
        ENDINGS.contains(&ending)
            && !stem.is_empty()
            && stem.len() <= 60
            && stem.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'/' | b'\\')
            })
            && !is_random(stem)
    })
}

/// A regular expression or a template of a format.
fn is_pattern(value: &str) -> bool {
    value.starts_with('^') && value.contains('[')
        || value.contains("[A-Z") && value.contains(']')
        || value.contains("[a-z") && value.contains(']')
        || value.contains("\\d") && value.contains(['{', '+'])
}

#[cfg(test)]
mod tests {
    use super::{is_constant_name, is_ordinary, is_wordy};

    #[test]
    fn knows_ordinary_values() {
        for text in [
            "1024",
            "3.14",
            "30m",
            "512MiB",
            "2025-11-25",
            "2025-11-25T10:00:00Z",
            "/run/secrets/token",
            "C:\\keys\\a.pem",
            "~/.ssh/id_ed25519",
            "./key.json",
            "https://api.example.com/v1",
            "postgresql://localhost:5432/app",
            "jdbc:postgresql://localhost/app",
            "dev@example.com",
            "ssh-ed25519 AAAAC3Nza dev@laptop",
            "@scope/name@1.0.0",
            "v1.2.3-rc.1",
            "text/plain, text/html",
            "Mozilla/5.0 (X11; Linux) Chrome/128.0.0.0 Safari/537.36",
            "auth.example.com",
            "db.internal:5432",
            "localhost:8080",
            "token.json",
            "id_rsa.pub",
            "sha256:abc",
            "$2b$12$abcdefghijklmnopqrstuv",
            "^sk-[A-Za-z0-9]{48}$",
            "arn:aws:iam::1:role/x",
            "com.example.auth.TokenProvider",
        ] {
            assert!(is_ordinary(text), "{text}");
        }
        for text in [
            "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3",
            "postgresql://u:p@host/db",
            "/aB3xY7kL9mN2pQ5rS8tU1vW4zzz=",
            "hunter2",
            "a7f3k9.zq2xb8",
            "Kq3.Zm7Xw",
            "tr0ub4dor",
        ] {
            assert!(!is_ordinary(text), "{text}");
        }
    }

    #[test]
    fn tells_words_from_keys() {
        for text in [
            "oauth2",
            "application-default",
            "team-alpha-2024",
            "camelCaseName",
            "read:user,repo",
            "PRIMARY",
        ] {
            assert!(is_wordy(text), "{text}");
        }
        for text in [
            "s3cr3t-value",
            "qwmzkxjvhrtplbnc",
            "aBcDeFgHiJkLmNoP",
            "k7",
            "07e9a746",
            "Xq7Zp2Lk",
        ] {
            assert!(!is_wordy(text), "{text}");
        }
        assert!(is_constant_name("CONTEXT7_API_KEY"));
        assert!(!is_constant_name("A7F3K9_ZQ2XB8"));
    }
}
