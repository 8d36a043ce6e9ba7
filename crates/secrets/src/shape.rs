//! Shapes of values: alphabets, randomness, structured identifiers.

use std::borrow::Cow;

/// The characters that an issuer's credentials are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `0-9a-f`
    Hex,
    /// `0-9a-fA-F-`
    Uuid,
    /// `0-9A-Za-z`
    Word,
    /// `0-9A-Z`
    Upper,
    /// `0-9A-Za-z_-`
    Url,
    /// `0-9A-Za-z_`
    Snake,
    /// `0-9A-Za-z+/=`
    Base64,
    /// `0-9A-Za-z_.-`
    Dotted,
    /// `0-9A-Za-z_.=+/:-`
    Broad,
}

impl Alphabet {
    pub(crate) fn has(self, byte: u8) -> bool {
        match self {
            Alphabet::Hex => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Alphabet::Uuid => byte.is_ascii_hexdigit() || byte == b'-',
            Alphabet::Word => byte.is_ascii_alphanumeric(),
            Alphabet::Upper => matches!(byte, b'0'..=b'9' | b'A'..=b'Z'),
            Alphabet::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Alphabet::Snake => byte.is_ascii_alphanumeric() || byte == b'_',
            Alphabet::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            Alphabet::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Alphabet::Broad => {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'_' | b'-' | b'.' | b'=' | b'+' | b'/' | b':')
            }
        }
    }
}

/// Returns the Shannon entropy of the characters, in bits for each.
pub(crate) fn entropy(text: &str) -> f64 {
    let mut counts = std::collections::HashMap::new();
    let mut total = 0.0_f64;
    for character in text.chars() {
        *counts.entry(character).or_insert(0.0_f64) += 1.0;
        total += 1.0;
    }
    counts
        .values()
        .map(|count| {
            let share = count / total;
            -share * share.log2()
        })
        .sum()
}

/// Returns whether the text looks drawn at random: long, mixed, without words.
pub(crate) fn is_random(text: &str) -> bool {
    const LENGTH_MIN: usize = 20;
    text.len() >= LENGTH_MIN && is_mixed(text)
}

/// As [`is_random`], for text that its name already makes suspicious.
pub(crate) fn is_random_though_short(text: &str) -> bool {
    const LENGTH_MIN: usize = 14;
    text.len() >= LENGTH_MIN && is_mixed(text) && text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_mixed(text: &str) -> bool {
    let length = text.len();
    if !text
        .bytes()
        .all(|byte| Alphabet::Broad.has(byte) || byte == b'%' || byte == b'~')
    {
        return false;
    }
    let classes = [
        text.bytes().any(|byte| byte.is_ascii_lowercase()),
        text.bytes().any(|byte| byte.is_ascii_uppercase()),
        text.bytes().any(|byte| byte.is_ascii_digit()),
    ];
    let mixed = classes.into_iter().filter(|class| *class).count();
    if is_hex(text) {
        return length >= 32 && entropy(text) > 3.0;
    }
    // Text in capitals only has words in capitals.
    let has_small = classes[0];
    let cased = if has_small {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_ascii_lowercase())
    };
    let word = longest_word(&cased);
    let switches = switches(text);
    let entropy_min = match length {
        0..20 => 3.0,
        20..28 => 3.4,
        _ => 3.6,
    };
    let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
    // Without digits, only a constant change of case tells random letters from CamelCase.
    let is_changing = match (classes[2], has_small) {
        (true, true) => switches > length / 5,
        (true, false) => switches > length / 10,
        (false, _) => switches > length / 3 && capitals > length / 4,
    };
    // Chance makes something like a word now and then; what changes all the time is none.
    let is_wordless = word < 10 || word < 16 && switches * 10 >= length * 3;
    mixed >= 2 && entropy(text) > entropy_min && is_wordless && is_changing
}

/// Returns how often neighbouring letters and digits are of another class (lower, upper, digit).
fn switches(text: &str) -> usize {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    text.as_bytes()
        .windows(2)
        .map(|pair| (class(pair[0]), class(pair[1])))
        .filter(|(left, right)| left != right && *left < 3 && *right < 3)
        .count()
}

/// Returns the length of the longest run of small letters that can be spoken: a long one has a vowel in
/// every three letters.
fn longest_word(text: &str) -> usize {
    let vowels = |run: &str| run.bytes().filter(|byte| b"aeiouy".contains(byte)).count();
    text.split(|character: char| !character.is_ascii_lowercase())
        .filter(|run| is_spoken(run) && vowels(run) * 3 >= run.len())
        .map(str::len)
        .max()
        .unwrap_or(0)
}

/// Returns whether letters could be a word: a vowel now and then.
pub(crate) fn is_spoken(letters: &str) -> bool {
    const CONSONANTS_MAX: usize = 4;
    let mut run = 0;
    let mut has_vowel = false;
    for byte in letters.bytes() {
        match byte.to_ascii_lowercase() {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => {
                has_vowel = true;
                run = 0;
            }
            b'a'..=b'z' => {
                run += 1;
                if run > CONSONANTS_MAX {
                    return false;
                }
            }
            _ => return false,
        }
    }
    has_vowel || letters.len() <= 3
}

