//! Texts that stand where somebody should put a value of their own.

use crate::{
    issuers,
    name::words,
    scheme::after_scheme,
    shape::{is_random, is_sequence, is_uuid},
};

/// Returns whether the text stands where somebody should put a value of their own.
pub fn is_placeholder(text: &str) -> bool {
    let text = after_scheme(text.trim()).trim_matches(['"', '\'', '`']);
    let lower = text.to_lowercase();
    is_empty_form(&lower)
        || is_bracketed(&lower)
        || is_masked(&lower)
        || says_placeholder(&lower)
        || has_foreign_word(&lower)
        || is_made_of(text, &[])
        || DOCUMENTED.contains(&text)
}

/// As [`is_placeholder`], for a value under a name: `BRAVE_API_KEY=brave-api-key` only repeats it.
pub(crate) fn is_placeholder_under(name: &str, text: &str) -> bool {
    let bare = after_scheme(text.trim());
    is_placeholder(bare) || may_be_made_of_words(bare) && is_made_of(bare, &words(name))
}

/// Returns whether the body of a key of a known shape is made up: `sk-1234567890abcdef…`.
pub(crate) fn is_made_up(body: &str) -> bool {
    let after_prefix = body.rsplit(['-', '_']).next().unwrap_or(body);
    is_placeholder(body) || is_sequence(body) || is_sequence(after_prefix)
}

/// Values that issuers and tools publish as examples or as defaults of a local emulator.
const DOCUMENTED: [&str; 10] = [
    "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "sk_test_BQokikJOvBiI2HlWgH4olfQ2",
    "rk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "dapi12345678901234567890123456789012",
    "YWxhZGRpbjpvcGVuc2VzYW1l",
];

fn is_empty_form(lower: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 34] = [
        "null", "none", "undefined", "nil", "n/a", "na", "tbd", "tba", "test", "demo", "sample",
        "token", "secret", "key", "apikey", "api-key", "api_key", "password", "value", "string", "foo",
        "bar", "baz", "qux", "foobar", "abc", "abcd", "abc123", "123", "1234", "true", "false", "unset",
        "not-set",
    ];
    lower.is_empty()
        || WORDS.contains(&lower)
        || is_uuid(lower)
            && lower
                .bytes()
                .filter(|byte| *byte != b'-')
                .collect::<std::collections::HashSet<_>>()
                .len()
                <= 2
}

/// `<token>`, `[API_KEY]`, `{api_key}`, `__TOKEN__`, `@@TOKEN@@`, also inside: `sk-<your key>`.
fn is_bracketed(lower: &str) -> bool {
    let encloses = |open: &str, close: &str| {
        lower
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            .is_some_and(|inner| !inner.is_empty())
    };
    let is_word = |inner: &str| {
        inner.bytes().any(|byte| byte.is_ascii_alphabetic())
            && inner.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b' ' | b'.')
            })
    };
    let holds_word = |open: char, close: char| {
        lower.split(open).skip(1).any(|part| {
            part.split_once(close)
                .is_some_and(|(inner, _)| inner.len() <= 40 && is_word(inner) && !is_random(inner))
        })
    };
    encloses("<", ">")
        || encloses("[", "]") && !lower.contains(['"', ','])
        || encloses("__", "__")
        || encloses("@@", "@@")
        || encloses("{", "}") && is_word(&lower[1..lower.len() - 1])
        || holds_word('<', '>')
        || lower.len() <= 60 && holds_word('{', '}') && !lower.contains(['"', ':'])
        || lower.len() <= 60 && holds_word('[', ']') && !lower.contains(['"', ':'])
}

