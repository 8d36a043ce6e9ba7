//! Shapes of values: alphabets, randomness, structured identifiers.

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
    let length = text.len();
    if length < 20 || !text.bytes().all(|byte| Alphabet::Broad.has(byte)) {
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
    // Without digits, only a constant change of case tells random letters from CamelCase.
    let switches_min = if classes[2] { length / 5 } else { length / 2 };
    mixed >= 2 && entropy(text) > 3.6 && longest_word(text) < 10 && switches(text) > switches_min
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

fn longest_word(text: &str) -> usize {
    text.split(|character: char| !character.is_ascii_lowercase())
        .map(str::len)
        .max()
        .unwrap_or(0)
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

#[cfg(test)]
mod tests {
    use super::{is_hex, is_jwt, is_random, is_uuid};

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
