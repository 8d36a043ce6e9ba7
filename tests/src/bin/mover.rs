//! Moves credentials, or takes a move back, and ends itself at a step as a power cut would.
//!
//! `mover migrate|undo STEP`: exits with 0 where the work was done before that step came.

#![forbid(unsafe_code)]

use std::{env, process::ExitCode};

use countersign_core::{
    Setup,
    decide::Origin,
    install,
    moves::{self, Means, Request},
    scan::{self, Options, Progress, RunningLook},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [what, step] = arguments.as_slice() else {
        return ExitCode::from(2);
    };
    let last: usize = step.parse().expect("a step is a number");
    let setup = Setup::here(None, None).expect("the home is there");
    let means = Means::ready(&setup).expect("the vault is ready");
    let mut step = 0;
    let mut watcher = |_| {
        if step == last {
            kill_self();
        }
        step += 1;
    };
    if what == "undo" {
        moves::undo(&means, 1, None, &mut watcher).expect("is undone");
        return ExitCode::SUCCESS;
    }
    let options = Options {
        without_running: true,
        ..Options::default()
    };
    let mut running = RunningLook::default();
    let inventory = scan::scan(&setup, &options, &mut running, &Progress::default())
        .expect("the home can be scanned");
    let installed = install::place(&setup);
    let plan = moves::plan(
        &setup,
        &options,
        &inventory,
        &installed,
        &Request::default(),
    )
    .expect("can be planned");
    moves::carry_out(&means, &plan, Origin::CommandLine, &mut watcher).expect("is carried out");
    ExitCode::SUCCESS
}

/// Ends this process with SIGKILL: nothing of it runs any more, no destructor, no handler.
#[cfg(target_os = "linux")]
fn kill_self() {
    let own = rustix::process::getpid();
    rustix::process::kill_process(own, rustix::process::Signal::KILL).expect("may end itself");
}

#[cfg(not(target_os = "linux"))]
fn kill_self() {
    std::process::abort();
}
