//! `countersign`: what the window shows, in the terminal.
//!
//! Prints view models and nothing else; every decision is made in the core. Data goes to standard
//! output, everything about the run itself to standard error. Exit codes are in [`exit::Exit`].

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod args;
mod commands;
mod exit;
mod failure;
mod page;
mod progress;
mod prompt;

use std::process::ExitCode;

use clap::Parser;

use args::Arguments;
use exit::Exit;

fn main() -> ExitCode {
    // A server that is asked is confined by this program itself, before any thread is started.
    countersign_core::review::contain();
    let arguments = Arguments::parse();
    let exit = match commands::run(&arguments) {
        Ok(exit) => exit,
        Err(failure) => {
            anstream::eprint!("{}", failure.shown());
            failure.exit
        }
    };
    ExitCode::from(exit as u8)
}

/// Writes to standard output. A reader that has gone away, as `head` does, ends the program quietly.
fn print(text: &str) -> Exit {
    use std::io::Write;
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Exit::Fine,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Fine,
        Err(_) => Exit::Failed,
    }
}
