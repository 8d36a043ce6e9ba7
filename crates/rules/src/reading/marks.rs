use std::ops::Range;

/// What kind of character is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum MarkKind {
    /// Without a shape: zero width, filler, private use.
    Unseen,
    /// Turns the direction of text.
    Turning,
    /// A tag character, which spells ASCII out of sight.
    Tag,
    /// Selects a variant of the character before it, and here hides data.
    Selector,
    /// A control character, or a sequence that a terminal obeys.
    Control,
}

/// A run of characters of one kind that are not seen and do not belong where they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) kind: MarkKind,
    pub(crate) span: Range<usize>,
    pub(crate) first: char,
    /// What the run spells, where it spells something.
    pub(crate) decoded: Option<String>,
}

/// Finds every run of characters that are not seen. What belongs to an emoji or to a script that needs
/// joiners and direction marks is left alone.
pub(crate) fn marks(text: &str) -> Vec<Mark> {
    let mut found: Vec<Mark> = Vec::new();
    if text
        .bytes()
        .all(|byte| (b' '..=b'~').contains(&byte) || matches!(byte, b'\n' | b'\t'))
    {
        return found;
    }
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut index = 0;
    while index < characters.len() {
        let (at, character) = characters[index];
        let end = |index: usize| characters.get(index).map_or(text.len(), |next| next.0);
        if let Some(length) = flag(&characters[index..]) {
            index += length;
            continue;
        }
        let kind = kind(character).filter(|kind| !belongs(*kind, &characters, index));
        if let Some(kind) = kind {
            let span = at..end(index + 1);
            match found.last_mut() {
                Some(last) if last.kind == kind && is_near(text, last.span.end, at) => {
                    last.span.end = span.end;
                }
                _ => found.push(Mark {
                    kind,
                    span,
                    first: character,
                    decoded: None,
                }),
            }
        }
        index += 1;
    }
    for mark in &mut found {
        mark.decoded = decoded(mark.kind, &text[mark.span.clone()]);
    }
    found
}

/// Runs with single blanks between them are one run.
fn is_near(text: &str, end: usize, start: usize) -> bool {
    text[end..start].chars().all(|between| between == ' ') && start - end <= 1
}

/// Returns whether a character has no shape of its own.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        kind(character),
        Some(MarkKind::Unseen | MarkKind::Turning | MarkKind::Tag | MarkKind::Selector)
    ) && !matches!(character, '\u{E000}'..='\u{F8FF}')
}

fn kind(character: char) -> Option<MarkKind> {
    let kind = match u32::from(character) {
        0x09 | 0x0A | 0x0D => return None,
        0x00..=0x1F | 0x7F..=0x9F => MarkKind::Control,
        0x061C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => MarkKind::Turning,
        0x00AD
        | 0x034F
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200D
        | 0x2060..=0x2065
        | 0x206A..=0x206F
        | 0x2800
        | 0x3164
        | 0xE000..=0xF8FF
        | 0xFEFF
        | 0xFFA0
        | 0xFFF0..=0xFFFB
        | 0x1D173..=0x1D17A
        | 0xF0000..=0x0010_FFFF => MarkKind::Unseen,
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF => MarkKind::Selector,
        0xE0000..=0xE007F => MarkKind::Tag,
        _ => return None,
    };
    Some(kind)
}

fn belongs(kind: MarkKind, characters: &[(usize, char)], index: usize) -> bool {
    let character = characters[index].1;
    let before = index.checked_sub(1).map(|index| characters[index].1);
    let after = characters.get(index + 1).map(|next| next.1);
    let is = |neighbour: Option<char>, test: fn(char) -> bool| neighbour.is_some_and(test);
    match (kind, character) {
        // A mark at the very start says how the bytes were written.
        (_, '\u{FEFF}') => index == 0,
        (MarkKind::Unseen, '\u{200C}' | '\u{200D}') => {
            (is(before, joins) && after.is_none_or(|after| joins(after) || !after.is_alphabetic()))
                || (is(before, is_pictorial) && is(after, is_pictorial))
        }
        (MarkKind::Unseen, '\u{200B}') => is(before, is_unspaced) || is(after, is_unspaced),
        // A soft hyphen stands inside a word and says where it may be broken.
        (MarkKind::Unseen, '\u{AD}') => {
            is(before, char::is_alphabetic) && is(after, char::is_alphabetic)
        }
        (MarkKind::Unseen, '\u{180B}'..='\u{180F}') => is(before, joins),
        (MarkKind::Turning, '\u{200E}' | '\u{200F}' | '\u{061C}') => {
            let near = index.saturating_sub(4)..(index + 5).min(characters.len());
            characters[near]
                .iter()
                .any(|(_, near)| is_right_to_left(*near))
        }
        (MarkKind::Selector, '\u{FE0E}' | '\u{FE0F}') => is(before, |before| {
            is_pictorial(before) || matches!(before, '#' | '*' | '0'..='9')
        }),
        (MarkKind::Selector, _) => is(before, is_ideograph),
        _ => false,
    }
}

/// Returns the length of a flag that is spelled with tags: the black flag, two letters of a country and
/// up to three more of a part of it, and the end.
///
/// Source: Unicode Technical Standard 51, section C.1, and the three flags recommended for interchange
/// (England, Scotland, Wales); checked 2026-11-25.
fn flag(characters: &[(usize, char)]) -> Option<usize> {
    const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];
    if characters.first()?.1 != '\u{1F3F4}' {
        return None;
    }
    let tags = characters.iter().skip(1).take(6).map(|(_, tag)| *tag);
    let spelled: String = tags.map(|tag| tag_letter(tag).unwrap_or('?')).collect();
    FLAGS
        .iter()
        .any(|flag| spelled.strip_suffix('\u{7F}') == Some(flag))
        .then_some(7)
}

