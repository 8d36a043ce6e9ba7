/// A piece of untrusted text as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that looks like what it is.
    Text(String),
    /// A character that would not be seen or would change how its neighbours are seen.
    Mark(char),
    /// More blanks in a row than anybody writes by hand.
    Blanks(usize),
}

/// More than this many blanks in a row are shown as a count.
const BLANKS_MAX: usize = 12;

/// Splits untrusted text into pieces that can be shown without deceiving whoever reads them.
///
/// Line breaks stay in the text; every other control character, bidirectional control, zero-width
/// character, variation selector, tag character, private-use character and look-alike of a blank
/// becomes a [`Piece::Mark`].
pub fn reveal(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if is_deceptive(character) {
            flush(&mut plain, &mut pieces);
            pieces.push(Piece::Mark(character));
        } else if is_blank(character) {
            let mut run = String::from(character);
            while let Some(next) = characters.next_if(|next| is_blank(*next)) {
                run.push(next);
            }
            let count = run.chars().count();
            if count > BLANKS_MAX {
                flush(&mut plain, &mut pieces);
                pieces.push(Piece::Blanks(count));
            } else {
                plain.push_str(&run);
            }
        } else {
            plain.push(character);
        }
    }
    flush(&mut plain, &mut pieces);
    pieces
}

fn flush(plain: &mut String, pieces: &mut Vec<Piece>) {
    if !plain.is_empty() {
        pieces.push(Piece::Text(std::mem::take(plain)));
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\n' | '\t')
}

/// Returns whether showing `character` as it is would hide it or disturb its surroundings.
fn is_deceptive(character: char) -> bool {
    if character == '\n' || character == '\t' {
        return false;
    }
    let code = u32::from(character);
    character.is_control()
        || matches!(code,
            0x00A0 | 0x00AD | 0x034F | 0x061C | 0x115F | 0x1160 | 0x1680 | 0x17B4 | 0x17B5
            | 0x180B..=0x180F | 0x2000..=0x200F | 0x2028..=0x202F | 0x205F..=0x206F
            | 0x2800 | 0x3000 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0xE000..=0xF8FF | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF | 0xF0000..=0x0010_FFFF)
}

#[cfg(test)]
mod tests {
    use super::{Piece, reveal};

    fn check(text: &str, expect: &[Piece]) {
        assert_eq!(reveal(text), expect, "{text:?}");
    }

    fn plain(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    #[test]
    fn keeps_ordinary_text() {
        check("", &[]);
        check("npx -y\n\tserver", &[plain("npx -y\n\tserver")]);
        check("Grüße, 世界 🙂", &[plain("Grüße, 世界 🙂")]);
    }

    #[test]
    fn marks_what_cannot_be_seen() {
        check(
            "a\u{200B}b\u{202E}c",
            &[
                plain("a"),
                Piece::Mark('\u{200B}'),
                plain("b"),
                Piece::Mark('\u{202E}'),
                plain("c"),
            ],
        );
        check("\u{E0041}", &[Piece::Mark('\u{E0041}')]);
        check("\u{1b}[2J", &[Piece::Mark('\u{1b}'), plain("[2J")]);
        check("a\rb", &[plain("a"), Piece::Mark('\r'), plain("b")]);
    }

    #[test]
    fn counts_long_runs_of_blanks() {
        let text = format!("a{}b", " ".repeat(400));
        check(&text, &[plain("a"), Piece::Blanks(400), plain("b")]);
        let short = format!("a{}b", " ".repeat(12));
        check(&short, &[plain(&short)]);
    }
}
