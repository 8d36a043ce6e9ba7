use std::ops::Range;

use crate::Confidence;

/// What a configured value is, as far as its text shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nature {
    /// No text.
    Empty,
    /// Names another value: `${TOKEN}`, `${input:x}`, `{env:X}`, `op://…`.
    Reference,
    /// Stands where the user should put a value: `YOUR_API_KEY`.
    Placeholder,
    /// Ordinary text that may be kept in a file.
    Plain,
    /// Not recognised as a credential, but too random or too suggestively named to show.
    Guarded,
    /// A credential in plain text.
    Credential(Credential),
}

impl Nature {
    /// Returns the word used in output: `literal`, `reference`, `placeholder`, `empty`.
    pub fn word(&self) -> &'static str {
        match self {
            Nature::Empty => "empty",
            Nature::Reference => "reference",
            Nature::Placeholder => "placeholder",
            Nature::Plain | Nature::Guarded | Nature::Credential(_) => "literal",
        }
    }

    /// Returns whether the text itself must not be shown.
    pub fn hides(&self) -> bool {
        matches!(self, Nature::Guarded | Nature::Credential(_))
    }
}

/// A credential in plain text: who issued it, how sure that is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The rule's issuer, such as `github-classic`; `None` where only name or entropy speak.
    pub issuer: Option<&'static str>,
    /// The issuer in words, such as "GitHub personal access token".
    pub label: &'static str,
    /// How sure it is that this is a live kind of credential.
    pub confidence: Confidence,
    /// Why, as a fragment: "starts with `ghp_`, as GitHub's tokens do".
    pub why: String,
    /// The bytes of the value that are the credential itself.
    pub span: Range<usize>,
}
