//! The team's list: its format, its check, and how a stanza is written.
//!
//! ```toml
//! format = 1
//! name = "platform-team"
//!
//! [[approve]]
//! server = "pkg:npm/@modelcontextprotocol/server-filesystem"
//! version = "2026.8.31"
//! command = ["npx", "-y", "@modelcontextprotocol/server-filesystem@2026.8.31", { hole = "path" }]
//! env = []
//! reviewer = "Team lead"
//! reviewed = 2026-10-12
//! expires = 2027-04-12
//!
//! [[deny]]
//! server = "pkg:npm/some-server"
//! reason = "sends what it reads to a third party"
//! ```

mod check;
mod raw;
mod shape;
mod write;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use check::{Advice, AllowlistError, Problem, parse};
pub use raw::FORMAT;
pub use shape::{Hole, HoleKind, Token};
pub use write::{append, denial_stanza, stanza};

/// Bytes of a list that are read.
pub const LIST_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Stanzas of a list that are read.
pub const STANZAS_MAX: usize = 20_000;

/// A list that was read and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowlist {
    /// The list's own name.
    pub name: String,
    /// What holds for every stanza that does not say otherwise.
    pub defaults: Defaults,
    /// What is approved.
    pub approvals: Vec<Approval>,
    /// What is refused.
    pub denials: Vec<Denial>,
}

/// What a list says once for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// Whether a personal approval may stand for a server that the list does not name.
    pub personal_allowed: bool,
    /// Whether a personal approval may lift what the list calls changed, floating or expired.
    pub personal_lifts: bool,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            personal_allowed: true,
            personal_lifts: false,
        }
    }
}

/// What a tool may do, by its reviewer's judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ToolEffect {
    /// Reads only.
    Read,
    /// Changes something that can be changed back.
    Write,
    /// Destroys, or cannot be taken back.
    Destructive,
    /// Reaches things outside the server's own domain.
    OpenWorld,
}

impl ToolEffect {
    /// Every effect with its word in the list.
    pub const NAMES: [(ToolEffect, &'static str); 4] = [
        (ToolEffect::Read, "read"),
        (ToolEffect::Write, "write"),
        (ToolEffect::Destructive, "destructive"),
        (ToolEffect::OpenWorld, "open-world"),
    ];
}

/// One approved server: the content that was reviewed, and how it may be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The server's name, as [`countersign_model::Identity::name`] writes it.
    pub server: String,
    /// The approved version of a package, or commit or release of a source.
    pub version: Option<String>,
    /// The approved digest of an image, `sha256:…`.
    pub digest: Option<String>,
    /// The approved SHA-256 of a file, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// The registry that the package comes from, where that is not the ecosystem's own.
    pub registry: Option<String>,
    /// The command without wrappers; `None` for an address that is connected to directly.
    pub command: Option<Vec<Token>>,
    /// Wrappers that may stand in front, besides `cmd /c`, `sh -c`, `env`.
    pub wrappers: Vec<String>,
    /// Names of variables that may be handed over.
    pub env: Vec<String>,
    /// Names of headers that may be sent.
    pub headers: Vec<String>,
    /// Tools and what each may do; `None` where the list does not say.
    pub tools: Option<BTreeMap<String, ToolEffect>>,
    /// Hosts that the server may reach; `None` where the list does not say.
    pub hosts: Option<Vec<String>>,
    /// Paths that the server may use; `None` where the list does not say.
    pub paths: Option<Vec<String>>,
    /// Who reviewed it.
    pub reviewer: Option<String>,
    /// When.
    pub reviewed: Option<Date>,
    /// The last day on which the approval holds.
    pub expires: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}

/// One refused server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The server's name.
    pub server: String,
    /// The versions refused; empty for all.
    pub versions: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who refused it.
    pub reviewer: Option<String>,
    /// When.
    pub reviewed: Option<Date>,
}
