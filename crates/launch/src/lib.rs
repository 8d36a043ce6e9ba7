//! Processes of this machine.
//!
//! Reads the process list and its sockets. Starts nothing: what starts servers comes with the guard.

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod inventory;

pub use inventory::{Process, ProcessList};
