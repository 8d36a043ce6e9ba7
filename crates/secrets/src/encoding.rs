//! Base64, as far as a look into a value needs it.

/// Text that is decoded at most, in bytes.
const TEXT_MAX: usize = 64 * 1024;

/// Decodes base64 of either alphabet, with or without padding; `None` where the text is none.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    if body.is_empty()
        || body.len() > TEXT_MAX
        || body.len() % 4 == 1
        || text.len() - body.len() > 2
    {
        return None;
    }
    let mut bytes = Vec::with_capacity(body.len() * 3 / 4);
    let mut bits = 0_u32;
    let mut count = 0;
    for byte in body.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("eight bits are a byte"));
        }
    }
    Some(bytes)
}

/// Decodes base64 of text that can be read.
pub(crate) fn base64_text(text: &str) -> Option<String> {
    let decoded = String::from_utf8(base64(text)?).ok()?;
    let is_readable = decoded
        .chars()
        .all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t'));
    is_readable.then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::{base64, base64_text};

    #[test]
    fn decodes_both_alphabets_with_and_without_padding() {
        assert_eq!(base64("aGk=").as_deref(), Some(&b"hi"[..]));
        assert_eq!(base64("aGk").as_deref(), Some(&b"hi"[..]));
        assert_eq!(base64("-_-_"), base64("+/+/"));
        assert_eq!(base64_text("dXNlcjpwYXNz").as_deref(), Some("user:pass"));
        assert_eq!(base64_text("AAAA"), None);
        for text in ["", "a", "a b", "====", "aGk==="] {
            assert_eq!(base64(text), None, "{text}");
        }
    }
}
