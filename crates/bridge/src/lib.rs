//! The bridge: a remote server as a program that a client starts, for entries whose headers or address had
//! a credential in them.
//!
//! It has the vault release the secrets only where what it was asked to reach is what they are bound to,
//! and carries messages between the client's streams and the server, as they are spelled. Where a secret
//! is not released the server is not contacted, and each request is answered with an error.
//! `docs/guard.md` is its manual.
//!
//! Never shows, logs or writes a secret, and never sends one to another origin.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod call;
mod ending;
mod notices;
mod prepare;
mod relay;
mod run;
mod streams;
mod waiting;

pub use run::run;
pub use streams::Streams;
