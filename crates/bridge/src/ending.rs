//! Being asked to end by the system.

use std::io;

/// Waits for being asked to end.
pub(crate) struct Ending(system::Signals);

impl Ending {
    /// Listens from here on; what asks to end does not end this process by itself any longer.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self(system::Signals::listen()?))
    }

    /// Waits, and returns the exit code of a program that was asked to end in that way. Nothing is lost
    /// where the future is dropped.
    pub(crate) async fn asked(&mut self) -> i32 {
        128 + self.0.next().await
    }
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) struct Signals {
        hang_up: Signal,
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                hang_up: signal(SignalKind::hangup())?,
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) -> i32 {
            tokio::select! {
                _ = self.hang_up.recv() => SignalKind::hangup(),
                _ = self.interrupt.recv() => SignalKind::interrupt(),
                _ = self.terminate.recv() => SignalKind::terminate(),
            }
            .as_raw_value()
        }
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, ctrl_break, ctrl_c, ctrl_close};

    /// What C calls SIGINT there.
    const INTERRUPT: i32 = 2;

    pub(super) struct Signals {
        interrupt: CtrlC,
        end: CtrlBreak,
        close: CtrlClose,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Self> {
            Ok(Self {
                interrupt: ctrl_c()?,
                end: ctrl_break()?,
                close: ctrl_close()?,
            })
        }

        pub(super) async fn next(&mut self) -> i32 {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.end.recv() => {}
                _ = self.close.recv() => {}
            }
            INTERRUPT
        }
    }
}
