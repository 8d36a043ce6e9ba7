use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdin, ChildStdout},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Confinement, Enforced, Limits, system};

/// How often memory and processes are looked at.
const ROUND: Duration = Duration::from_millis(40);

/// How often the folder is looked at.
const MEASURE: Duration = Duration::from_millis(500);

/// Files of a folder that are counted; one with more counts as too large.
const FILES_MAX: usize = 200_000;

/// How long the last of a tree are waited for after they were killed.
const GONE_PATIENCE: Duration = Duration::from_secs(15);

/// A program that runs confined. Dropping it ends the program and all that came from it.
#[derive(Debug)]
pub struct Contained {
    /// Its input.
    pub input: Option<ChildStdin>,
    /// Its output.
    pub output: Option<ChildStdout>,
    /// What it logs: read it, or the program waits.
    pub errors: Option<ChildStderr>,
    enforced: Enforced,
    ender: Ender,
    ended: Receiver<Ended>,
}

/// Ends a contained program from any thread.
#[derive(Clone, Debug, Default)]
pub struct Ender(Arc<(Mutex<bool>, Condvar)>);

/// How a contained program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Why.
    pub cause: Cause,
    /// The most memory that was seen, in bytes.
    pub memory_bytes_most: u64,
    /// The most processes that were seen.
    pub processes_most: usize,
    /// Nothing of it is left.
    pub is_gone: bool,
}

/// Why a contained program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// By itself, with a code; `None` where a signal ended it.
    Itself(Option<i32>),
    /// It held more memory than it may.
    Memory,
    /// It had more processes than it may.
    Processes,
    /// It wrote more than it may.
    Folder,
    /// It ran longer than it may.
    Time,
    /// The caller ended it.
    Asked,
}

impl Ender {
    /// Has the program ended. Returns at once.
    pub fn end(&self) {
        let (is_asked, changed) = &*self.0;
        *is_asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Waits a while; returns whether the end was asked for.
    fn wait(&self, most: Duration) -> bool {
        let (is_asked, changed) = &*self.0;
        let guard = is_asked.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(guard, most, |is_asked| !*is_asked);
        let (guard, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

impl Contained {
    /// Starts a program in a thread that lives as long as it does: what the system ends with its parent,
    /// it ends with the parent's thread.
    pub(super) fn begin(
        limits: Limits,
        folder: PathBuf,
        spawn: impl FnOnce() -> Result<(Child, Enforced), super::SandboxError> + Send + 'static,
    ) -> Result<Self, super::SandboxError> {
        let ender = Ender::default();
        let asked = ender.clone();
        let (begun, beginning) = mpsc::sync_channel(1);
        let (report, ended) = mpsc::sync_channel(1);
        let keeper = thread::Builder::new().name("sandbox".to_owned());
        let keep = move || {
            let (mut child, enforced) = match spawn() {
                Ok(started) => started,
                Err(error) => {
                    let _ = begun.send(Err(error));
                    return;
                }
            };
            let confinement = enforced.confinement;
            let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
            if begun.send(Ok((streams, enforced))).is_err() {
                asked.end();
            }
            let _ = report.send(watch(child, confinement, (limits, &folder), &asked));
        };
        keeper.spawn(keep).map_err(super::SandboxError::Start)?;
        let lost = || super::SandboxError::Start(io::Error::other("the thread is gone"));
        let ((input, output, errors), enforced) = beginning.recv().map_err(|_| lost())??;
        Ok(Self {
            input,
            output,
            errors,
            enforced,
            ender,
            ended,
        })
    }

    /// Returns what was really enforced.
    pub fn enforced(&self) -> &Enforced {
        &self.enforced
    }

    /// Returns what ends the program.
    pub fn ender(&self) -> Ender {
        self.ender.clone()
    }

    /// Waits until nothing of the program is left; `None` where the time is up first.
    pub fn wait(&mut self, most: Duration) -> Option<Ended> {
        self.ended.recv_timeout(most).ok()
    }

    /// Ends the program and all that came from it, and says how it had ended where it had by itself.
    pub fn end(mut self) -> Option<Ended> {
        self.ender.end();
        self.wait(GONE_PATIENCE * 2)
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        self.ender.end();
        // Where it was waited for, the thread is gone and this returns at once.
        let _ = self.ended.recv_timeout(GONE_PATIENCE * 2);
    }
}

/// Watches a program to its end, and ends it where it is too much.
fn watch(
    mut child: Child,
    confinement: Confinement,
    (limits, folder): (Limits, &Path),
    asked: &Ender,
) -> Ended {
    let until = Instant::now() + limits.wall;
    let mut ended = Ended {
        cause: Cause::Asked,
        memory_bytes_most: 0,
        processes_most: 0,
        is_gone: false,
    };
    let mut measured = Instant::now();
    let mut tree = system::Members::new(child.id(), confinement);
    ended.cause = loop {
        if let Ok(Some(status)) = child.try_wait() {
            break Cause::Itself(status.code());
        }
        let (processes, memory) = tree.look();
        ended.processes_most = ended.processes_most.max(processes);
        ended.memory_bytes_most = ended.memory_bytes_most.max(memory);
        if memory > limits.memory_bytes {
            break Cause::Memory;
        }
        if u64::try_from(processes).is_ok_and(|count| count > limits.processes) {
            break Cause::Processes;
        }
        if measured.elapsed() >= MEASURE {
            measured = Instant::now();
            if bytes_in(folder) > limits.folder_bytes {
                break Cause::Folder;
            }
        }
        if Instant::now() >= until {
            break Cause::Time;
        }
        if asked.wait(ROUND) {
            break Cause::Asked;
        }
    };
    ended.is_gone = tree.end(&mut child, GONE_PATIENCE);
    ended
}

/// Returns how much is in a folder, in bytes; one that was closed to this user counts as too large. Links
/// are not followed.
fn bytes_in(folder: &Path) -> u64 {
    let mut folders = vec![folder.to_owned()];
    let (mut files, mut bytes) = (0, 0_u64);
    while let Some(folder) = folders.pop() {
        let listed = fs::read_dir(folder);
        if matches!(&listed, Err(error) if error.kind() == io::ErrorKind::PermissionDenied) {
            return u64::MAX;
        }
        for entry in listed.into_iter().flatten().flatten() {
            files += 1;
            if files > FILES_MAX {
                return u64::MAX;
            }
            match entry.metadata() {
                Ok(found) if found.is_dir() => folders.push(entry.path()),
                Ok(found) => bytes = bytes.saturating_add(found.len()),
                Err(_) => {}
            }
        }
    }
    bytes
}
