//! The real bridge between a client's pipes and servers on loopback.

#![forbid(unsafe_code)]
#![cfg(unix)]

mod home;
mod messages;
mod refusals;
mod server;
