//! What the name of a value says about it.

mod lists;

use lists::{
    KEY_WORDS, OPEN_ENDINGS, OTHER_KEYS, PASSWORD_WORDS, PUBLIC_WORDS, QUALIFIERS, SECRET_ENDINGS,
    SECRET_WORDS,
};

/// What a name says about the value under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEvidence {
    /// The name is one that keys and tokens stand under.
    Secret,
    /// The name is one that passwords stand under: even a plain word is one.
    Password,
    /// The name may mean a credential, and often means something else: `SORT_KEY`, `AUTH_FLOW`.
    Hint,
    /// The name says that the value is no secret: `TOKEN_FILE`, `MAX_TOKENS`, `PUBLIC_KEY`.
    Open,
    /// The name is one that a wallet's words stand under.
    SeedPhrase,
    /// The name says nothing.
    Silent,
}

/// Judges a variable's, header's, flag's or member's name.
pub fn name_evidence(name: &str) -> NameEvidence {
    let words = words(name);
    let Some(last) = words.last() else {
        return NameEvidence::Silent;
    };
    if let Some(at) = words.iter().position(|word| word == "tokens") {
        return tokens(&words, at);
    }
    if words.iter().any(|word| word == "mnemonic") || has_seed(&words) {
        return NameEvidence::SeedPhrase;
    }
    let is_public = PUBLIC_WORDS
        .iter()
        .any(|word| words.iter().any(|own| own == word));
    let Some((evidence, at)) = speaks(&words) else {
        let is_open = is_public || OPEN_ENDINGS.contains(&last.as_str());
        return if is_hint(&words) && !is_open {
            NameEvidence::Hint
        } else {
            NameEvidence::Silent
        };
    };
    let joined = words.concat();
    let is_open = OPEN_ENDINGS.contains(&last.as_str()) && !is_secret_id(&words)
        || is_public && !joined.contains("secret") && !joined.contains("private");
    if is_open {
        NameEvidence::Open
    } else if is_secret_id(&words) || words[at + 1..].iter().all(|word| is_qualifier(word)) {
        evidence
    } else {
        // What follows says what of the credential is meant, or whose it is.
        NameEvidence::Hint
    }
}

/// Finds the last word that speaks of a credential, and what it says.
fn speaks(words: &[String]) -> Option<(NameEvidence, usize)> {
    words.iter().enumerate().rev().find_map(|(at, word)| {
        let word = word.as_str();
        if PASSWORD_WORDS.contains(&word) || ends_with_password(word) {
            return Some((NameEvidence::Password, at));
        }
        let is_secret = SECRET_WORDS.contains(&word)
            || SECRET_ENDINGS.iter().any(|ending| word.ends_with(ending))
            || matches!(word, "key" | "keys") && is_key(&words[..at]);
        is_secret.then_some((NameEvidence::Secret, at))
    })
}

fn ends_with_password(word: &str) -> bool {
    ["password", "passwd", "passphrase", "passcode"]
        .iter()
        .any(|ending| word.ends_with(ending))
        || matches!(
            word,
            "dbpass" | "rootpass" | "smtppass" | "sshpass" | "mypwd" | "pgpass"
        )
}

/// `key` with a word of authority before it, or alone.
fn is_key(before: &[String]) -> bool {
    before.is_empty() || before.iter().any(|word| KEY_WORDS.contains(&word.as_str()))
}

/// `BRAVE_KEY`, `SESSION_ID`'s kin, `CONNECTION_STRING`: names that only the value can settle.
fn is_hint(words: &[String]) -> bool {
    let is_key = words
        .iter()
        .position(|word| word == "key" || word == "keys")
        .is_some_and(|at| {
            let is_other = at
                .checked_sub(1)
                .is_some_and(|before| OTHER_KEYS.contains(&words[before].as_str()));
            !is_other && words[at + 1..].iter().all(|word| is_qualifier(word))
        });
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    is_key
        || has(&[
            "session", "sid", "dsn", "seed", "pepper", "otp", "totp", "csrf", "xsrf", "passkey",
        ])
}

/// `MAX_TOKENS` counts; `API_TOKENS` lists.
fn tokens(words: &[String], at: usize) -> NameEvidence {
    let is_list = at.checked_sub(1).is_some_and(|before| {
        matches!(
            words[before].as_str(),
            "api" | "auth" | "access" | "bearer" | "bot"
        )
    });
    if is_list && at + 1 == words.len() {
        NameEvidence::Secret
    } else {
        NameEvidence::Open
    }
}

/// `SEED_PHRASE`, `seedWords`, `RECOVERY_PHRASE`
fn has_seed(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "seed" | "recovery" | "secret" | "backup")
            && matches!(pair[1].as_str(), "phrase" | "words")
    })
}

