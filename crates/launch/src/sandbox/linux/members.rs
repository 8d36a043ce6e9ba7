use std::{
    collections::HashMap,
    fs,
    process::Child,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::super::Confinement;
use crate::supervise::linux::descendants;

/// How long a round of killing waits before the next one looks for what was started meanwhile.
const ROUND: Duration = Duration::from_millis(10);

/// Processes that are remembered.
const REMEMBERED_MAX: usize = 100_000;

/// The processes that come from a program.
pub(crate) struct Members {
    root: Option<Pid>,
    confinement: Confinement,
    /// When each started, by which an id that changed hands is told.
    seen: HashMap<i32, u64>,
}

impl Members {
    pub(crate) fn new(root: u32, confinement: Confinement) -> Self {
        Self {
            root: i32::try_from(root).ok().and_then(Pid::from_raw),
            confinement,
            seen: HashMap::new(),
        }
    }

    /// Returns how many there are, and the memory that they hold, in bytes.
    pub(crate) fn look(&mut self) -> (usize, u64) {
        let Some(root) = self.root else {
            return (0, 0);
        };
        let page = u64::try_from(rustix::param::page_size()).unwrap_or(u64::MAX);
        let (mut count, mut pages) = (0, 0_u64);
        for process in descendants::of(root) {
            let id = process.as_raw_nonzero().get();
            let Some(stat) = Stat::of(id) else {
                continue;
            };
            count += 1;
            pages = pages.saturating_add(stat.pages);
            if self.seen.len() < REMEMBERED_MAX {
                self.seen.insert(id, stat.started);
            }
        }
        (count, pages.saturating_mul(page))
    }

    /// Kills all of them; returns whether nothing is left.
    pub(crate) fn end(&mut self, child: &mut Child, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        loop {
            let has_ended = !matches!(child.try_wait(), Ok(None));
            if !has_ended {
                self.look();
                self.kill(child);
            }
            if has_ended && !self.is_any_left() {
                return true;
            }
            if Instant::now() >= until {
                let _ = child.kill();
                let _ = child.wait();
                return !self.is_any_left();
            }
            thread::sleep(ROUND);
        }
    }

    fn kill(&self, child: &mut Child) {
        let Some(root) = self.root else {
            return;
        };
        if self.confinement == Confinement::Bubblewrap {
            // What it has made has a first process, with which the system ends all others.
            for process in direct(root) {
                let _ = kill_process(process, Signal::KILL);
            }
            let _ = child.kill();
            return;
        }
        // The supervisor stays: it inherits whatever loses its parent, and ends by itself.
        let spared = direct(root);
        let all = descendants::of(root);
        for signal in [Signal::STOP, Signal::KILL] {
            for process in all.iter().filter(|process| !spared.contains(process)) {
                let _ = kill_process(*process, signal);
            }
        }
    }

    fn is_any_left(&self) -> bool {
        let is_there = |(id, started): (&i32, &u64)| {
            Stat::of(*id).is_some_and(|stat| stat.started == *started && !stat.is_dead)
        };
        let left: Vec<i32> = self
            .seen
            .iter()
            .filter(|one| is_there(*one))
            .map(|(id, _)| *id)
            .collect();
        for id in &left {
            if let Some(process) = Pid::from_raw(*id) {
                let _ = kill_process(process, Signal::KILL);
            }
        }
        !left.is_empty()
    }
}

/// The children of a process that are its own.
fn direct(root: Pid) -> Vec<Pid> {
    let own = root.as_raw_nonzero().get();
    let is_direct = |process: &Pid| {
        Stat::of(process.as_raw_nonzero().get()).is_some_and(|stat| stat.parent == own)
    };
    let mut all = descendants::of(root);
    all.retain(is_direct);
    all
}

/// What the system says of a process.
struct Stat {
    is_dead: bool,
    parent: i32,
    started: u64,
    pages: u64,
}

impl Stat {
    fn of(id: i32) -> Option<Self> {
        let text = fs::read(format!("/proc/{id}/stat")).ok()?;
        // The name stands in brackets and may hold any byte.
        let end = text.iter().rposition(|byte| *byte == b')')?;
        let after = std::str::from_utf8(text.get(end + 1..)?).ok()?;
        let words: Vec<&str> = after.split_whitespace().collect();
        Some(Self {
            is_dead: matches!(*words.first()?, "Z" | "X"),
            parent: words.get(1)?.parse().ok()?,
            started: words.get(19)?.parse().ok()?,
            pages: words.get(21)?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn reads_this_process() {
        let id = i32::try_from(std::process::id()).unwrap();
        let stat = Stat::of(id).unwrap();
        assert!(!stat.is_dead && stat.pages > 0 && stat.started > 0);
        let parent = i32::try_from(std::os::unix::process::parent_id()).unwrap();
        assert_eq!(stat.parent, parent);
    }
}
