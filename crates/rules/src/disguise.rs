//! Characters that are not seen, or are not what they look like.

use countersign_model::{Piece, reveal};

/// Something in a text that whoever reads it does not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unseen {
    /// A character without a shape, or one that turns the direction of text.
    Mark(char),
    /// A blank that is not the ordinary one.
    Blank(char),
    /// So many blanks that what follows may be out of sight.
    Run(usize),
}

/// Fewer blanks are an indentation.
const RUN_MIN: usize = 64;

/// Finds the first thing in a text that is not seen. What belongs to an emoji or to a script that
/// needs joiners is seen.
pub(crate) fn unseen(text: &str) -> Option<Unseen> {
    let mut before: Option<char> = None;
    for piece in reveal(text) {
        match piece {
            Piece::Text(plain) => before = plain.chars().last(),
            Piece::Blanks(count) if count < RUN_MIN => before = Some(' '),
            Piece::Blanks(count) => return Some(Unseen::Run(count)),
            Piece::Mark(mark) if belongs(mark, before) => {}
            Piece::Mark(mark) if is_blank(mark) => return Some(Unseen::Blank(mark)),
            Piece::Mark(mark) => return Some(Unseen::Mark(mark)),
        }
    }
    None
}

/// Emoji take a presentation selector and joiners; some scripts take joiners and direction marks.
fn belongs(mark: char, before: Option<char>) -> bool {
    match mark {
        '\u{FE0F}' => before.is_some(),
        '\u{200C}'..='\u{200F}' => before.is_some_and(|before| !before.is_ascii()),
        _ => false,
    }
}

fn is_blank(mark: char) -> bool {
    matches!(
        u32::from(mark),
        0x00A0 | 0x00AD | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 | 0xE000..=0xF8FF
    )
}

/// Letters of other scripts with the Latin letter that each looks like.
///
/// Source: Unicode Technical Standard 39, confusables.txt (16.0), the single letters of Cyrillic and
/// Greek whose shape is the Latin one; checked 2026-11-24.
const LOOK_ALIKES: [(char, char); 52] = [
    ('а', 'a'),
    ('е', 'e'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ӏ', 'l'),
    ('в', 'b'),
    ('к', 'k'),
    ('м', 'm'),
    ('т', 't'),
    ('н', 'h'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('ο', 'o'),
    ('α', 'a'),
    ('ν', 'v'),
    ('ρ', 'p'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('υ', 'u'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
];

/// Finds a letter that looks like a Latin one inside a Latin word, with that Latin letter.
///
/// A word counts only if all its other letters are Latin or look so: a word that is really of
/// another script is left alone.
pub(crate) fn look_alike(text: &str) -> Option<(char, char)> {
    text.split(|character: char| !character.is_alphanumeric())
        .find_map(look_alike_in_word)
}

fn look_alike_in_word(word: &str) -> Option<(char, char)> {
    let is_latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
    let mut found = None;
    for letter in word.chars().filter(|letter| !letter.is_ascii()) {
        let latin = latin_of(letter)?;
        found = found.or(Some((letter, latin)));
    }
    found.filter(|_| is_latin)
}

/// Returns the Latin letter that a letter looks like.
pub(crate) fn latin_of(letter: char) -> Option<char> {
    let code = u32::from(letter);
    if (0xFF21..=0xFF5A).contains(&code) {
        return char::from_u32(code - 0xFEE0);
    }
    LOOK_ALIKES
        .iter()
        .find(|(other, _)| *other == letter)
        .map(|(_, latin)| *latin)
}

/// Returns a name as the eye takes it: look-alikes as one letter, no separators, no case.
pub(crate) fn skeleton(name: &str) -> String {
    name.chars()
        .map(|letter| latin_of(letter).unwrap_or(letter))
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            '0' => Some('o'),
            '1' | 'i' | '|' => Some('l'),
            '-' | '_' | '.' | ' ' => None,
            other => Some(other),
        })
        .collect::<String>()
        .replace("rn", "m")
        .replace("vv", "w")
}

#[cfg(test)]
mod tests {
    use super::{Unseen, look_alike, skeleton, unseen};

    #[test]
    fn sees_emoji_and_scripts() {
        for text in [
            "🗄\u{FE0F} files",
            "👩\u{200D}💻",
            "سلام\u{200C}ها",
            "npx -y x",
            "Grüße",
        ] {
            assert_eq!(unseen(text), None, "{text:?}");
        }
        assert_eq!(unseen("git\u{200B}hub"), Some(Unseen::Mark('\u{200B}')));
        assert_eq!(unseen("a\u{202E}b"), Some(Unseen::Mark('\u{202E}')));
        assert_eq!(unseen("a\u{A0}b"), Some(Unseen::Blank('\u{A0}')));
        assert_eq!(
            unseen(&format!("a{}b", " ".repeat(80))),
            Some(Unseen::Run(80))
        );
    }

    #[test]
    fn tells_foreign_letters_in_latin_words() {
        assert_eq!(look_alike("g\u{456}thub"), Some(('\u{456}', 'i')));
        for text in ["файлы", "файлы2", "github", "naïve", "v2-файл", "世界"] {
            assert_eq!(look_alike(text), None, "{text}");
        }
    }

    #[test]
    fn folds_names_as_the_eye_does() {
        assert_eq!(skeleton("G1tHub"), skeleton("github"));
        assert_eq!(skeleton("post-gres"), skeleton("postgres"));
        assert_ne!(skeleton("server1x"), skeleton("server2x"));
    }
}
