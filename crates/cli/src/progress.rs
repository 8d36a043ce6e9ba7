use std::{
    io::IsTerminal,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use countersign_core::scan::Progress;

/// Work that ends sooner is not talked about.
const QUIET: Duration = Duration::from_millis(300);

/// How often progress is written.
const TICK: Duration = Duration::from_millis(200);

/// Runs `work` and says on standard error, where that is a terminal, how far it is.
pub(crate) fn shown<T>(work: impl FnOnce(&Progress) -> T) -> T {
    let progress = Arc::new(Progress::default());
    if !std::io::stderr().is_terminal() {
        return work(&progress);
    }
    let (done, ended) = mpsc::channel::<()>();
    let watched = Arc::clone(&progress);
    let writer = thread::spawn(move || {
        let mut wait = QUIET;
        let mut has_written = false;
        while ended.recv_timeout(wait) == Err(mpsc::RecvTimeoutError::Timeout) {
            wait = TICK;
            let folders = watched.folders();
            if folders > 0 {
                anstream::eprint!("\r{folders} folders walked");
                has_written = true;
            }
        }
        if has_written {
            anstream::eprint!("\r\x1b[K");
        }
    });
    let result = work(&progress);
    drop(done);
    // A writer that panicked has said enough.
    let _ = writer.join();
    result
}
