use std::time::{Duration, Instant};

use rustix::{
    io::Errno,
    process::{Pid, WaitOptions, WaitStatus},
};

use super::{
    super::END_GRACE,
    descendants,
    signals::{self, Signals},
};

/// How long the killing goes on before it is given up: a process that the system does not let go
/// cannot be ended by anybody.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// How long a round of killing waits before the next one looks for what was started meanwhile.
const KILL_ROUND: Duration = Duration::from_millis(50);

/// Ends all that comes from this process.
pub(super) struct Sweep<'signals> {
    signals: &'signals Signals,
    awaited: Option<Pid>,
    code: Option<i32>,
}

impl<'signals> Sweep<'signals> {
    pub(super) fn new(signals: &'signals Signals) -> Self {
        Self {
            signals,
            awaited: None,
            code: None,
        }
    }

    /// Takes down how `process` ends.
    pub(super) fn awaiting(mut self, process: Pid) -> Self {
        self.awaited = Some(process);
        self
    }

    /// The exit code of the awaited process, once it has ended.
    pub(super) fn code(&self) -> Option<i32> {
        self.code
    }

    /// Takes down every process that has ended; returns whether any is left.
    pub(super) fn reap(&mut self) -> bool {
        loop {
            match rustix::process::wait(WaitOptions::NOHANG) {
                Ok(Some((process, status))) => {
                    if self.awaited == Some(process) {
                        self.code = end(status).map(|end| end.code).or(self.code);
                    }
                }
                Ok(None) => return true,
                Err(Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }

    /// Asks everything to end, waits, and kills it, until nothing is left. Orphans become children of
    /// this process, so nothing is left when it has no child.
    pub(super) fn end_all(&mut self) {
        if !self.reap() {
            return;
        }
        tell_all(&[libc::SIGTERM, libc::SIGCONT]);
        if self.is_empty_within(END_GRACE) {
            return;
        }
        let until = Instant::now() + KILL_PATIENCE;
        while Instant::now() < until {
            tell_all(&[libc::SIGKILL]);
            if self.is_empty_within(KILL_ROUND) {
                return;
            }
        }
    }

    fn is_empty_within(&mut self, most: Duration) -> bool {
        let until = Instant::now() + most;
        while self.reap() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            self.signals.wait(Some(left));
        }
        true
    }
}

/// How a process ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// Its exit code: 128 and the number of the signal where one ended it.
    pub(super) code: i32,
    /// Whether a signal ended it.
    pub(super) is_by_signal: bool,
}

/// Returns how a child ended, once it has.
pub(super) fn end_of(child: Pid) -> Option<End> {
    let (_, status) = rustix::process::waitpid(Some(child), WaitOptions::NOHANG).ok()??;
    end(status)
}

fn tell_all(signals: &[i32]) {
    for process in descendants::of(rustix::process::getpid()) {
        for signal in signals {
            signals::send(process, *signal);
        }
    }
}

fn end(status: WaitStatus) -> Option<End> {
    const BY_SIGNAL: i32 = 128;
    let by_itself = status.exit_status().map(|code| End {
        code,
        is_by_signal: false,
    });
    by_itself.or_else(|| {
        Some(End {
            code: BY_SIGNAL + status.terminating_signal()?,
            is_by_signal: true,
        })
    })
}
