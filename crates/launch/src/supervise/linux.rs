//! Two processes of the same program stand between the client and the server: this one, which moves
//! bytes, and a supervisor, which is the server's parent.
//!
//! Both inherit orphans: whatever the server starts becomes a child of the supervisor when
//! its own parent is gone, also if it started a session of its own. If this process dies, the system
//! signals the supervisor, which ends everything; if the supervisor dies, the system kills the server,
//! and this process inherits and ends the rest.

#![expect(
    unsafe_code,
    reason = "fork, exec and what happens between them have no safe form"
)]

pub(crate) mod descendants;
mod exec;
mod signals;
mod supervisor;
mod sweep;

use std::{
    fs, io, process,
    sync::{Arc, Mutex, PoisonError},
};

use rustix::process::Pid;

use super::{Ends, Program};
use signals::Signals;
use sweep::{End, Sweep};

/// A server and all that comes from it.
#[derive(Debug)]
pub struct Tree {
    supervisor: Arc<Mutex<Option<Pid>>>,
    signals: Signals,
}

/// Tells a tree that its input has ended.
#[derive(Clone, Debug)]
pub struct InputEnd(Arc<Mutex<Option<Pid>>>);

impl InputEnd {
    /// Gives the server [`super::INPUT_GRACE`] to end by itself.
    pub fn tell(&self) {
        // Held while signalling, so that the id cannot be another process's by then.
        let supervisor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(supervisor) = *supervisor {
            signals::send(supervisor, signals::input_ended());
        }
    }
}

impl Tree {
    /// Returns what tells the tree that its input has ended.
    pub fn input_end(&self) -> InputEnd {
        InputEnd(Arc::clone(&self.supervisor))
    }

    /// Passes signals on until nothing of the tree is left, and returns the server's exit code: 128
    /// and the number of the signal where one ended it. Signals then have their effect on this
    /// process again.
    pub fn wait(self) -> i32 {
        let end = loop {
            let signal = self.signals.wait(None);
            if signal == Some(libc::SIGCHLD) {
                if let Some(end) = self.reap() {
                    break end;
                }
            } else if let Some(signal) = signal {
                self.pass_on(signal);
            }
        };
        if end.is_by_signal {
            // The supervisor was killed, and this process inherited what it looked after.
            Sweep::new(&self.signals).end_all();
        }
        self.signals.restore();
        end.code
    }

    fn pass_on(&self, signal: i32) {
        let supervisor = self
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(supervisor) = *supervisor {
            signals::send(supervisor, signal);
        }
    }

    /// Returns how the supervisor ended, once it has.
    fn reap(&self) -> Option<End> {
        let mut supervisor = self
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let end = sweep::end_of((*supervisor)?)?;
        *supervisor = None;
        Some(end)
    }
}

pub(super) fn supervise<Own>(
    ends: Ends,
    own: Own,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> io::Result<(Tree, Own)> {
    if !is_single_threaded() {
        return Err(io::Error::other("this process has other threads"));
    }
    let signals = Signals::block()?;
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let guard = process::id();
    // SAFETY: this process has one thread, so the new one finds no lock that another thread held.
    match unsafe { fork() }? {
        Some(supervisor) => {
            let tree = Tree {
                supervisor: Arc::new(Mutex::new(Some(supervisor))),
                signals,
            };
            Ok((tree, own))
        }
        None => {
            drop(own);
            supervisor::run(guard, &signals, ends, prepare)
        }
    }
}

/// Returns the new process's id, or `None` in the new process.
///
/// # Safety
/// The calling process has one thread. The new process must end by [`exit_now`].
unsafe fn fork() -> io::Result<Option<Pid>> {
    // SAFETY: no memory is handed over; that there is one thread is the caller's promise.
    let id = unsafe { libc::fork() };
    if id < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Pid::from_raw(id))
}

/// Ends this process without running what other code registered for its end: that is for the process
/// that this one was copied from.
fn exit_now(code: i32) -> ! {
    // SAFETY: ends the process; nothing of it is used afterwards.
    unsafe { libc::_exit(code) }
}

fn is_single_threaded() -> bool {
    // Where the system does not say, the callers' word stands: they start threads later.
    fs::read_dir("/proc/self/task").map_or(true, |threads| threads.count() == 1)
}
