use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::marks::is_invisible;
use crate::disguise::latin_of;

/// A text without what disguises it: lowercase, compatibility forms as plain ones, look-alikes as
/// Latin letters, without accents and invisible characters; and the way back.
#[derive(Clone, Debug)]
pub(crate) struct Folded {
    text: String,
    /// For each byte of the folded text, where its character begins in the original. Empty where
    /// folding moved nothing.
    places: Vec<usize>,
    original: usize,
}

impl Folded {
    /// Folds a text.
    pub(crate) fn new(text: &str) -> Self {
        let original = text.len();
        if text.is_ascii() {
            return Self {
                text: text.to_ascii_lowercase(),
                places: Vec::new(),
                original,
            };
        }
        let mut folded = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            if character.is_ascii() {
                folded.push(character.to_ascii_lowercase());
            } else if !is_invisible(character) {
                let plain = std::iter::once(character)
                    .nfkd()
                    .filter(|part| !is_combining_mark(*part))
                    .map(|part| latin_of(part).unwrap_or(part))
                    .flat_map(char::to_lowercase)
                    .map(straight);
                folded.extend(plain);
            }
            places.resize(folded.len(), at);
        }
        Self {
            text: folded,
            places,
            original,
        }
    }

    /// Returns the folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the bytes of the original that a range of the folded text stands for. What is invisible
    /// at its end belongs to it.
    pub(crate) fn back(&self, range: Range<usize>) -> Range<usize> {
        if self.places.is_empty() {
            return range;
        }
        let place = |at: usize| self.places.get(at).copied().unwrap_or(self.original);
        place(range.start)..place(range.end)
    }
}

/// Typographic signs as those of a keyboard.
fn straight(character: char) -> char {
    match character {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{AB}' | '\u{BB}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn takes_disguises_off_and_finds_the_way_back() {
        let text = "Gr\u{FC}n I\u{200B}gn\u{43E}re \u{FF21}LL";
        let folded = Folded::new(text);
        assert_eq!(folded.text(), "grun ignore all");
        let at = folded.text().find("ignore").expect("is there");
        assert_eq!(&text[folded.back(at..at + 6)], "I\u{200B}gn\u{43E}re");
        let at = folded.text().find("all").expect("is there");
        assert_eq!(&text[folded.back(at..at + 3)], "\u{FF21}LL");
    }

    #[test]
    fn plain_text_stays_where_it_is() {
        let folded = Folded::new("Read ME");
        assert_eq!(folded.text(), "read me");
        assert_eq!(folded.back(5..7), 5..7);
    }
}
