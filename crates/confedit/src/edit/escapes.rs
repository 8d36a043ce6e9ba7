use std::ops::Range;

use zeroize::Zeroizing;

/// Appends a character as it stands in a string with backslash escapes between `quote`s. What all
/// of JSON, JSON5, TOML and YAML understand alike is all that is used.
pub(super) fn write_escaped(character: char, quote: char, out: &mut String) {
    match character {
        '\\' => out.push_str("\\\\"),
        _ if character == quote => out.extend(['\\', quote]),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Controls, and what some parsers take for an end of line or of text.
        '\u{0}'..='\u{1F}'
        | '\u{7F}'..='\u{9F}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{FEFF}'
        | '\u{FFFE}'
        | '\u{FFFF}' => {
            let code = u32::from(character);
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                let digit = (code >> shift) & 0xF;
                out.push(char::from_digit(digit, 16).unwrap_or('0'));
            }
        }
        _ => out.push(character),
    }
}

/// Puts new text in the place of parts of a quoted string, and leaves the spelling of the rest as
/// it is. `None` where the spelling is not understood; the caller spells the whole text then.
pub(super) fn patch(
    spelled: &str,
    old: &str,
    parts: &[(Range<usize>, Zeroizing<String>)],
    quote: char,
) -> Option<Zeroizing<String>> {
    const ESCAPED_MAX: usize = 6;
    let added = parts.iter().map(|(_, with)| with.len()).sum::<usize>();
    let mut out = Zeroizing::new(String::with_capacity(spelled.len() + added * ESCAPED_MAX));
    let places = places(spelled, quote)?;
    if places.len() != old.len() + 1 {
        return None;
    }
    let mut cursor = 0;
    for (range, with) in parts {
        out.push_str(spelled.get(cursor..places[range.start]?)?);
        for character in with.chars() {
            write_escaped(character, quote, &mut out);
        }
        cursor = places[range.end]?;
    }
    out.push_str(spelled.get(cursor..)?);
    Some(out)
}

/// Returns for each byte of the decoded text, and its end, where in the spelling it starts; `None`
/// for a byte that only continues a character.
fn places(spelled: &str, quote: char) -> Option<Vec<Option<usize>>> {
    let width = quote.len_utf8();
    let body = spelled.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut places = Vec::with_capacity(body.len() + 1);
    let mut rest = body;
    while let Some(first) = rest.chars().next() {
        let (length, decoded) = if first == '\\' {
            escape(rest)?
        } else {
            (first.len_utf8(), first.len_utf8())
        };
        let at = body.len() - rest.len() + width;
        places.extend((0..decoded).map(|byte| (byte == 0).then_some(at)));
        rest = rest.get(length..)?;
    }
    places.push(Some(body.len() + width));
    Some(places)
}

/// Returns the length of an escape and of what it stands for.
fn escape(rest: &str) -> Option<(usize, usize)> {
    let code = |start: usize, digits: usize| {
        u32::from_str_radix(rest.get(start..start + digits)?, 16).ok()
    };
    let kind = rest[1..].chars().next()?;
    let (length, code) = match kind {
        'x' => (4, code(2, 2)?),
        'U' => (10, code(2, 8)?),
        'u' => match code(2, 4)? {
            high @ 0xD800..0xDC00 => {
                let low = code(8, 4).filter(|_| rest.get(6..8) == Some("\\u"))?;
                let low = low.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                (12, 0x10000 + ((high - 0xD800) << 10) + low)
            }
            other => (6, other),
        },
        'b' | 'f' | 'n' | 'r' | 't' | '"' | '\'' | '\\' | '/' => (2, u32::from(kind)),
        // Line ends that continue, YAML's names of blanks, octal digits.
        _ => return None,
    };
    Some((length, char::from_u32(code)?.len_utf8()))
}
