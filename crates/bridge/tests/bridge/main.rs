//! The real bridge between a client and servers on loopback, in a home of nobody.

#![cfg(unix)]

mod ends;
mod failures;
mod home;
#[cfg(target_os = "linux")]
mod privacy;
mod revisions;
mod secrets;
mod server;
mod within;
