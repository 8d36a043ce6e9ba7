use std::time::Duration;

use countersign_launch::sandbox::{Cause, Enforced, SandboxError};
use countersign_surface::Surface;

use crate::{Failure, Greeting, Note, Timing};

/// How long a server is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the answer to `server/discover`, which older servers may leave without one.
    pub discover: Duration,
    /// For each other answer.
    pub answer: Duration,
    /// For all of it.
    pub total: Duration,
    /// What else takes time over HTTP.
    pub http: Timing,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            discover: Duration::from_secs(5),
            answer: Duration::from_secs(20),
            total: Duration::from_secs(60),
            http: Timing::default(),
        }
    }
}

/// What was read of a server.
#[derive(Clone, Debug)]
pub struct Probed {
    /// All that it offers; [`Surface::faults`] says what could not be read.
    pub surface: Surface,
    /// What it says of itself.
    pub greeting: Greeting,
    /// What was seen beside.
    pub notes: Vec<Note>,
    /// What the program was held by; `None` for a server over HTTP.
    pub enforced: Option<Enforced>,
}

/// Why nothing could be read. Words of the server in it are hostile text.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The program was not started.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The program ended before it said anything.
    #[error("read what the server offers: it ended at once{}", quoted(.said))]
    Ended {
        /// The last line that it logged.
        said: Option<String>,
    },
    /// The program was ended, because it took too much.
    #[error("read what the server offers: it was ended, because it {}", took(*.cause))]
    TooMuch {
        /// Of what.
        cause: Cause,
    },
    /// The server does not greet.
    #[error("read what the server offers: {why}{}", quoted(.said))]
    NoGreeting {
        /// Why, in words that may be the server's.
        why: String,
        /// The last line that it logged.
        said: Option<String>,
    },
    /// The output is something else than MCP.
    #[error("read what the server offers: what it writes is not MCP{}", quoted(.said))]
    NotMcp {
        /// The last line that it logged.
        said: Option<String>,
    },
    /// The server cannot be reached, or answers with something else.
    #[error(transparent)]
    Remote(#[from] Failure),
}

impl ProbeError {
    /// Returns what the user can do next, as a sentence.
    pub fn hint(&self) -> &'static str {
        match self {
            ProbeError::Sandbox(error) => error.hint(),
            ProbeError::Ended { .. } => {
                "it may want a real credential, a file or the network before it starts: allow the network for this probe, or read it as it runs, through the guard"
            }
            ProbeError::TooMuch { .. } => {
                "do not approve it before you know why; it can be read as it runs, through the guard"
            }
            ProbeError::NoGreeting { .. } => {
                "look whether the entry starts an MCP server; one that needs the network can be allowed it for this probe"
            }
            ProbeError::NotMcp { .. } => {
                "look whether the entry starts an MCP server that speaks over its standard output"
            }
            ProbeError::Remote(failure) => failure
                .hint()
                .unwrap_or("try again later; if it stays so, ask those who run the server"),
        }
    }
}

fn quoted(said: &Option<String>) -> String {
    said.as_ref()
        .map_or_else(String::new, |said| format!(" (it said: {said})"))
}

const fn took(cause: Cause) -> &'static str {
    match cause {
        Cause::Memory => "took more memory than it may",
        Cause::Processes => "started more processes than it may",
        Cause::Folder => "wrote more than it may",
        Cause::Time => "took longer than it may",
        Cause::Itself(_) | Cause::Asked => "did not go on",
    }
}
