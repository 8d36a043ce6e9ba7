//! The house rules that a machine can check. Each test is one rule and says where it is broken.

#![forbid(unsafe_code)]

mod crates;
mod packages;
mod sources;

use std::{path::PathBuf, process::Command};

/// The clone.
fn root() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("the tests are a folder of the workspace")
        .to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn output(command: &mut Command) -> String {
    let output = command.output().expect("cargo and git are installed");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).expect("both print UTF-8")
}

/// Fails with every place that breaks the rule.
fn none_of(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}
