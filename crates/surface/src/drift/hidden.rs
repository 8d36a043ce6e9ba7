use countersign_model::{Piece, reveal};

use crate::{Item, texts};

/// Blanks in a row that push what follows out of sight.
const BLANKS_MIN: usize = 40;

/// Counts what a reader does not see: invisible and control characters, and runs of blanks that push text
/// out of sight. Joiners inside emoji and non-Latin scripts, and the blanks of typography, are no secret.
pub(super) fn count(text: &str) -> usize {
    if text.is_ascii()
        && !text.bytes().any(|byte| byte < b' ' || byte == 0x7f)
        && text.len() < BLANKS_MIN
    {
        return 0;
    }
    let mut previous = None;
    let pieces = reveal(text);
    let mut hidden = 0;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(plain) => previous = plain.chars().next_back(),
            Piece::Mark(mark) => {
                let next = match pieces.get(index + 1) {
                    Some(Piece::Text(plain)) => plain.chars().next(),
                    _ => None,
                };
                hidden += usize::from(!is_ordinary(*mark, previous, next));
            }
            Piece::Blanks(count) => {
                let is_last = index + 1 == pieces.len();
                hidden += usize::from(*count >= BLANKS_MIN && !is_last);
            }
        }
    }
    hidden
}

/// Returns whether anything in an item is hidden.
pub(super) fn in_item(item: &Item) -> bool {
    texts(item).iter().any(|text| count(text.text) > 0)
}

fn is_ordinary(mark: char, previous: Option<char>, next: Option<char>) -> bool {
    match mark {
        // No-break and ideographic blanks, soft hyphens, carriage returns of other systems.
        '\u{a0}' | '\u{ad}' | '\u{202f}' | '\u{3000}' => true,
        '\r' => next == Some('\n'),
        // A variation selector or joiner belongs to what stands before it.
        '\u{fe0e}' | '\u{fe0f}' | '\u{200c}' | '\u{200d}' | '\u{200e}' | '\u{200f}' => {
            previous.is_some_and(|character| !character.is_ascii_alphanumeric())
                && previous.is_some_and(|character| {
                    !character.is_ascii() || character == '#' || character == '*'
                })
        }
        _ => false,
    }
}
