//! Leaving a host alone after it failed.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

/// The first wait after a failure, in seconds.
const WAIT_S: i64 = 60;

/// The longest wait, whatever a host asks for, in seconds.
const WAIT_S_MAX: i64 = 6 * 60 * 60;

/// Hosts that failed, and until when they are left alone.
#[derive(Debug, Default)]
pub(crate) struct Waits(Mutex<HashMap<String, Wait>>);

#[derive(Clone, Copy, Debug)]
struct Wait {
    failures: u32,
    until_s: i64,
}

impl Waits {
    /// Returns until when a host is left alone, where it is.
    pub(crate) fn until(&self, host: &str, now_s: i64) -> Option<i64> {
        let until_s = self.held().get(host)?.until_s;
        // A clock that was set back must not keep a host waiting for ever.
        (now_s < until_s && until_s - now_s <= WAIT_S_MAX).then_some(until_s)
    }

    /// Takes note of a failure, and of how many seconds the host asked to be left alone.
    pub(crate) fn failed(&self, host: &str, asked_s: Option<i64>, now_s: i64) {
        let mut held = self.held();
        let failures = held.get(host).map_or(0, |wait| wait.failures);
        let doubled = WAIT_S.saturating_mul(1 << failures.min(16));
        let wait_s = doubled.max(asked_s.unwrap_or(0)).min(WAIT_S_MAX);
        let wait = Wait {
            failures: failures.saturating_add(1),
            until_s: now_s.saturating_add(wait_s),
        };
        held.insert(host.to_owned(), wait);
    }

    /// Takes note of an answer.
    pub(crate) fn answered(&self, host: &str) {
        self.held().remove(host);
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, Wait>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

#[cfg(test)]
mod tests {
    use super::{WAIT_S_MAX, Waits};

    #[test]
    fn a_host_is_left_alone_longer_with_every_failure_and_at_once_after_an_answer() {
        let waits = Waits::default();
        assert_eq!(waits.until("a", 0), None);
        waits.failed("a", None, 0);
        assert_eq!(waits.until("a", 59), Some(60));
        assert_eq!(waits.until("a", 60), None);
        assert_eq!(waits.until("b", 1), None);
        waits.failed("a", None, 60);
        assert_eq!(waits.until("a", 61), Some(180));
        waits.failed("a", Some(1000), 180);
        assert_eq!(waits.until("a", 181), Some(1180));
        waits.answered("a");
        assert_eq!(waits.until("a", 181), None);
    }

    #[test]
    fn no_host_and_no_clock_makes_a_wait_endless() {
        let waits = Waits::default();
        waits.failed("a", Some(i64::MAX), 1000);
        assert_eq!(waits.until("a", 1000), Some(1000 + WAIT_S_MAX));
        assert_eq!(waits.until("a", 10), None);
        for _ in 0..100 {
            waits.failed("a", None, 1000);
        }
        assert_eq!(waits.until("a", 1000), Some(1000 + WAIT_S_MAX));
    }
}
