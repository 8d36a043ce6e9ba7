//! Real third-party clients write their configs with their own commands, the product finds what they
//! wrote and moves its credentials, and the same clients start the same servers through the guard.
//!
//! The folder that `COUNTERSIGN_REAL_CLIENTS` names holds the clients, as npm installs them. A client
//! that is not there is skipped by its name. Nothing needs a network.

#![expect(
    clippy::print_stdout,
    reason = "prints what the runner of tests prints, as skipped tests have no other way to be told"
)]

mod client;
#[cfg(unix)]
mod guarded;
#[cfg(unix)]
mod servers;
mod stories;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    time::Instant,
};

use client::Client;
use stories::STORIES;

fn main() -> ExitCode {
    let started = Instant::now();
    let filters: Vec<String> = env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let is_asked =
        |name: &str| filters.is_empty() || filters.iter().any(|part| name.contains(part));
    let cases = cases();
    let asked: Vec<_> = cases.iter().filter(|case| is_asked(case.name)).collect();
    println!("\nrunning {} tests", asked.len());
    let (mut passed, mut failed, mut ignored) = (0, 0, 0);
    for case in &asked {
        let outcome = match Client::find(case.client) {
            Err(why) => {
                ignored += 1;
                format!("ignored, {why}")
            }
            Ok(client) => {
                if catch_unwind(AssertUnwindSafe(|| (case.check)(&client))).is_ok() {
                    passed += 1;
                    "ok".to_owned()
                } else {
                    failed += 1;
                    "FAILED".to_owned()
                }
            }
        };
        println!("test {} ... {outcome}", case.name);
    }
    println!(
        "\ntest result: {}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        if failed == 0 { "ok" } else { "FAILED" },
        cases.len() - asked.len(),
        started.elapsed().as_secs_f64(),
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A test with a client.
struct Case {
    name: &'static str,
    /// The client's program.
    client: &'static str,
    check: Box<dyn Fn(&Client)>,
}

fn cases() -> Vec<Case> {
    let found = STORIES.iter().map(|story| Case {
        name: story.name,
        client: story.client,
        check: Box::new(|client| story.check(client)),
    });
    #[cfg(unix)]
    let guarded = guarded::STORIES.iter().map(|story| Case {
        name: story.name,
        client: story.client,
        check: Box::new(|client| story.check(client)),
    });
    #[cfg(unix)]
    let servers = servers::STORIES.iter().map(|story| Case {
        name: story.name,
        client: story.program,
        check: Box::new(|client| story.check(client)),
    });
    #[cfg(unix)]
    let inspector = Case {
        name: "the_inspector_calls_a_tool_of_what_was_moved",
        client: "mcp-inspector",
        check: Box::new(servers::inspector),
    };
    #[cfg(unix)]
    let found = found.chain(guarded).chain(servers).chain([inspector]);
    found.collect()
}