/// `AWS_ACCESS_KEY_ID` and Vault's `SECRET_ID` are half of a credential, though they end in `ID`.
fn is_secret_id(words: &[String]) -> bool {
    let ends = |ending: &[&str]| {
        words.len() >= ending.len() && words[words.len() - ending.len()..].iter().eq(ending.iter())
    };
    ends(&["access", "key", "id"]) || ends(&["secret", "id"])
}

fn is_qualifier(word: &str) -> bool {
    QUALIFIERS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits `githubApiKey`, `GITHUB_API_KEY`, `X-Api-Key` and `--api-key2` into lowercase words, digits
/// at the end of a word apart.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_alphanumeric() {
            take(&mut word, &mut words);
        } else {
            let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
            let starts_word = character.is_uppercase()
                && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower));
            if starts_word {
                take(&mut word, &mut words);
            }
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    take(&mut word, &mut words);
    words
}

/// Adds a word, without the digits at its end: `key2`, `base64`.
fn take(word: &mut String, words: &mut Vec<String>) {
    let whole = std::mem::take(word);
    let letters = whole.trim_end_matches(|character: char| character.is_ascii_digit());
    if letters.is_empty() {
        words.extend((!whole.is_empty()).then_some(whole));
    } else {
        words.push(letters.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::{NameEvidence, name_evidence, words};

    fn check(expect: NameEvidence, names: &[&str]) {
        for name in names {
            assert_eq!(name_evidence(name), expect, "{name} {:?}", words(name));
        }
    }

    #[test]
    fn splits_names_of_every_habit() {
        assert_eq!(words("githubApiKey"), ["github", "api", "key"]);
        assert_eq!(words("OPENAI_API_KEY"), ["openai", "api", "key"]);
        assert_eq!(words("X-APIKey"), ["x", "api", "key"]);
        assert_eq!(words("--api-key2"), ["api", "key"]);
        assert_eq!(words("TOKEN_12"), ["token", "12"]);
        assert_eq!(words("--"), Vec::<String>::new());
    }

    #[test]
    fn knows_names_of_credentials() {
        check(
            NameEvidence::Secret,
            &[
                "GITHUB_TOKEN",
                "OPENAI_API_KEY",
                "apiKey",
                "--api-key",
                "X-Api-Key",
                "clientSecret",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_ACCESS_KEY_ID",
                "Authorization",
                "SUPABASE_SERVICE_ROLE_KEY",
                "PRIVATE_KEY",
                "GITHUB_PAT",
                "HF_TOKEN",
                "SESSION_COOKIE",
                "API_KEY_PROD",
                "apikey2",
                "JWT_SECRET_BASE64",
                "accesstoken",
                "SAS_TOKEN",
                "API_TOKENS",
                "VAULT_SECRET_ID",
                "Ocp-Apim-Subscription-Key",
            ],
        );
        check(
            NameEvidence::Password,
            &[
                "PGPASSWORD",
                "DB_PASSWORD",
                "password",
                "--pwd",
                "NEO4J_PASS",
                "SMTP_PASSWORD",
                "dbpassword",
                "MYSQL_PWD",
                "DB_PASSWORD_PROD",
                "ssh_passphrase",
            ],
        );
    }

    #[test]
    fn knows_names_that_the_value_has_to_settle() {
        check(
            NameEvidence::Hint,
            &[
                "BRAVE_KEY",
                "TOKEN_GITHUB",
                "PASSWORD_DB",
                "AUTH_FLOW",
                "SENTRY_DSN",
                "SESSION",
                "PASSWORD_RESET_MAIL",
            ],
        );
    }

    #[test]
    fn knows_names_that_only_speak_of_credentials() {
        check(
            NameEvidence::Open,
            &[
                "TOKEN_FILE",
                "MAX_TOKENS",
                "SECRET_NAME",
                "CLIENT_SECRET_PATH",
                "PASSWORD_MIN_LENGTH",
                "STRIPE_PUBLISHABLE_API_KEY",
                "TOKEN_LIMIT",
                "AUTH_TYPE",
                "TOKEN_URL",
                "AUTH_MODE",
                "PASSWORD_HASH",
                "TOKEN_TTL_SECONDS",
                "NEXT_PUBLIC_API_KEY",
                "SSH_AUTH_SOCK",
            ],
        );
        check(
            NameEvidence::Silent,
            &[
                "PATH",
                "MODEL",
                "NODE_ENV",
                "LOG_LEVEL",
                "KEYBOARD",
                "MONKEY",
                "compass",
                "bypass",
                "FIGMA_FILE_KEY",
                "PRIMARY_KEY",
                "JIRA_PROJECT_KEY",
                "",
            ],
        );
    }
}
