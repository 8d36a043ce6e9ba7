//! Measures the product against its bars, and prints a table.
//!
//! A name as argument (`scan`, `walk`, `guard`, `window`) leaves the others out. Every figure is of the whole
//! program as a user starts it, in a home of nobody, warm: each thing is done once before it is
//! measured. Where a bar is for a time, it is held against the median. The exit code says whether a bar
//! was missed.

#![expect(
    clippy::print_stdout,
    reason = "a program that prints what it measured"
)]

#[cfg(target_os = "linux")]
mod echo;
#[cfg(target_os = "linux")]
mod guard;
mod runs;
mod scan;
mod table;
mod walk;
#[cfg(target_os = "linux")]
mod window;

use std::{env, process::ExitCode};

use table::Table;

fn main() -> ExitCode {
    let asked: Vec<String> = env::args().skip(1).collect();
    #[cfg(target_os = "linux")]
    if asked == [echo::ARGUMENT] {
        echo::serve();
        return ExitCode::SUCCESS;
    }
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|asked| asked == name);
    let mut table = Table::default();
    if is_asked("scan") {
        scan::measure(&mut table);
    }
    if is_asked("walk") {
        walk::measure(&mut table);
    }
    #[cfg(target_os = "linux")]
    if is_asked("guard") {
        guard::measure(&mut table);
    }
    #[cfg(target_os = "linux")]
    if is_asked("window") && env::var_os("COUNTERSIGN_APP").is_some_and(|app| !app.is_empty()) {
        window::measure(&mut table);
    }
    println!("{table}");
    if table.has_missed() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