/// Returns whether the text is a run of the keyboard or the alphabet, or one that repeats:
/// `1234567890abcdef`, `abc123def456`, `aaaaaaaa`.
pub(crate) fn is_sequence(text: &str) -> bool {
    const LENGTH_MIN: usize = 8;
    let bytes: Vec<u8> = text
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_lowercase())
        .collect();
    let different: std::collections::HashSet<u8> = bytes.iter().copied().collect();
    if bytes.len() < LENGTH_MIN || bytes.len() * 4 < text.len() * 3 {
        return false;
    }
    let follows = |pair: &[u8]| {
        let next = match pair[0] {
            b'9' => b'0',
            byte => byte + 1,
        };
        pair[1] == next || pair[1] == pair[0]
    };
    let followed = bytes.windows(2).filter(|pair| follows(pair)).count();
    different.len() <= 3 || followed * 10 >= bytes.len() * 6
}

/// Returns whether the text is made of hexadecimal digits of one case, at least one of them a letter.
pub(crate) fn is_hex(text: &str) -> bool {
    let lower = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let upper = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    (lower || upper) && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Returns whether the text is a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == 5
        && [8, 4, 4, 4, 12].iter().zip(&groups).all(|(length, group)| {
            group.len() == *length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Returns whether the text is a JSON web token: three base64url parts, the first two JSON objects.
pub(crate) fn is_jwt(text: &str) -> bool {
    let mut parts = text.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    head.starts_with("eyJ")
        && body.starts_with("eyJ")
        && signature.len() >= 16
        && [head, body, signature].iter().all(|part| {
            part.bytes()
                .all(|byte| Alphabet::Url.has(byte) || byte == b'=')
        })
}

/// Returns the payload of a JSON web token as text.
pub(crate) fn jwt_payload(token: &str) -> Option<String> {
    crate::encoding::base64_text(token.split('.').nth(1)?)
}

#[cfg(test)]
mod tests {
    use super::{is_hex, is_jwt, is_random, is_sequence, is_spoken, is_uuid, jwt_payload};

    #[test]
    fn tells_what_chance_makes() {
        const DRAWS: usize = 2_000;
        let letters: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
        let mut state = 1_u64;
        for length in [24, 32, 40, 64] {
            let drawn = || {
                (0..length)
                    .map(|_| {
                        // An ordinary generator of pseudo-random numbers; nothing is guarded by it.
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        letters[usize::try_from(state >> 33).unwrap_or(0) % letters.len()]
                    })
                    .collect::<String>()
            };
            let missed = std::iter::repeat_with(drawn)
                .take(DRAWS)
                .filter(|text| !is_random(text))
                .count();
            assert!(
                missed * 200 <= DRAWS,
                "{missed} of {DRAWS} with {length} characters"
            );
        }
    }

    #[test]
    fn tells_words_from_letters() {
        for letters in ["default", "primary", "abc", "db", "workspace", "strength"] {
            assert!(is_spoken(letters), "{letters}");
        }
        for letters in ["qwmzkxjvh", "bcdfg", "mznx", "a1b"] {
            assert!(!is_spoken(letters), "{letters}");
        }
    }

    #[test]
    fn knows_runs() {
        for text in [
            "1234567890abcdef1234567890abcdef",
            "abc123def456ghi789",
            "aaaaaaaaaaaa",
            "abcdefghijklmnop",
            "0000-0000-0000",
            "12121212",
        ] {
            assert!(is_sequence(text), "{text}");
        }
        for text in [
            "a7f3k9zq2xb8c1d4",
            "07e9a74617a4b9fa7899f580020e1544",
            "abc",
            "hunter22",
        ] {
            assert!(!is_sequence(text), "{text}");
        }
    }

    #[test]
    fn reads_what_a_token_says() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2lnbmF0dXJlLXNpZ24";
        assert_eq!(jwt_payload(token).as_deref(), Some(r#"{"role":"anon"}"#));
        assert_eq!(jwt_payload("x"), None);
    }

    #[test]
    fn tells_random_from_written() {
        for text in [
            "Xq7Zp2Lk9Vb4Nm6Tr8Ws1Yd3",
            "d41d8cd98f00b204e9800998ecf8427e",
            "aB3/xY7+kL9mN2pQ5rS8tU1vW4=",
        ] {
            assert!(is_random(text), "{text}");
        }
        for text in [
            "short",
            "modelcontextprotocol",
            "server-filesystem-readonly",
            "/home/dev/projects/website",
            "us-east-1-production-cluster",
            "@modelcontextprotocol/server-everything",
            "ThisIsAnOrdinaryClassName",
            "claude-sonnet-4-20250514",
            "https://example.com/some/path",
        ] {
            assert!(!is_random(text), "{text}");
        }
    }

    #[test]
    fn knows_structured_identifiers() {
        assert!(is_uuid("7079e4aa-bfc6-806a-272e-486582af4a78"));
        assert!(!is_uuid("7079e4aa-bfc6-806a-272e-486582af4a7"));
        assert!(is_hex("07e9a74617a4"));
        assert!(!is_hex("123456"));
        assert!(is_jwt(
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLXNpZ24"
        ));
        assert!(!is_jwt("eyJhbGciOiJIUzI1NiJ9.x.y"));
    }
}
