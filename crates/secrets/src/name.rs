/// What the name of a value says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameEvidence {
    /// The name is one that passwords and keys stand under.
    Secret,
    /// The name is one that passwords stand under: even a plain word is one.
    Password,
    /// The name says that the value is no secret: `TOKEN_FILE`, `MAX_TOKENS`, `PUBLIC_KEY`.
    Open,
    /// The name is one that a wallet's words stand under.
    SeedPhrase,
    /// The name says nothing.
    Silent,
}

/// Words that make a name a password's.
const PASSWORD_WORDS: [&str; 8] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "pass",
    "pw",
    "passcode",
    "userpass",
];

/// Words that make a name a credential's.
const SECRET_WORDS: [&str; 16] = [
    "secret",
    "secrets",
    "token",
    "apikey",
    "apitoken",
    "credential",
    "credentials",
    "bearer",
    "authorization",
    "auth",
    "pat",
    "jwt",
    "cookie",
    "accesskey",
    "privatekey",
    "authtoken",
];

/// Words that make `key` a credential's: `api key`, `private key`, `service role key` …
const KEY_WORDS: [&str; 27] = [
    "api",
    "access",
    "private",
    "secret",
    "auth",
    "signing",
    "encryption",
    "master",
    "service",
    "role",
    "account",
    "app",
    "application",
    "admin",
    "server",
    "license",
    "hmac",
    "subscription",
    "session",
    "client",
    "integration",
    "deploy",
    "rest",
    "user",
    "wallet",
    "storage",
    "webhook",
];

/// Last words that say the value only describes, counts or locates a credential.
const OPEN_ENDINGS: [&str; 46] = [
    "file",
    "path",
    "dir",
    "directory",
    "folder",
    "url",
    "uri",
    "endpoint",
    "host",
    "hostname",
    "port",
    "id",
    "ids",
    "name",
    "names",
    "type",
    "types",
    "count",
    "limit",
    "limits",
    "size",
    "length",
    "max",
    "min",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "timeout",
    "issuer",
    "audience",
    "algorithm",
    "scope",
    "scopes",
    "mode",
    "method",
    "provider",
    "header",
    "prefix",
    "version",
    "enabled",
    "required",
    "policy",
    "budget",
    "location",
    "env",
];

/// Words that make a key public wherever they stand.
const PUBLIC_WORDS: [&str; 6] = [
    "public",
    "publishable",
    "anon",
    "site",
    "fingerprint",
    "pub",
];

/// Judges a variable's, header's, flag's or member's name.
pub fn name_evidence(name: &str) -> NameEvidence {
    let words = words(name);
    let Some(last) = words.last() else {
        return NameEvidence::Silent;
    };
    if words.iter().any(|word| word == "tokens") {
        return NameEvidence::Open;
    }
    if words.iter().any(|word| word == "mnemonic") || joined_has_seed(&words) {
        return NameEvidence::SeedPhrase;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let joined = words.concat();
    let is_password = has(&PASSWORD_WORDS) || joined.ends_with("password");
    let is_secret = is_password
        || has(&SECRET_WORDS)
        || joined.ends_with("token")
        || joined.ends_with("secret")
        || joined.ends_with("apikey")
        || is_key(&words);
    if !is_secret {
        return NameEvidence::Silent;
    }
    let is_open = OPEN_ENDINGS.contains(&last.as_str()) && !is_secret_id(&words)
        || has(&PUBLIC_WORDS) && !joined.contains("secret") && !joined.contains("private");
    if is_open {
        NameEvidence::Open
    } else if is_password {
        NameEvidence::Password
    } else {
        NameEvidence::Secret
    }
}

/// `SEED_PHRASE`, `seedWords`, `RECOVERY_PHRASE`
fn joined_has_seed(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "seed" | "recovery" | "secret")
            && matches!(pair[1].as_str(), "phrase" | "words")
    })
}

/// `AWS_ACCESS_KEY_ID` is half of a credential, though it ends in `ID`.
fn is_secret_id(words: &[String]) -> bool {
    words.len() >= 3 && words[words.len() - 3..] == ["access", "key", "id"]
}

fn is_key(words: &[String]) -> bool {
    let Some(at) = words
        .iter()
        .rposition(|word| word == "key" || word == "keys")
    else {
        return false;
    };
    let rest = &words[at + 1..];
    let before = &words[..at];
    let ends_well = rest.is_empty()
        || rest
            .iter()
            .all(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        || is_secret_id(words);
    ends_well
        && (words.len() == 1
            || before.iter().any(|word| KEY_WORDS.contains(&word.as_str()))
            || before.len() == 1)
}

/// Splits `githubApiKey`, `GITHUB_API_KEY`, `X-Api-Key` and `--api-key` into lowercase words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
            let starts_word = character.is_uppercase()
                && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower));
            if starts_word && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
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
                "BRAVE_KEY",
                "SUPABASE_SERVICE_ROLE_KEY",
                "PRIVATE_KEY",
                "GITHUB_PAT",
                "HF_TOKEN",
                "SESSION_COOKIE",
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
                "",
            ],
        );
    }
}
