//! What the guard says: on standard error, and never anything from a secret.

use std::io::Write;

use countersign_launch::Removed;
use countersign_model::{GuardId, Piece, reveal};

/// Names that are listed at most.
const NAMES_MAX: usize = 40;

/// Characters of one untrusted text that are shown at most.
const SHOWN_MAX: usize = 200;

/// Writes one line to standard error, after the name of the program that says it.
pub fn say(by: &str, text: &str) {
    // Nobody is left to be told when that fails.
    let _ = std::io::stderr().write_all(format!("{by}: {text}\n").as_bytes());
}

/// Returns what is said about variables that the server does not get; nothing where it gets all.
pub(crate) fn removed(removed: &[Removed], entry: GuardId) -> Option<String> {
    if removed.is_empty() {
        return None;
    }
    let listed = removed.iter().take(NAMES_MAX).map(|one| {
        let name = shown(&one.name.to_string_lossy());
        if one.is_loader {
            format!("{name} (makes programs load other code)")
        } else {
            name
        }
    });
    let mut names = listed.collect::<Vec<_>>().join(", ");
    if let Some(more) = removed
        .len()
        .checked_sub(NAMES_MAX)
        .filter(|more| *more > 0)
    {
        names.push_str(&format!(" and {more} more"));
    }
    Some(format!(
        "not passed on to the server: {names}. To pass one on, add its name to `--env` in the entry; \
         where the entry has a secret, run `countersign secrets bind {entry}` after that."
    ))
}

/// Returns untrusted text as one line that shows as it is and is not long.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    let cut = text
        .char_indices()
        .nth(SHOWN_MAX)
        .map_or(text.len(), |(at, _)| at);
    for piece in reveal(&text[..cut]) {
        match piece {
            Piece::Text(text) => out.push_str(&text.replace('\n', "⏎").replace('\t', " ")),
            Piece::Mark(character) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(character))),
            Piece::Blanks(count) => out.push_str(&format!("⟨{count} blanks⟩")),
        }
    }
    if cut < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use countersign_launch::Removed;
    use countersign_model::GuardId;

    use super::{NAMES_MAX, SHOWN_MAX, removed, shown};

    const ENTRY: GuardId = GuardId::from_bytes([0; 16]);

    fn one(name: &str, is_loader: bool) -> Removed {
        Removed {
            is_loader,
            name: name.into(),
        }
    }

    #[test]
    fn says_what_is_not_passed_on_and_how_it_would_be() {
        assert_eq!(removed(&[], ENTRY), None);
        let said = removed(&[one("FOO", false), one("NODE_OPTIONS", true)], ENTRY).unwrap();
        assert_eq!(
            said,
            "not passed on to the server: FOO, NODE_OPTIONS (makes programs load other code). To pass \
             one on, add its name to `--env` in the entry; where the entry has a secret, run \
             `countersign secrets bind 00000000000000000000000000000000` after that."
        );
    }

    #[test]
    fn a_long_list_is_cut() {
        let many: Vec<_> = (0..NAMES_MAX + 3).map(|_| one("FOO", false)).collect();
        assert!(removed(&many, ENTRY).unwrap().contains("FOO and 3 more."));
        assert!(
            !removed(&many[..NAMES_MAX], ENTRY)
                .unwrap()
                .contains("more.")
        );
    }

    #[test]
    fn untrusted_text_is_one_line_and_short() {
        assert_eq!(shown("a\nb\u{1b}[2J"), "a⏎b⟨U+001B⟩[2J");
        let long = shown(&"ä".repeat(10_000));
        assert_eq!(long.chars().count(), SHOWN_MAX + 1);
    }
}