/// `xxxxxxxx`, `sk-xxxxxxxx`, `****`, `...`, `ghp_XXXX…`, `sk-...abcd`
fn is_masked(lower: &str) -> bool {
    const MARKS: [char; 11] = [
        'x', '*', '.', '#', '0', '_', '-', '?', '\u{2022}', '\u{2026}', '\u{25cf}',
    ];
    let is_run = |part: &str| {
        let mut characters = part.chars();
        let first = characters.next();
        let length_min = if first == Some('*') { 1 } else { 3 };
        part.chars().count() >= length_min
            && first.is_some_and(|first| MARKS.contains(&first))
            && characters.all(|character| Some(character) == first)
    };
    let mut parts = lower
        .split(['-', '_', ' ', '.', ':', '/'])
        .filter(|part| !part.is_empty());
    let are_x = lower.len() <= 80
        && lower
            .split(|character: char| !character.is_ascii_alphanumeric())
            .any(|part| part.len() >= 4 && part.bytes().all(|byte| byte == b'x'));
    is_run(lower)
        || parts.next_back().is_some_and(is_run)
        || are_x
        || lower.contains("...")
        || lower.contains("***")
        || lower.contains("xxxxx")
        || !lower.is_ascii() && lower.contains(['\u{2026}', '\u{2022}', '\u{25cf}'])
}

fn says_placeholder(lower: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 24] = [
        "your-", "your_", "your ", "my-", "my_", "insert", "replace", "put-", "put_", "enter", "add-",
        "add_", "change", "paste", "todo", "fixme", "set-", "set_", "dummy", "fake", "fill", "use-",
        "get-", "the-",
    ];
    const ENDS: [&str; 8] = [
        "-here",
        "_here",
        " here",
        "-placeholder",
        "_placeholder",
        "-goes-here",
        "-example",
        "_example",
    ];
    #[rustfmt::skip]
    const ANYWHERE: [&str; 23] = [
        "placeholder", "changeme", "change-me", "change_me", "changethis", "change-this", "change_this",
        "your-api", "your_api", "your-token", "your_token", "your-key", "your_key", "yourapikey",
        "yourtoken", "yourkey", "yoursecret", "yourpassword", "redacted", "replaceme",
        "replace-me", "replace_me", "keyhere",
    ];
    // One of these is in each of the words above.
    const PARTS: [&str; 5] = ["place", "change", "your", "redacted", "keyhere"];
    let is_wordy = !lower.bytes().any(|byte| byte.is_ascii_digit());
    STARTS.iter().any(|start| lower.starts_with(start)) && (is_wordy || lower.starts_with("your"))
        || lower.starts_with("your") && is_wordy && lower.len() < 40
        || ENDS.iter().any(|end| lower.ends_with(end))
        || PARTS.iter().any(|part| lower.contains(part))
            && ANYWHERE.iter().any(|word| lower.contains(word))
        || says_example(lower)
        || lower.split(['-', '_', '.', ' ', '/', ':']).any(|word| {
            matches!(
                word,
                "your" | "todo" | "fixme" | "placeholder" | "tbd" | "insert" | "dummy"
            )
        })
}

/// Returns whether "example" stands in a text for anything but a host that documents use.
fn says_example(lower: &str) -> bool {
    lower.match_indices("example").any(|(at, word)| {
        let is_host = lower[..at].ends_with('.')
            || ["com", "net", "org"].iter().any(|top| {
                lower[at + word.len()..]
                    .strip_prefix('.')
                    .is_some_and(|rest| rest.starts_with(top))
            });
        !is_host
    })
}

/// Words of other languages for "your", "key" and the like, and scripts that no issuer writes keys in.
fn has_foreign_word(lower: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 26] = [
        "votre", "clé", "cle", "jeton", "remplacer", "tu", "tus", "clave", "llave", "contraseña",
        "reemplazar", "dein", "deine", "ihr", "schlüssel", "hier", "einfügen", "ersetzen", "tuo", "tua",
        "chiave", "seu", "sua", "chave", "senha", "jouw",
    ];
    let is_foreign_script = |character: char| matches!(u32::from(character), 0x0400..=0x04FF | 0x3040..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF);
    let mut words = lower.split(|character: char| !character.is_alphanumeric());
    let is_wordy = !lower.bytes().any(|byte| byte.is_ascii_digit());
    !lower.is_ascii() && lower.chars().any(is_foreign_script)
        || is_wordy && lower.contains(['-', '_', ' ']) && words.any(|word| WORDS.contains(&word))
}

