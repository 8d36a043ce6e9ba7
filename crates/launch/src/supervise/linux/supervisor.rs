use std::{fs::File, time::Instant};

use rustix::process::Pid;

use super::{
    super::{Ends, INPUT_GRACE, Program, SIGNAL_GRACE},
    exec, exit_now, fork,
    signals::{self, Signals},
    sweep::Sweep,
};

/// What this process is called in the process list.
const NAME: &std::ffi::CStr = c"cs-supervisor";

/// The exit code where no server could be started; nobody looks at it.
const NOT_STARTED: i32 = 125;

/// The exit code where the server could not be ended.
const NOT_ENDED: i32 = 137;

/// Starts the server, waits for what ends it, and ends all that came from it. Runs in a process of
/// its own and never returns.
pub(super) fn run(
    guard: u32,
    signals: &Signals,
    ends: Ends,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> ! {
    // A group of its own, so that what a terminal or a client sends to the group of this process's
    // parent does not end the one that cleans up.
    let _ = rustix::process::setpgid(None, None);
    let _ = rustix::thread::set_name(NAME);
    let is_ready = signals::on_parents_end(signals::guard_gone()).is_ok()
        && rustix::process::set_child_subreaper(Some(rustix::process::getpid())).is_ok();
    // Asked after the signal was ordered: a parent that went before would never be told of.
    if !is_ready || std::os::unix::process::parent_id() != guard {
        exit_now(NOT_STARTED);
    }
    leave_the_clients_pipes();
    let own = std::process::id();
    // SAFETY: this process is a copy of one with one thread, and has started none.
    match unsafe { fork() } {
        Ok(None) => exec::become_server(own, signals, ends, prepare),
        Ok(Some(server)) => {
            drop(ends);
            keep_nothing_open();
            exit_now(watch(server, signals))
        }
        Err(error) => {
            ends.report.failed(&error);
            exit_now(NOT_STARTED)
        }
    }
}

/// Waits until the server is to go, ends all, and returns the server's exit code.
fn watch(server: Pid, signals: &Signals) -> i32 {
    let mut tree = Sweep::new(signals).awaiting(server);
    let mut until: Option<Instant> = None;
    while tree.code().is_none() {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let Some(signal) = signals.wait(left) else {
            break;
        };
        let grace = if signal == libc::SIGCHLD {
            tree.reap();
            continue;
        } else if signal == signals::guard_gone() {
            break;
        } else if signal == signals::input_ended() {
            INPUT_GRACE
        } else {
            signals::send(server, signal);
            if !signals::ENDING.contains(&signal) {
                continue;
            }
            SIGNAL_GRACE
        };
        let end = Instant::now() + grace;
        until = Some(until.map_or(end, |until| until.min(end)));
    }
    tree.end_all();
    tree.code().unwrap_or(NOT_ENDED)
}

/// Lets go of the client's pipes: the client would not see them close while this process runs.
fn leave_the_clients_pipes() {
    if let Ok(nothing) = File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&nothing);
        let _ = rustix::stdio::dup2_stdout(&nothing);
    }
}

/// Closes what the client may have left open for the server.
fn keep_nothing_open() {
    const FIRST: libc::c_uint = 3;
    // SAFETY: hands over numbers. Nothing that owns a descriptor is used in this process any more,
    // which ends by `exit_now`.
    unsafe { libc::syscall(libc::SYS_close_range, FIRST, libc::c_uint::MAX, 0) };
}
