//! Starting a server so that nothing of its tree outlives who started it.
//!
//! What ends a tree is to ask it, to wait, and to kill it, until nothing is left. When that begins
//! stands in [`INPUT_GRACE`] and [`SIGNAL_GRACE`]; it begins at once when the server or this process
//! is gone, by whatever means.

mod report;

#[cfg(target_os = "linux")]
pub(crate) mod linux;
#[cfg(all(unix, not(target_os = "linux")))]
mod macos;
#[cfg(windows)]
mod windows;

use std::{
    ffi::OsString,
    fs::File,
    io::{self, PipeWriter},
    path::PathBuf,
    time::Duration,
};

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(all(unix, not(target_os = "linux")))]
use macos as system;
#[cfg(windows)]
use windows as system;

#[cfg(all(unix, not(target_os = "linux")))]
pub use macos::{WATCH, watch};
pub use report::{NotStarted, Start};
pub use system::{InputEnd, Tree};

/// How long a server may go on after its input has ended.
pub const INPUT_GRACE: Duration = Duration::from_secs(5);

/// How long a server may go on after a signal that asks it to end was passed on.
pub const SIGNAL_GRACE: Duration = Duration::from_secs(5);

/// How long processes may go on after they were asked to end, before they are killed.
pub const END_GRACE: Duration = Duration::from_secs(2);

/// A program as it is handed to the system.
///
/// # Security
/// Arguments and environment may hold secrets: this has no `Debug`.
pub struct Program {
    /// The file.
    pub file: PathBuf,
    /// What the program is told that it is called: the name as it was given.
    pub name: OsString,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
}

/// The standard streams of a server.
#[derive(Debug)]
pub struct Streams {
    /// Its input; a pipe is made where there is none.
    pub input: Option<File>,
    /// Its output.
    pub output: File,
}

/// A server that is being started.
#[derive(Debug)]
pub struct Supervised {
    /// The other end of the server's standard input, where a pipe was made for it.
    pub input: Option<PipeWriter>,
    /// Tells whether the server runs.
    pub start: Start,
    /// The server and all that comes from it.
    pub tree: Tree,
}

/// Starts a server. Its standard error, its working folder and all else are this process's.
///
/// `prepare` says what to start; it is called as late as possible and, on Linux, in the process that
/// becomes the server, so that what it returns is in no other process's memory. What it returns
/// instead of a program comes back as [`NotStarted::Refused`], up to 64 KiB of it.
///
/// # Errors
/// Where the system gives no pipe or no process, or this process has more than one thread.
pub fn supervise(
    streams: Streams,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> Result<Supervised, io::Error> {
    let (start, report) = report::pair()?;
    let (input, writer) = match streams.input {
        Some(input) => (input, None),
        None => {
            let (reader, writer) = io::pipe()?;
            (file(reader), Some(writer))
        }
    };
    let ends = Ends {
        input,
        output: streams.output,
        report,
    };
    // What only this process is to hold is handed over to be let go of in any other.
    let (tree, (start, input)) = system::supervise(ends, (start, writer), prepare)?;
    Ok(Supervised { input, start, tree })
}

/// What the process that becomes the server is handed.
struct Ends {
    input: File,
    output: File,
    report: report::Report,
}

#[cfg(unix)]
fn file(pipe: io::PipeReader) -> File {
    std::os::fd::OwnedFd::from(pipe).into()
}

#[cfg(windows)]
fn file(pipe: io::PipeReader) -> File {
    std::os::windows::io::OwnedHandle::from(pipe).into()
}
