//! Reads what test runners print and adds it up.

use std::ops::AddAssign;

/// Results, with the names that a reader must be told.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
    /// What failed.
    pub(crate) failures: Vec<String>,
    /// What was skipped, and why.
    pub(crate) skips: Vec<String>,
}

impl Tally {
    pub(crate) fn pass() -> Self {
        Self {
            passed: 1,
            ..Self::default()
        }
    }

    pub(crate) fn failure(what: impl Into<String>) -> Self {
        Self {
            failed: 1,
            failures: vec![what.into()],
            ..Self::default()
        }
    }

    pub(crate) fn skip(what: &str, why: &str) -> Self {
        Self {
            skipped: 1,
            skips: vec![format!("{what}: {why}")],
            ..Self::default()
        }
    }

    /// The last line of a test run.
    pub(crate) fn line(&self) -> String {
        let Self {
            passed,
            failed,
            skipped,
            ..
        } = self;
        format!("{passed} passed, {failed} failed, {skipped} skipped")
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.failures.extend(other.failures);
        self.skips.extend(other.skips);
    }
}

/// A program whose lines hold results.
#[derive(Clone, Copy)]
pub(crate) enum Runner {
    CargoTest,
    Vitest,
}

impl Runner {
    /// Adds what one line of the runner's standard output tells; returns whether it is a summary.
    pub(crate) fn read(self, line: &str, tally: &mut Tally) -> bool {
        let line = without_colours(line);
        match self {
            Self::CargoTest => read_cargo_test(&line, tally),
            Self::Vitest => read_vitest(&line, tally),
        }
    }
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; …` and `test NAME ... ignored, REASON`.
fn read_cargo_test(line: &str, tally: &mut Tally) -> bool {
    if let Some(counts) = line.strip_prefix("test result: ") {
        let counts = counts.split_once(". ").map_or(counts, |(_, counts)| counts);
        add_counts(counts.split(';'), tally);
        return true;
    }
    if let Some((name, outcome)) = line
        .strip_prefix("test ")
        .and_then(|rest| rest.rsplit_once(" ... "))
    {
        if outcome == "FAILED" {
            tally.failures.push(name.to_owned());
        } else if let Some(reason) = outcome.strip_prefix("ignored") {
            let reason = reason.trim_start_matches(", ");
            let reason = if reason.is_empty() {
                "ignored without a reason"
            } else {
                reason
            };
            tally.skips.push(format!("{name}: {reason}"));
        }
    }
    false
}

/// What vitest's verbose reporter prints: `      Tests  1 failed | 3 passed | 2 skipped (6)` once, and
/// a line a test, such as ` × FILE > NAME 7ms`.
fn read_vitest(line: &str, tally: &mut Tally) -> bool {
    // With its indentation: what a test prints starts at the line's beginning.
    if let Some(counts) = line.strip_prefix("      Tests  ") {
        let counts = counts.split_once('(').map_or(counts, |(counts, _)| counts);
        add_counts(counts.split('|'), tally);
        return true;
    }
    if let Some(name) = line.strip_prefix(" × ") {
        tally.failures.push(without_time(name).to_owned());
    } else if let Some(name) = line.strip_prefix(" ↓ ") {
        tally.skips.push(format!("{name}: marked as skipped"));
    } else if let Some(name) = line.strip_prefix(" □ ") {
        tally.skips.push(format!("{name}: not written yet"));
    }
    false
}

fn without_time(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((name, time)) if time.ends_with("ms") => name,
        _ => name,
    }
}

fn add_counts<'a>(parts: impl Iterator<Item = &'a str>, tally: &mut Tally) {
    for part in parts {
        let Some((count, word)) = part.trim().split_once(' ') else {
            continue;
        };
        let Ok(count) = count.parse::<usize>() else {
            continue;
        };
        match word {
            "passed" => tally.passed += count,
            "failed" => tally.failed += count,
            "ignored" | "skipped" | "todo" => tally.skipped += count,
            _ => {}
        }
    }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.by_ref()
                .skip(1)
                .take_while(|c| !c.is_ascii_alphabetic())
                .for_each(drop);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_the_binaries_of_cargo_test() {
        let output = "
running 3 tests
test evaluate::denies_what_is_denied ... ok
test scan::reads_a_link ... FAILED
test sandbox::holds ... ignored, needs Landlock
test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; finished in 1.00s";
        let tally = check(Runner::CargoTest, output, "6 passed, 1 failed, 1 skipped");
        assert_eq!(tally.failures, ["scan::reads_a_link"]);
        assert_eq!(tally.skips, ["sandbox::holds: needs Landlock"]);
    }

    #[test]
    fn takes_no_count_from_what_a_test_prints() {
        let output = "12 passed; 3 failed\n the test result: ok. 7 passed\nTests  9 passed (9)";
        check(Runner::CargoTest, output, "0 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn reads_what_vitest_prints() {
        let output = "
stdout | a.test.js > seal > shows
Tests  9 passed (9)
 ✓ a.test.js > seal > shows 5ms
 × a.test.js > seal > breaks 6ms
 ↓ a.test.js > seal > later
 □ a.test.js > seal > never

 Test Files  2 failed (2)
      Tests  1 failed | 1 passed | 1 skipped | 1 todo (4)
   Start at  01:59:34";
        let tally = check(Runner::Vitest, output, "1 passed, 1 failed, 2 skipped");
        assert_eq!(tally.failures, ["a.test.js > seal > breaks"]);
        assert_eq!(
            tally.skips,
            [
                "a.test.js > seal > later: marked as skipped",
                "a.test.js > seal > never: not written yet"
            ]
        );
    }

    #[test]
    fn reads_the_summary_of_vitest_in_colour() {
        let coloured = "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m24 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (24)\u{1b}[39m";
        check(Runner::Vitest, coloured, "24 passed, 0 failed, 0 skipped");
    }

    fn check(runner: Runner, output: &str, expect: &str) -> Tally {
        let mut tally = Tally::default();
        for line in output.lines() {
            runner.read(line, &mut tally);
        }
        assert_eq!(tally.line(), expect);
        tally
    }
}