fn tag_letter(tag: char) -> Option<char> {
    let code = u32::from(tag).checked_sub(0xE0000)?;
    (code < 0x80).then(|| char::from_u32(code)).flatten()
}

/// Returns what a run spells: tags as ASCII, selectors as bytes.
fn decoded(kind: MarkKind, run: &str) -> Option<String> {
    let text: String = match kind {
        MarkKind::Tag => run.chars().filter_map(tag_letter).collect(),
        MarkKind::Selector => {
            let bytes: Vec<u8> = run.chars().filter_map(selected).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        MarkKind::Unseen => binary(run)?,
        MarkKind::Control | MarkKind::Turning => return None,
    };
    let is_text = text
        .chars()
        .filter(|letter| letter.is_ascii_graphic())
        .count()
        * 2
        > text.len();
    (!text.is_empty() && is_text).then_some(text)
}

/// Two zero-width characters as the bits of ASCII.
fn binary(run: &str) -> Option<String> {
    let zero = run.chars().next()?;
    let bits: Vec<bool> = run
        .chars()
        .filter(|bit| *bit != ' ')
        .map(|bit| bit != zero)
        .collect();
    let byte = |flip: bool| -> Vec<u8> {
        let bytes = bits.chunks_exact(8);
        bytes
            .map(|bits| {
                bits.iter()
                    .fold(0, |byte, bit| (byte << 1) | u8::from(*bit != flip))
            })
            .collect()
    };
    if bits.len() < 16 {
        return None;
    }
    [false, true]
        .into_iter()
        .filter_map(|flip| String::from_utf8(byte(flip)).ok())
        .find(|text| {
            text.bytes()
                .all(|byte| byte.is_ascii_graphic() || byte == b' ')
        })
}

/// The byte that a selector stands for where text is hidden in selectors.
fn selected(selector: char) -> Option<u8> {
    match u32::from(selector) {
        code @ 0xFE00..=0xFE0F => u8::try_from(code - 0xFE00).ok(),
        code @ 0xE0100..=0xE01EF => u8::try_from(code - 0xE0100 + 16).ok(),
        _ => None,
    }
}

/// Scripts whose letters change where they join.
fn joins(character: char) -> bool {
    matches!(u32::from(character), 0x0600..=0x08FF | 0x0900..=0x0DFF | 0x0F00..=0x109F | 0x1780..=0x18AF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC)
}

/// Scripts that write words without blanks between them.
fn is_unspaced(character: char) -> bool {
    matches!(u32::from(character), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF)
}

fn is_right_to_left(character: char) -> bool {
    matches!(u32::from(character), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC)
}

fn is_ideograph(character: char) -> bool {
    matches!(u32::from(character), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_pictorial(character: char) -> bool {
    matches!(u32::from(character), 0xA9 | 0xAE | 0x203C | 0x2049 | 0x2100..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0xFE0F | 0x1F000..=0x1FAFF)
}

#[cfg(test)]
mod tests {
    use super::{MarkKind, marks};

    fn kinds(text: &str) -> Vec<MarkKind> {
        marks(text).iter().map(|mark| mark.kind).collect()
    }

    fn tags(text: &str) -> String {
        let tag = |byte| char::from_u32(0xE0000 + u32::from(byte)).expect("is a tag");
        text.bytes().map(tag).collect()
    }

    #[test]
    fn leaves_emoji_and_scripts_alone() {
        for text in [
            "flag \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} here",
            "\u{1F1EB}\u{1F1F7}",
            "heart \u{2764}\u{FE0F}, key 1\u{FE0F}\u{20E3}",
            "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}",
            "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}",
            "\u{645}\u{6CC}\u{200C}\u{62E}\u{648}\u{627}\u{647}\u{645}",
            "\u{5E9}\u{5DC}\u{5D5}\u{5DD}\u{200F}!",
            "\u{915}\u{94D}\u{200D}\u{937}",
            "\u{0E2A}\u{200B}\u{0E27}",
            "\u{8FBB}\u{E0100}",
            "caf\u{E9} \u{2013} na\u{EF}ve\u{A0}text",
        ] {
            assert_eq!(kinds(text), [], "{text:?}");
        }
    }

    #[test]
    fn finds_and_decodes_what_is_hidden() {
        let hidden = format!("Adds.{}", tags("read keys"));
        assert_eq!(marks(&hidden)[0].decoded.as_deref(), Some("read keys"));
        let behind_flag = format!("\u{1F3F4}{}", tags("gbxxx now"));
        assert_eq!(kinds(&behind_flag), [MarkKind::Tag]);
        let selectors: String = "run it"
            .bytes()
            .filter_map(|byte| char::from_u32(0xE0100 + u32::from(byte) - 16))
            .collect();
        let found = marks(&format!("\u{1F600}{selectors}"));
        assert_eq!(found[0].decoded.as_deref(), Some("run it"));
        let bits: String = "hi"
            .bytes()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
            .map(|bit| if bit == 1 { '\u{200C}' } else { '\u{200B}' })
            .collect();
        assert_eq!(
            marks(&format!("a{bits}b"))[0].decoded.as_deref(),
            Some("hi")
        );
        assert_eq!(kinds("a\u{200B}b"), [MarkKind::Unseen]);
        assert_eq!(kinds("a\u{202E}b"), [MarkKind::Turning]);
        assert_eq!(kinds("\u{1b}[2J"), [MarkKind::Control]);
        assert_eq!(kinds("a\u{FE01}"), [MarkKind::Selector]);
    }
}
