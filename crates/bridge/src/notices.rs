//! What the bridge says: on standard error, and never anything from a secret.

use countersign_guard::{say, shown};
use countersign_probe::{Failure, LeftOut, MessageError};

/// Bytes that one run says at most: a pipe takes them all, so that nobody has to read them.
const SAID_BYTES_MAX: usize = 16 * 1024;

const NO_MORE: &str = "more is not told";

/// The name that it gives itself in what it says.
pub(crate) const NAME: &str = "countersign-bridge";

/// What was told so far.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    bytes: usize,
    last: String,
}

impl Notices {
    pub(crate) fn failure(&mut self, failure: &Failure) {
        let what = shown(&failure.to_string());
        self.tell(match failure.hint() {
            Some(hint) => format!("failed to {what}; {hint}"),
            None => format!("failed to {what}"),
        });
    }

    pub(crate) fn left_out(&mut self, left_out: &LeftOut) {
        self.tell(shown(&left_out.to_string()));
    }

    pub(crate) fn no_message(&mut self, error: MessageError) {
        self.tell(format!("failed to {error}"));
    }

    fn tell(&mut self, text: String) {
        if let Some(text) = self.told(text) {
            say(NAME, &text);
        }
    }

    /// Returns what is to be said: nothing twice in a row, and not more than a run may say.
    fn told(&mut self, text: String) -> Option<String> {
        if text == self.last || self.bytes > SAID_BYTES_MAX {
            return None;
        }
        self.bytes += bytes(&text);
        let text = if self.bytes > SAID_BYTES_MAX {
            NO_MORE.to_owned()
        } else {
            text
        };
        self.last.clone_from(&text);
        Some(text)
    }
}

/// Bytes of the line that says a text.
fn bytes(text: &str) -> usize {
    NAME.len() + ": \n".len() + text.len()
}

#[cfg(test)]
mod tests {
    use super::{NO_MORE, Notices, SAID_BYTES_MAX, bytes};

    #[test]
    fn says_nothing_twice_in_a_row() {
        let mut notices = Notices::default();
        let said = ["a", "a", "b", "a"].map(|text| notices.told(text.to_owned()).is_some());
        assert_eq!(said, [true, false, true, true]);
    }

    #[test]
    fn what_one_run_says_has_an_end() {
        let mut notices = Notices::default();
        let said: Vec<_> = (0..10_000)
            .filter_map(|number| notices.told(format!("notice {number}")))
            .collect();
        assert_eq!(said.last().map(String::as_str), Some(NO_MORE));
        let bytes: usize = said.iter().map(|text| bytes(text)).sum();
        assert!(bytes < SAID_BYTES_MAX + 100, "{bytes}");
    }
}
