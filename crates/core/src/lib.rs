//! The use cases that the command line and the window call.
//!
//! A [`scan`](scan::scan) gathers (files, caches, processes), lets the pure crates decide, and returns
//! an [`Inventory`]. Nothing is started and nothing outside the data folder is written. Everything
//! that a front end shows comes from the view models in [`json`].

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod credentials;
pub mod decide;
pub mod desk;
mod excerpt;
pub mod history;
pub mod install;
pub mod inventory;
pub mod json;
pub mod lists;
pub mod moves;
pub mod review;
pub mod scan;
pub mod select;
pub mod settings;
mod setup;
pub mod suppress;
pub mod surfaces;
pub mod vault;
pub mod watch;

pub use inventory::Inventory;
pub use setup::{Setup, SetupError};
