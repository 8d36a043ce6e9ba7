//! The words that every part of Countersign uses, and nothing else.
//!
//! This crate holds values: clients, configs, entries, identities, pins, verdicts, findings. It never
//! touches a file, the clock, the environment or the network, and it derives neither storage nor
//! transport formats; those live where they are used.
//!
//! ```
//! use countersign_model::{Argument, SecretText};
//!
//! let token = Argument::masked(SecretText::new("ghp_0123456789".into()), "<hidden:14>".into());
//! assert_eq!(token.shown(), "<hidden:14>");
//! assert!(!format!("{token:?}").contains("ghp_"));
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod binding;
mod bridged;
mod client;
mod config;
mod credential;
mod digest;
mod entry;
mod finding;
mod identity;
mod os;
mod place;
mod process;
mod reference;
mod registry;
mod reveal;
mod secret;
mod trust;

pub use binding::{Binding, BoundStart, Difference};
pub use bridged::Bridged;
pub use client::{ClientId, LocationConfidence, Scope, WritePolicy};
pub use config::{
    Config, ConfigFault, ConfigId, ConfigState, DuplicateKey, FileFacts, FileRole, ReadFailure,
    Reader, TextFormat,
};
pub use credential::{Credential, Nature};
pub use digest::Digest;
pub use entry::{
    Address, Argument, AutoApprove, Command, Effect, Entry, EntryFault, EntryId, Setting, Start,
    Switch, Transport,
};
pub use finding::{Confidence, Finding, RuleId, Severity, Subject, Suppression};
pub use identity::{
    Bridge, CachedVersion, Ecosystem, Float, Identity, Image, Launcher, Modifier, Package, Pin,
    Runtime, Server, Shadow, VersionSpec, Wrapper, readable_name,
};
pub use os::Os;
pub use place::{Place, Pointer, Position};
pub use process::{Listener, RunningProcess};
pub use reference::{GuardId, SecretId, references};
pub use registry::{Advisory, Listing, PackageFacts, Publisher, Release};
pub use reveal::{Piece, reveal};
pub use secret::SecretText;
pub use trust::{NotCompared, Reason, Signatory, Status, Verdict};
