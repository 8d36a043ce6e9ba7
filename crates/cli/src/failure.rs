use std::error::Error;

use anstyle::{AnsiColor, Style};

use crate::{exit::Exit, page::safe};

/// Why a command could not be done, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    hints: Vec<String>,
}

impl Failure {
    /// Makes a failure from an error whose text fits after "failed to".
    pub(crate) fn of(error: &dyn Error) -> Self {
        let mut message = format!("failed to {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Self::new(message)
    }

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Says what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Returns the message and its hints as they are printed.
    pub(crate) fn shown(&self) -> String {
        self.with_head("error", AnsiColor::Red, &self.message)
    }

    /// Returns it as it is printed where the command goes on all the same, after what that means.
    pub(crate) fn warned(&self, what: &str) -> String {
        let message = format!("{what}: {}", self.message);
        self.with_head("warning", AnsiColor::Yellow, &message)
    }

    fn with_head(&self, head: &str, color: AnsiColor, message: &str) -> String {
        let color = Style::new().bold().fg_color(Some(color.into()));
        let bold = Style::new().bold();
        let mut text = format!("{color}{head}{color:#}: {}\n", safe(message));
        for hint in &self.hints {
            text.push_str(&format!("{bold}hint{bold:#}: {}\n", safe(hint)));
        }
        text
    }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::of(&error)
    }
}
