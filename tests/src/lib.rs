//! What the tests share: fixture homes, the real programs, and stand-ins for what they meet.
//!
//! A [`Home`] is a temporary folder with a scrubbed environment around it: no test sees this user's
//! files, variables, search path or keyring.

#![forbid(unsafe_code)]

pub mod home;
pub mod http;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod many;
pub mod plain;
mod program;
pub mod showcase;
pub mod trap;
#[cfg(target_os = "linux")]
pub mod window;
#[cfg(target_os = "linux")]
pub mod window_bench;

pub use home::{Home, Ran};
pub use program::{countersign, guard, ship};
