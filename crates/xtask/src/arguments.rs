//! What was asked for on the command line.

use std::{fmt, path::PathBuf};

pub(crate) const HELP: &str = "\
Sets up, builds, runs, tests and measures Countersign.

usage: cargo xtask TASK

  run [-- ARGUMENTS]    open the desktop window; where there is no display, print the report
  test                  run everything and end with one line of counts
      --quick           leave out what needs a window
      --real-clients    fetch and start the real third-party clients (over 1 GB; on when CI is set)
  bench [ARGUMENTS]     measure, and print a table
  screenshots [ARGUMENTS]
                        render every view to PNG files
  evaluate CORPUS.jsonl --out PREDICTIONS.jsonl
                        answer a labelled corpus
  train CORPUS.jsonl    train the classifier of wording, and write its weights
      --leave-out       print what it finds in sources that it has not seen, and write nothing

Each does its own set-up. There is no `package` task yet: nothing is released.";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Run(Vec<String>),
    Test(TestChoices),
    Bench(Vec<String>),
    Screenshots(Vec<String>),
    Evaluate { corpus: PathBuf, out: PathBuf },
    Train { corpus: PathBuf, leaves_out: bool },
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TestChoices {
    pub(crate) is_quick: bool,
    pub(crate) has_real_clients: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UsageError {
    NoSuchTask(String),
    NoSuchOption { task: &'static str, option: String },
    EvaluateNeedsFiles,
    TrainNeedsFile,
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchTask(task) => write!(f, "there is no task `{task}`"),
            Self::NoSuchOption { task, option } => write!(f, "`{task}` has no option `{option}`"),
            Self::EvaluateNeedsFiles => {
                write!(f, "`evaluate` needs CORPUS.jsonl --out PREDICTIONS.jsonl")
            }
            Self::TrainNeedsFile => write!(f, "`train` needs CORPUS.jsonl [--leave-out]"),
        }
    }
}

/// Reads the arguments that follow `cargo xtask`.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Task, UsageError> {
    let Some(task) = arguments.next() else {
        return Ok(Task::Help);
    };
    let rest: Vec<String> = arguments.collect();
    match task.as_str() {
        "help" | "--help" | "-h" => Ok(Task::Help),
        "run" => Ok(Task::Run(without_separator(rest))),
        "bench" => Ok(Task::Bench(without_separator(rest))),
        "screenshots" => Ok(Task::Screenshots(without_separator(rest))),
        "test" => parse_test(&rest).map(Task::Test),
        "evaluate" => parse_evaluate(rest),
        "train" => parse_train(&rest),
        _ => Err(UsageError::NoSuchTask(task)),
    }
}

fn without_separator(mut rest: Vec<String>) -> Vec<String> {
    if rest.first().is_some_and(|first| first == "--") {
        rest.remove(0);
    }
    rest
}

fn parse_test(rest: &[String]) -> Result<TestChoices, UsageError> {
    let mut choices = TestChoices::default();
    for option in rest {
        match option.as_str() {
            "--quick" => choices.is_quick = true,
            "--real-clients" => choices.has_real_clients = true,
            _ => {
                return Err(UsageError::NoSuchOption {
                    task: "test",
                    option: option.clone(),
                });
            }
        }
    }
    Ok(choices)
}

fn parse_train(rest: &[String]) -> Result<Task, UsageError> {
    let (corpus, leaves_out) = match rest {
        [corpus] => (corpus, false),
        [corpus, flag] if flag == "--leave-out" => (corpus, true),
        _ => return Err(UsageError::TrainNeedsFile),
    };
    let corpus = corpus.into();
    Ok(Task::Train { corpus, leaves_out })
}

fn parse_evaluate(rest: Vec<String>) -> Result<Task, UsageError> {
    match <[String; 3]>::try_from(rest) {
        Ok([corpus, flag, out]) if flag == "--out" => Ok(Task::Evaluate {
            corpus: corpus.into(),
            out: out.into(),
        }),
        Ok([flag, out, corpus]) if flag == "--out" => Ok(Task::Evaluate {
            corpus: corpus.into(),
            out: out.into(),
        }),
        _ => Err(UsageError::EvaluateNeedsFiles),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_help_when_nothing_is_asked() {
        check("", Ok(Task::Help));
        check("--help", Ok(Task::Help));
    }

    #[test]
    fn reads_the_choices_of_test() {
        let choices = |is_quick, has_real_clients| {
            Ok(Task::Test(TestChoices {
                is_quick,
                has_real_clients,
            }))
        };
        check("test", choices(false, false));
        check("test --quick", choices(true, false));
        check("test --real-clients --quick", choices(true, true));
        check(
            "test --fast",
            Err(UsageError::NoSuchOption {
                task: "test",
                option: "--fast".into(),
            }),
        );
    }

    #[test]
    fn passes_on_what_follows_the_task() {
        check("run -- --json", Ok(Task::Run(vec!["--json".into()])));
        check("bench scan", Ok(Task::Bench(vec!["scan".into()])));
    }

    #[test]
    fn takes_the_corpus_of_train() {
        let train = |leaves_out| {
            Ok(Task::Train {
                corpus: "a.jsonl".into(),
                leaves_out,
            })
        };
        check("train a.jsonl", train(false));
        check("train a.jsonl --leave-out", train(true));
        check("train", Err(UsageError::TrainNeedsFile));
    }

    #[test]
    fn takes_both_files_of_evaluate_in_either_order() {
        let both = || {
            Ok(Task::Evaluate {
                corpus: "a.jsonl".into(),
                out: "b.jsonl".into(),
            })
        };
        check("evaluate a.jsonl --out b.jsonl", both());
        check("evaluate --out b.jsonl a.jsonl", both());
        check("evaluate a.jsonl", Err(UsageError::EvaluateNeedsFiles));
    }

    #[test]
    fn refuses_a_task_that_is_not_there() {
        check("package", Err(UsageError::NoSuchTask("package".into())));
    }

    fn check(line: &str, expect: Result<Task, UsageError>) {
        let arguments = line.split_whitespace().map(str::to_owned);
        assert_eq!(parse(arguments), expect, "{line}");
    }
}
