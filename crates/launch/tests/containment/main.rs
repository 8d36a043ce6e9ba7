//! What a sandbox holds back, tried by a program that means harm. Bombs stop by themselves, and none is
//! started before a small trial has shown that it would be contained.

#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod scene;
#[cfg(target_os = "linux")]
mod trials;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    countersign_launch::sandbox::inner();
    if let Some(code) = hostile::run() {
        return code;
    }
    scene::run_all(trials::ALL)
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
