//! `cargo xtask`: sets up, builds, runs, tests and measures Countersign.
//!
//! It needs nothing but the standard library, so that it compiles before anything is installed,
//! and none of the product's crates: it builds and starts them. What a stage needs and cannot have
//! is a failure or is named as skipped; nothing is left out in silence.

#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to the terminal"
)]

mod arguments;
mod artefacts;
mod bench;
mod display;
mod evaluate;
mod failure;
mod files;
mod namespace;
mod node;
mod place;
mod program;
mod python;
mod report;
mod run;
mod screenshots;
mod setup;
mod stages;
mod test;
mod train;

use std::process::ExitCode;

use arguments::Task;
use place::Place;

fn main() -> ExitCode {
    let task = match arguments::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("error: {problem}\nhint: `cargo xtask help` lists the tasks");
            return ExitCode::from(2);
        }
    };
    let place = Place::find();
    let outcome = match task {
        Task::Help => {
            println!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Task::Test(choices) => return test::test(&place, choices),
        Task::Run(rest) => run::run(&place, &rest),
        Task::Bench(rest) => bench::bench(&place, &rest),
        Task::Screenshots(rest) => screenshots::screenshots(&place, &rest),
        Task::Evaluate { corpus, out } => evaluate::evaluate(&place, &corpus, &out),
        Task::Train { corpus, leaves_out } => train::train(&place, &corpus, leaves_out),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
