//! Keeping automation out of a released app.
//!
//! The web view lets itself be driven where an environment variable says so. Whoever can set it for
//! this app could then press its buttons, so the app starts itself again without it.

#[cfg(not(feature = "e2e"))]
use std::process::Command;
use std::process::ExitCode;

/// The variable by which the web view opens itself to automation.
///
/// Source: tauri-runtime-wry 2.12 and tauri-driver 2.1, checked 2026-11-22.
#[cfg(not(feature = "e2e"))]
const VARIABLE: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Starts the app again without the variable, where it is set, and returns the exit code of that.
#[cfg(not(feature = "e2e"))]
pub(crate) fn shed() -> Option<ExitCode> {
    std::env::var_os(VARIABLE)?;
    let status = std::env::current_exe().and_then(|program| {
        Command::new(program)
            .args(std::env::args_os().skip(1))
            .env_remove(VARIABLE)
            .status()
    });
    Some(match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) | Err(_) => ExitCode::FAILURE,
    })
}

/// A build for tests lets itself be driven.
#[cfg(feature = "e2e")]
pub(crate) fn shed() -> Option<ExitCode> {
    None
}
