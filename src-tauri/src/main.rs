//! The desktop window: a shell around the core.
//!
//! It starts the desk that keeps the inventory, hands its reports to the window and the tray, and
//! passes on what the window asks for. It decides nothing and reads no config itself.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod automation;
mod commands;
#[cfg(target_os = "linux")]
mod drawing;
mod failure;
mod shell;
mod tray;

use std::process::ExitCode;

fn main() -> ExitCode {
    // A server that is asked is confined by this program itself, before any thread is started.
    countersign_core::review::contain();
    if let Some(exit) = automation::shed() {
        return exit;
    }
    #[cfg(target_os = "linux")]
    drawing::settle();
    match shell::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            failure::say(&error);
            ExitCode::FAILURE
        }
    }
}
