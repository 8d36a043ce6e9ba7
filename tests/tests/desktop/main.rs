//! The real window, as a user meets it.
//!
//! Needs a display server, a session bus and a driver, all started here; see `countersign_tests::window`.

#![cfg(target_os = "linux")]

mod access;
mod credentials;
mod decide;
mod follow;
mod home;
mod keyring;
mod life;
mod list;
mod review;
mod tray;
