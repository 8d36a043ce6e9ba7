//! Speaking with a server: over HTTP, and with a program to hear what it offers.
//!
//! A [`Connection`] takes a client's messages and brings the server's, over streamable HTTP (with the
//! handshake of revisions up to 2025-11-25, or without as since 2026-07-28) or the old transport of
//! 2024-11-05. Messages are handed on as they are spelled: nothing is read into types and written again.
//!
//! `ask_program` and `ask_remote` read all that a server offers to a model: of a program in a sandbox, and
//! of a server over HTTP. Neither calls a tool.
//!
//! What an entry declares goes to the entry's own origin and nowhere else, over HTTPS or on this machine.
//!
//! ```
//! use countersign_model::SecretText;
//! use countersign_probe::{Asked, Target, TargetError};
//!
//! let address = "http://mcp.example.com/mcp";
//! let refused = Target::new(Asked {
//!     written: address,
//!     address: &SecretText::new(address.to_owned()),
//!     headers: &[],
//!     secrets: Vec::new(),
//! });
//! assert!(matches!(refused, Err(TargetError::Plain { .. })));
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod annotation;
mod connection;
mod exchange;
mod failure;
#[cfg(feature = "ask")]
mod fetch;
mod http;
mod incoming;
mod listen;
#[cfg(feature = "ask")]
mod listing;
mod message;
mod mirror;
mod outgoing;
#[cfg(feature = "ask")]
mod probed;
#[cfg(feature = "ask")]
mod remote;
mod session;
mod sse;
#[cfg(feature = "ask")]
mod stdio;
mod stream;
mod target;
mod timing;

pub use connection::{Connection, FAILED, LeftOut, Output, Transport};
pub use failure::Failure;
#[cfg(feature = "ask")]
pub use fetch::{FetchError, Fetched, Fetcher, Locked, Registry, Wanted, fetch};
#[cfg(feature = "ask")]
pub use listing::{Era, Greeting, Listing, Note, PAGES_MAX, REQUESTS_MAX};
pub use message::{Id, MESSAGE_BYTES_MAX, Message, MessageError, Part, error_response};
pub use outgoing::PENDING_MAX;
#[cfg(feature = "ask")]
pub use probed::{Patience, ProbeError, Probed};
#[cfg(feature = "ask")]
pub use remote::ask_remote;
#[cfg(feature = "ask")]
pub use stdio::{OUTPUT_BYTES_MAX, STRAY_LINES_MAX, ask_program};
pub use target::{Asked, Target, TargetError};
pub use timing::Timing;
