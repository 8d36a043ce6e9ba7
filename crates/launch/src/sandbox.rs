//! Starting a program that nobody trusts yet, to see what it says.
//!
//! What confines it depends on the machine, and [`Enforced`] says what really did. On Linux the program
//! that calls this starts itself once more, through [`inner`], inside of what bubblewrap makes: that
//! process has one thread and no open files, so it can put Landlock's rules, a filter for system calls,
//! limits and another user id on itself and then become the server. Rules that are put on before
//! bubblewrap would forbid what bubblewrap has to do; and between fork and exec of a program with
//! threads, nothing may be done that needs memory. Where bubblewrap does not work, the same process
//! does the same without it, under the supervisor of [`crate::supervise`].
//!
//! Nothing is started where nothing confines it, unless the caller says [`Unconfined::Start`].

mod enforced;
mod watch;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::{ffi::OsString, io, path::PathBuf, time::Duration};

#[cfg(not(target_os = "linux"))]
use elsewhere as system;
#[cfg(target_os = "linux")]
use linux as system;

pub use enforced::{Confinement, Enforced, Landlock};
pub use watch::{Cause, Contained, Ended, Ender};

/// The argument by which a program is asked to be the process that becomes the server.
#[cfg(target_os = "linux")]
const INNER: &str = "__countersign-contain";

/// A program, and what it may do.
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// The file, by its whole path.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its whole environment but `HOME` and `TMPDIR`, which point into `folder`. Placeholders stand
    /// where credentials belong.
    pub environment: Vec<(OsString, OsString)>,
    /// Where it starts; its home where there is none.
    pub working_folder: Option<PathBuf>,
    /// An empty folder of the caller's, by its whole path, which the caller removes afterwards. All that
    /// the program writes is in there.
    pub folder: PathBuf,
    /// What it may read beyond the system's programs and libraries, and its own file.
    pub readable: Vec<PathBuf>,
    /// What it may write beyond its own folder.
    pub writable: Vec<PathBuf>,
    /// Folders that must not be opened as a whole: the user's home. A readable path that is one of
    /// them, or above one, is refused.
    pub private: Vec<PathBuf>,
    /// What it reaches.
    pub network: Network,
    /// Where it ends.
    pub limits: Limits,
    /// What happens where this machine cannot confine it.
    pub unconfined: Unconfined,
    /// What is tried.
    pub tier: Tier,
}

impl Sandbox {
    /// Prepares a program that reaches nothing, with the usual limits.
    pub fn new(program: PathBuf, folder: PathBuf) -> Self {
        Self {
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            working_folder: None,
            folder,
            readable: Vec::new(),
            writable: Vec::new(),
            private: Vec::new(),
            network: Network::None,
            limits: Limits::default(),
            unconfined: Unconfined::Refuse,
            tier: Tier::Strongest,
        }
    }
}

/// What a program reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Nothing.
    None,
    /// Everything that this machine reaches, itself included.
    All,
}

/// What happens where nothing confines a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unconfined {
    /// It is not started.
    Refuse,
    /// It is started, and [`Enforced`] says so.
    Start,
}

/// Which of what a machine offers is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Bubblewrap where it works, else the kernel's own rules alone.
    Strongest,
    /// The kernel's own rules alone.
    WithoutBubblewrap,
}

