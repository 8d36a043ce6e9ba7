//! Runs stages one after the other, and tells in the end how long each took and what came out.

use std::time::{Duration, Instant};

use crate::{
    failure::Failure,
    program::Program,
    report::{Runner, Tally},
};

/// What has been run so far.
#[derive(Default)]
pub(crate) struct Stages {
    done: Vec<Stage>,
}

struct Stage {
    name: String,
    took: Duration,
    tally: Tally,
}

impl Stages {
    /// Does something that has to work, and says whether it did; it counts only where it fails.
    pub(crate) fn prepare(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<(), Failure>,
    ) -> bool {
        self.run(name, || match work() {
            Ok(()) => Tally::default(),
            Err(failure) => failed(name, &failure),
        })
    }

    /// Runs a check that counts as one test.
    pub(crate) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<(), Failure>) -> bool {
        self.run(name, || match work() {
            Ok(()) => Tally::pass(),
            Err(failure) => failed(name, &failure),
        })
    }

    /// Runs test runners and counts what they report; one that ends badly without a failed test
    /// counts as a failed one.
    pub(crate) fn tests(&mut self, name: &str, runner: Runner, programs: &[Program]) -> bool {
        self.run(name, || {
            let mut all = Tally::default();
            for program in programs {
                let mut tally = Tally::default();
                let mut has_summary = false;
                let outcome = program.run_seen(|line| has_summary |= runner.read(line, &mut tally));
                match outcome {
                    Err(failure) if tally.failed == 0 => tally += failed(name, &failure),
                    // An exit code of success with no result means that nothing was run.
                    Ok(()) if !has_summary => {
                        tally +=
                            Tally::failure(format!("{name}: `{}` ran no test", program.line()));
                    }
                    Ok(()) | Err(_) => {}
                }
                all += tally;
            }
            all
        })
    }

    /// Leaves something out, by name and with the reason.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        println!("\n== {name}: skipped, {why}");
        self.done.push(Stage {
            name: name.to_owned(),
            took: Duration::ZERO,
            tally: Tally::skip(name, why),
        });
    }

    /// Prints the table of stages, what failed, what was skipped, and the counts as the last line;
    /// returns whether all is well.
    pub(crate) fn conclude(self) -> bool {
        let mut total = Tally::default();
        println!("\n{}", table(&self.done));
        for stage in self.done {
            total += stage.tally;
        }
        list("failed", &total.failures);
        list("skipped", &total.skips);
        println!("{}", total.line());
        total.failed == 0
    }

    fn run(&mut self, name: &str, work: impl FnOnce() -> Tally) -> bool {
        println!("\n== {name}");
        let started = Instant::now();
        let tally = work();
        let is_well = tally.failed == 0;
        self.done.push(Stage {
            name: name.to_owned(),
            took: started.elapsed(),
            tally,
        });
        is_well
    }
}

fn failed(name: &str, failure: &Failure) -> Tally {
    eprintln!("error: {failure}");
    Tally::failure(format!("{name}: {failure}"))
}

fn list(title: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    println!("{title}:");
    for name in names {
        println!("  {}", name.trim());
    }
    println!();
}

fn table(stages: &[Stage]) -> String {
    let width = stages.iter().map(|stage| stage.name.len()).max();
    let width = width.unwrap_or_default().max("stage".len());
    let mut text = format!(
        "{:width$}  minutes  passed  failed  skipped\n",
        "stage",
        width = width
    );
    let minutes = |took: Duration| took.as_secs_f64() / 60.0;
    for Stage { name, took, tally } in stages {
        text += &format!(
            "{name:width$}  {:7.1}  {:6}  {:6}  {:7}\n",
            minutes(*took),
            tally.passed,
            tally.failed,
            tally.skipped,
        );
    }
    let all = stages.iter().map(|stage| stage.took).sum();
    text += &format!("{:width$}  {:7.1}\n", "all", minutes(all));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_up_the_table_of_stages() {
        let stage = |name: &str, seconds, tally| Stage {
            name: name.into(),
            took: Duration::from_secs(seconds),
            tally,
        };
        let stages = [
            stage("format", 3, Tally::pass()),
            stage("desktop tests", 90, Tally::failure("shows the report")),
        ];
        let expect = "\
stage          minutes  passed  failed  skipped
format             0.1       1       0        0
desktop tests      1.5       0       1        0
all                1.6
";
        assert_eq!(table(&stages), expect);
    }

    #[cfg(unix)]
    #[test]
    fn counts_a_runner_that_ran_nothing_or_broke_off_as_failed() {
        for script in ["true", "exit 101"] {
            let mut stages = Stages::default();
            let program = Program::new("sh").arguments(["-c", script]);
            assert!(!stages.tests("tests", Runner::CargoTest, &[program]));
        }
    }
}
