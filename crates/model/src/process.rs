use std::net::SocketAddr;

use crate::ClientId;

/// A running process that belongs to an entry, or looks as if it should.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningProcess {
    /// Process id.
    pub pid: u32,
    /// The parent's process id, where there is one.
    pub parent: Option<u32>,
    /// The executable's name.
    pub name: String,
    /// The command line, masked as entries are.
    pub shown: String,
    /// When it started, in seconds since 1970 (UTC).
    pub started_s: u64,
    /// Resident memory in bytes.
    pub memory_bytes: u64,
    /// Share of one core since the last look, in per cent; `None` on a first look.
    pub cpu_percent: Option<f32>,
    /// The client in whose process tree it runs.
    pub client: Option<ClientId>,
    /// Sockets it listens on.
    pub listeners: Vec<Listener>,
}

/// A listening TCP socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listener(pub SocketAddr);

impl Listener {
    /// Returns whether other machines can reach the socket as far as its address tells.
    pub fn is_exposed(&self) -> bool {
        !self.0.ip().is_loopback()
    }
}
