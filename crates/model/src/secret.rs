use std::fmt;

use zeroize::Zeroizing;

/// Text that may hold a credential: no `Display`, a redacted `Debug`, wiped when dropped.
///
/// Everything that a config hands to a server (environment values, header values, arguments,
/// addresses) is held in this type from the moment it is read.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes ownership of `text`.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the plain text.
    ///
    /// # Security
    /// The result must not reach a window, a log, a report or a database. `reason` says at the call
    /// why the text itself is needed; it has no effect at run time.
    pub fn expose(&self, reason: &'static str) -> &str {
        let _ = reason;
        &self.0
    }

    /// Returns the length in characters, which may be shown.
    pub fn characters(&self) -> usize {
        self.0.chars().count()
    }

    /// Returns whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretText({} characters)", self.characters())
    }
}
