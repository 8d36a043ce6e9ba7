//! The guard: what a client starts in front of a server whose entry had a credential in it.
//!
//! It finds the references in what it was asked to start, has the vault release the secrets only where
//! that is what they are bound to, starts the server with them in their places and with the client's
//! own streams, and leaves nothing of the server running. Where no server runs it answers each request
//! with an error. `docs/guard.md` is its manual.
//!
//! What the bridge does in the same way is public: [`release`], [`refuse`], [`lines`].
//!
//! Never shows, logs or writes a secret, never starts a server without one that it asks for, and holds
//! no async runtime of its own.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod answer;
mod call;
mod difference;
mod exit;
mod input;
mod keep;
pub mod lines;
mod program;
mod refusal;
pub mod refuse;
pub mod release;
mod run;
mod say;
mod wanted;

pub use exit::Exit;
pub use run::run;
pub use say::{say, shown};
