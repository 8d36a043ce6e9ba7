//! The bridge: what a client starts in the place of a remote server whose entry had a credential in it.
//!
//! It finds the references in the address and the headers that it was called with, has the vault release
//! the secrets only where that is what they are bound to, and carries messages between the client's
//! streams and the server, as they are spelled. Where the server cannot be asked, it answers each request
//! with an error. `docs/guard.md` is its manual.
//!
//! Never shows, logs or writes a secret, asks no server without one that the entry names, and hands
//! nothing of an entry to another origin.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod call;
mod carry;
mod run;
mod wanted;

pub use run::run;
