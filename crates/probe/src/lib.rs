//! Speaking with a server over HTTP.
//!
//! A [`Connection`] takes a client's messages and brings the server's, over streamable HTTP (with the
//! handshake of revisions up to 2025-11-25, or without as since 2026-07-28) or the old transport of
//! 2024-11-05. Messages are handed on as they are spelled: nothing is read into types and written again.
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
mod http;
mod incoming;
mod listen;
mod message;
mod mirror;
mod outgoing;
mod session;
mod sse;
mod stream;
mod target;
mod timing;

pub use connection::{Connection, FAILED, LeftOut, Output, Transport};
pub use failure::Failure;
pub use message::{Id, MESSAGE_BYTES_MAX, Message, MessageError, Part, error_response};
pub use outgoing::PENDING_MAX;
pub use target::{Asked, Target, TargetError};
pub use timing::Timing;
