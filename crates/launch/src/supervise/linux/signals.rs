use std::{
    fmt, io,
    mem::MaybeUninit,
    ptr,
    time::{Duration, Instant},
};

use rustix::process::Pid;

/// Signals that ask a program to end.
pub(super) const ENDING: [i32; 4] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGQUIT];

/// Signals that are passed on and ask for nothing that is known here.
const OTHERS: [i32; 2] = [libc::SIGUSR1, libc::SIGUSR2];

/// The signal by which the supervisor learns that its parent is gone.
pub(super) fn guard_gone() -> i32 {
    libc::SIGRTMIN()
}

/// The signal by which the supervisor learns that the input has ended.
pub(super) fn input_ended() -> i32 {
    libc::SIGRTMIN() + 1
}

/// Signals that have no effect of their own on this process and are waited for instead.
#[derive(Clone, Copy)]
pub(super) struct Signals {
    waited: libc::sigset_t,
    previous: libc::sigset_t,
}

impl Signals {
    /// Keeps the signals from taking effect from here on.
    pub(super) fn block() -> io::Result<Self> {
        let waited = set(ENDING.into_iter().chain(OTHERS).chain([
            libc::SIGCHLD,
            guard_gone(),
            input_ended(),
        ]));
        let mut previous = MaybeUninit::uninit();
        // SAFETY: both sets live for the call, which fills the second one unless it fails. Setting a
        // signal to its default needs no handler. A parent may have left SIGCHLD ignored, in which
        // case the system would not tell how a child ended.
        let previous = unsafe {
            if libc::sigprocmask(libc::SIG_BLOCK, &raw const waited, previous.as_mut_ptr()) != 0 {
                return Err(io::Error::last_os_error());
            }
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            previous.assume_init()
        };
        Ok(Self { waited, previous })
    }

    /// Lets the signals take effect as they did before.
    pub(super) fn restore(&self) {
        // SAFETY: the set lives for the call.
        unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const self.previous, ptr::null_mut()) };
    }

    /// Waits for the next signal; `None` when the time is up.
    pub(super) fn wait(&self, most: Option<Duration>) -> Option<i32> {
        let until = most.map(|most| Instant::now() + most);
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            match self.wait_once(left) {
                Ok(signal) => return Some(signal),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }

    fn wait_once(&self, most: Option<Duration>) -> io::Result<i32> {
        let time = most.map(|most| libc::timespec {
            tv_sec: libc::time_t::try_from(most.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: most.subsec_nanos().into(),
        });
        let time = time.as_ref().map_or(ptr::null(), ptr::from_ref);
        // SAFETY: the set and the time live for the call; what came with the signal is not asked for.
        let signal = unsafe { libc::sigtimedwait(&raw const self.waited, ptr::null_mut(), time) };
        if signal > 0 {
            Ok(signal)
        } else {
            Err(io::Error::last_os_error())
        }
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signals")
    }
}

/// Sends a signal to a process, which may be gone.
pub(super) fn send(process: Pid, signal: i32) {
    // SAFETY: hands over two numbers.
    unsafe { libc::kill(process.as_raw_nonzero().get(), signal) };
}

/// Has the system signal this process when its parent is gone.
pub(super) fn on_parents_end(signal: i32) -> io::Result<()> {
    let number = libc::c_ulong::from(signal.unsigned_abs());
    // SAFETY: hands over two numbers.
    match unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, number) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Lets a write to a closed pipe end this process, as a program expects it to be when it starts.
pub(super) fn end_on_closed_pipe() {
    // SAFETY: sets a signal to its default, which needs no handler.
    unsafe { libc::signal(libc::SIGPIPE, libc::SIG_DFL) };
}

fn set(signals: impl IntoIterator<Item = i32>) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call fills the set, the others change it.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for signal in signals {
            libc::sigaddset(set.as_mut_ptr(), signal);
        }
        set.assume_init()
    }
}