/// Words of which placeholders are made.
#[rustfmt::skip]
const WORDS: [&str; 66] = [
    "my", "your", "the", "a", "an", "our", "some", "any", "api", "key", "keys", "token", "tokens",
    "secret", "secrets", "password", "pass", "passwd", "access", "auth", "authorization", "client",
    "user", "name", "value", "string", "here", "goes", "real", "actual", "own", "new", "test",
    "testing", "demo", "dev", "sample", "example", "dummy", "fake", "mock", "sk", "pk", "bot", "app",
    "live", "personal", "service", "account", "private", "public", "bearer", "xoxb", "xoxp", "xapp",
    "ghp", "pat", "or", "ant", "proj", "lin", "changeme", "placeholder", "default", "custom", "id",
];

/// Returns whether the text is short, and of letters and few digits.
fn may_be_made_of_words(text: &str) -> bool {
    const TEXT_MAX: usize = 64;
    const DIGITS_MAX: usize = 6;
    text.len() <= TEXT_MAX
        && text.bytes().filter(u8::is_ascii_digit).count() <= DIGITS_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_. ".contains(&byte))
}

/// Returns whether the text is nothing but words of placeholders and of its own name, and at least two of
/// them, or its whole name.
fn is_made_of(text: &str, name: &[String]) -> bool {
    if !may_be_made_of_words(text) {
        return false;
    }
    let own = words(text);
    let is_known = |word: &String| {
        WORDS.contains(&word.as_str())
            || name.contains(word)
            || word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let repeats_name = !name.is_empty() && own == name;
    repeats_name || own.len() >= 2 && own.iter().all(is_known)
}

/// Returns whether what follows an issuer's prefix is made up.
pub(crate) fn is_made_up_key(issuer: &issuers::Issuer, text: &str) -> bool {
    is_made_up(text) || is_made_up(&text[issuer.prefix.len().min(text.len())..])
}

#[cfg(test)]
mod tests {
    use super::{is_made_up, is_placeholder, is_placeholder_under};

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
            "*",
            "...",
            "sk-...",
            "sk-...abcd",
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
            "xxxx-xxxx-xxxx",
            "sk-<your-key>",
            "sk-{KEY}",
            "ghp_••••••••",
            "sk-ant-…",
            "__TOKEN__",
            "my-secret-token",
            "some_api_key",
            "API_KEY_HERE",
            "votre-clé-api",
            "tu_clave_aqui",
            "dein-token-hier",
            "你的密钥",
            "ВАШ_ТОКЕН",
            "あなたのキー",
            "SuA_ChAvE_ApI",
            "test-token",
            "fake-key-123",
            "TODO",
            "<API-KEY>",
            "Bearer <token>",
            "mock_secret",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in [
            "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3",
            "Summer0108#dh",
            "hunter22",
            "my-s3cret-9",
            "myPa55word!",
            "correct horse",
            "postgres",
            "Tr0ub4dor&3x",
            "a*b",
            "x1y2z3w4",
            "Qk<9>mZ2",
            "keyboard cat",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn a_value_that_repeats_its_name_is_a_placeholder() {
        for (name, text) in [
            ("BRAVE_API_KEY", "brave-api-key"),
            ("BRAVE_API_KEY", "BRAVE_API_KEY"),
            ("SLACK_BOT_TOKEN", "xoxb-slack-token"),
            ("token", "my token"),
        ] {
            assert!(is_placeholder_under(name, text), "{text}");
        }
        assert!(!is_placeholder_under("BRAVE_API_KEY", "brave"));
        assert!(!is_placeholder_under("DB_PASSWORD", "db7Kx!password"));
    }

    #[test]
    fn knows_keys_that_were_made_up() {
        assert!(is_made_up("1234567890abcdef1234567890abcdef"));
        assert!(is_made_up("abc123def456ghi789"));
        assert!(!is_made_up("a7F3k9Zq2Xb8c1D4e5v6"));
    }
}
