use std::{
    collections::HashMap,
    net::SocketAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

/// Processes that are listed at most.
const PROCESSES_MAX: usize = 50_000;

/// One running process.
///
/// # Security
/// A command line may hold credentials: it is masked before anything is shown of it.
#[derive(Clone, Debug)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// The parent's process id.
    pub parent: Option<u32>,
    /// The executable's name.
    pub name: String,
    /// Program and arguments; empty where this user may not see them.
    pub arguments: Vec<String>,
    /// When it started, in seconds since 1970 (UTC).
    pub started_s: u64,
    /// Resident memory in bytes.
    pub memory_bytes: u64,
    /// Share of one core in per cent: since the last look, or over its life on a first look.
    pub cpu_percent: f32,
}

/// The process list, kept between looks so that shares of a core can be told.
#[derive(Debug)]
pub struct ProcessList {
    system: Option<System>,
    has_looked: bool,
}

impl Default for ProcessList {
    fn default() -> Self {
        Self::new()
    }
}

impl ProcessList {
    /// Makes an empty list.
    pub fn new() -> Self {
        Self {
            system: System::new().ok(),
            has_looked: false,
        }
    }

    /// Reads the process list of the system. Threads are left out. `None` where the system does not
    /// let it be read.
    pub fn look(&mut self) -> Option<Vec<Process>> {
        let system = self.system.as_mut()?;
        let kind = ProcessRefreshKind::nothing()
            .with_cmd(UpdateKind::OnlyIfNotSet)
            .with_memory()
            .with_cpu()
            .without_tasks();
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        let is_first = !std::mem::replace(&mut self.has_looked, true);
        let now_s = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let processes = system
            .processes()
            .values()
            .filter(|process| process.thread_kind().is_none())
            .take(PROCESSES_MAX)
            .map(|process| Process {
                pid: process.pid().as_u32(),
                parent: process.parent().map(sysinfo::Pid::as_u32),
                name: process.name().to_string_lossy().into_owned(),
                arguments: process
                    .cmd()
                    .iter()
                    .map(|argument| argument.to_string_lossy().into_owned())
                    .collect(),
                started_s: process.start_time(),
                memory_bytes: process.memory(),
                cpu_percent: if is_first {
                    life_share(process, now_s)
                } else {
                    process.cpu_usage()
                },
            })
            .collect();
        Some(processes)
    }

    /// Returns the TCP sockets on which each process listens, by process id. Empty where this user may
    /// not see them.
    pub fn listeners() -> HashMap<u32, Vec<SocketAddr>> {
        let mut by_process: HashMap<u32, Vec<SocketAddr>> = HashMap::new();
        let Ok(all) = listeners::get_all() else {
            return by_process;
        };
        for listener in all {
            let is_listening = listener.protocol == listeners::Protocol::TCP
                && listener.state == listeners::SocketState::Listen;
            if is_listening {
                by_process
                    .entry(listener.process.pid)
                    .or_default()
                    .push(listener.socket);
            }
        }
        by_process.values_mut().for_each(|sockets| {
            sockets.sort_unstable();
            sockets.dedup();
        });
        by_process
    }
}

/// Returns the share of one core that a process used over its life.
#[expect(
    clippy::cast_precision_loss,
    reason = "a share in per cent is shown to one digit"
)]
fn life_share(process: &sysinfo::Process, now_s: u64) -> f32 {
    let life_s = now_s.saturating_sub(process.start_time()).max(1);
    let used_ms = process.accumulated_cpu_time();
    used_ms as f32 / (life_s as f32 * 10.0)
}

#[cfg(test)]
mod tests {
    use super::ProcessList;

    #[test]
    fn lists_this_process_with_its_command_line() {
        let own = std::process::id();
        let processes = ProcessList::new().look().expect("the list can be read");
        let this = processes
            .iter()
            .find(|process| process.pid == own)
            .expect("this process is running");
        assert!(!this.arguments.is_empty());
        assert!(this.memory_bytes > 0 && this.started_s > 0 && this.parent.is_some());
    }

    #[test]
    fn tells_who_listens() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let address = socket.local_addr().expect("bound");
        let listeners = ProcessList::listeners();
        let own = listeners
            .get(&std::process::id())
            .cloned()
            .unwrap_or_default();
        assert!(own.contains(&address), "{own:?}");
    }
}
