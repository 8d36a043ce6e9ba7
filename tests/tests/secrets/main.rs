//! Credentials moved by the real command line, and taken by real servers through the real guard.

#![forbid(unsafe_code)]
#![cfg(unix)]

mod crash;
mod elsewhere;
mod guarded;
#[cfg(target_os = "linux")]
mod handover;
#[cfg(target_os = "linux")]
mod keyring;
mod moves;
mod scene;
mod traces;
mod values;