/// Where a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory that all its processes hold, in bytes; watched, and ended above it. Twice as much may be
    /// asked for by each of them.
    pub memory_bytes: u64,
    /// Its processes and threads.
    pub processes: u64,
    /// Bytes of a file that it writes.
    pub file_bytes: u64,
    /// Bytes of all that is in its own folder; watched, and ended above it.
    pub folder_bytes: u64,
    /// Files that each process has open.
    pub open_files: u64,
    /// Seconds that each process computes.
    pub cpu_seconds: u64,
    /// How long it runs.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 * 1024 * 1024,
            processes: 256,
            file_bytes: 64 * 1024 * 1024,
            folder_bytes: 512 * 1024 * 1024,
            open_files: 1024,
            cpu_seconds: 60,
            wall: Duration::from_secs(60),
        }
    }
}

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// Nothing here confines a program.
    #[error("confine the program: this system offers nothing that does")]
    NotConfined,
    /// A path that would open what is private.
    #[error("confine the program: {} would open what is private", .0.display())]
    TooWide(PathBuf),
    /// A path that is not whole, or that no argument can hold.
    #[error("confine the program: {} is not a whole path", .0.display())]
    NotAbsolute(PathBuf),
    /// The folder for what the program writes cannot be used.
    #[error("prepare a folder for the program")]
    Folder(#[source] io::Error),
    /// The system starts no process.
    #[error("start the program")]
    Start(#[source] io::Error),
    /// The process that confines itself could not, or did not become the program.
    #[error("start the program: {0}")]
    NotBegun(String),
}

impl SandboxError {
    /// Returns what the user can do next, as a sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            SandboxError::NotConfined => {
                "install bubblewrap, or use a kernel with Landlock; a server that is already in use is read as it runs, through the guard"
            }
            SandboxError::TooWide(_) => {
                "put what the server needs into a folder of its own, outside of the home's top"
            }
            SandboxError::NotAbsolute(_) => "name the program by its whole path",
            SandboxError::Folder(_) => "look whether the folder for temporary files can be written",
            SandboxError::Start(_) | SandboxError::NotBegun(_) => {
                "look whether the program is there and can be run by others than its owner"
            }
        }
    }
}

/// Starts a program in a sandbox, with pipes for its streams.
///
/// # Errors
/// [`SandboxError`]. Nothing runs then.
///
/// # Security
/// On Linux the calling program must call [`inner`] first of all in its `main`.
pub fn start(sandbox: &Sandbox) -> Result<Contained, SandboxError> {
    check(sandbox)?;
    system::start(sandbox)
}

/// Becomes the server where the arguments of this process ask for it, and does not return then.
///
/// Call it first of all in `main`, before any thread is started.
pub fn inner() {
    #[cfg(target_os = "linux")]
    system::inner();
}

fn check(sandbox: &Sandbox) -> Result<(), SandboxError> {
    let opened = || sandbox.readable.iter().chain(&sandbox.writable);
    let working = sandbox.working_folder.iter();
    for path in opened()
        .chain([&sandbox.program, &sandbox.folder])
        .chain(working)
    {
        let has_zero = path.as_os_str().as_encoded_bytes().contains(&0);
        if !path.is_absolute() || has_zero {
            return Err(SandboxError::NotAbsolute(path.clone()));
        }
    }
    let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    for path in opened() {
        let is_wide = |private: &PathBuf| {
            private.starts_with(path)
                || real(private).starts_with(real(path))
                || path.parent().is_none()
        };
        if sandbox.private.iter().any(is_wide) {
            return Err(SandboxError::TooWide(path.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Sandbox, SandboxError, check};

    fn checked(readable: &str) -> Result<(), SandboxError> {
        let mut sandbox = Sandbox::new(PathBuf::from("/bin/sh"), PathBuf::from("/tmp/none"));
        sandbox.private = vec![PathBuf::from("/home/one")];
        sandbox.readable = vec![PathBuf::from(readable)];
        check(&sandbox)
    }

    #[test]
    fn opens_no_home_as_a_whole() {
        for path in ["/", "/home", "/home/one", "/home/one/"] {
            assert!(
                matches!(checked(path), Err(SandboxError::TooWide(_))),
                "{path}"
            );
        }
        for path in ["/home/one/server", "/home/two", "/opt"] {
            assert!(checked(path).is_ok(), "{path}");
        }
        assert!(matches!(checked("a"), Err(SandboxError::NotAbsolute(_))));
    }
}
