//! Why a step could not be done.

use std::{fmt, io, path::PathBuf, process::ExitStatus, time::Duration};

#[derive(Debug)]
pub(crate) enum Failure {
    /// The program is not installed or may not be started.
    NotStarted { program: String, source: io::Error },
    /// The program said no; its own output stands above.
    Ended { command: String, status: ExitStatus },
    /// The program was stopped because it took longer than its bound.
    TookTooLong { command: String, bound: Duration },
    /// A file of the project, or one that a build should have left, is not there.
    NoFile { path: PathBuf, needed_for: String },
    /// A file or folder could not be read or written.
    Io { path: PathBuf, source: io::Error },
    /// The system lacks packages and this program must not or cannot install them.
    PackagesMissing { command: String },
    /// Node.js is absent or older than the interface's build needs.
    NodeUnfit { found: Option<String> },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, source } => write!(f, "cannot start `{program}`: {source}"),
            Self::Ended { command, status } => write!(f, "`{command}` ended with {status}"),
            Self::TookTooLong { command, bound } => write!(
                f,
                "`{command}` was stopped after {} minutes",
                bound.as_secs() / 60
            ),
            Self::NoFile { path, needed_for } => {
                write!(f, "{} is not there; {needed_for} needs it", path.display())
            }
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::PackagesMissing { command } => write!(
                f,
                "system packages are missing; install them with\n\n    {command}\n"
            ),
            Self::NodeUnfit { found } => {
                match found {
                    Some(version) => write!(f, "Node.js {version} is too old: ")?,
                    None => write!(f, "Node.js is not installed: ")?,
                }
                write!(
                    f,
                    "20.19 or newer (or 22.12 or newer) is needed, with npm; see https://nodejs.org/en/download"
                )
            }
        }
    }
}

impl std::error::Error for Failure {}
