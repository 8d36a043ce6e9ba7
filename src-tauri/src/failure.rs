use std::error::Error;

use countersign_core::desk::ActError;
use serde::Serialize;

/// Why a command was not done, as the window shows it. The window decides by `code` only.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    /// Makes a failure from an error whose text fits after "failed to".
    pub(crate) fn new(code: &'static str, error: &dyn Error) -> Self {
        Self {
            code,
            message: words(error),
            hint: None,
        }
    }
}

impl From<ActError> for Failure {
    fn from(error: ActError) -> Self {
        Self {
            code: error.code(),
            message: words(&error),
            hint: error.hint(),
        }
    }
}

/// Writes an error and its causes as one sentence.
pub(crate) fn words(error: &dyn Error) -> String {
    let mut text = format!("Failed to {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text.push('.');
    text
}

/// Says on standard error why there is no window.
#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
pub(crate) fn say(error: &dyn Error) {
    eprintln!("{}", words(error));
}
