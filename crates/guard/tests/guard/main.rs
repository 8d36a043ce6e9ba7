//! The real guard in front of real processes, in a home of nobody.

#![cfg(unix)]

mod bytes;
mod environment;
mod home;
#[cfg(target_os = "linux")]
mod privacy;
mod refusals;
mod secrets;
#[cfg(target_os = "linux")]
mod trees;
mod until;
