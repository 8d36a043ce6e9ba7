//! Servers that are asked what they offer: good ones and others, as programs in a sandbox and over HTTP.

#[cfg(target_os = "linux")]
#[path = "../loopback/server.rs"]
#[expect(dead_code, reason = "other tests use more of it")]
mod loopback;
#[cfg(target_os = "linux")]
mod program;
#[cfg(target_os = "linux")]
mod registry;
#[cfg(target_os = "linux")]
mod remote;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod trials;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    countersign_launch::sandbox::inner();
    if let Some(code) = server::run() {
        return code;
    }
    trials::run_all()
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
