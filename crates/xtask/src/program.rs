//! Starts programs, shows what they print, and stops those that take too long.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use crate::failure::Failure;

/// No single step of a run needs longer on two cores; one that does hangs.
const BOUND: Duration = Duration::from_secs(25 * 60);
/// How long the last lines of a program that has ended may take to arrive.
const LAST_LINES: Duration = Duration::from_secs(2);
const POLL: Duration = Duration::from_millis(50);

/// A command to run, with the name by which messages call it.
#[derive(Clone)]
pub(crate) struct Program {
    name: String,
    words: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    folder: Option<std::path::PathBuf>,
    wrapper: Vec<OsString>,
}

impl Program {
    pub(crate) fn new(program: impl Into<OsString>) -> Self {
        let program = program.into();
        Self {
            name: program.to_string_lossy().into_owned(),
            words: vec![program],
            environment: Vec::new(),
            folder: None,
            wrapper: Vec::new(),
        }
    }

    pub(crate) fn shown_as(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.words.push(argument.as_ref().to_owned());
        self
    }

    pub(crate) fn arguments<A: AsRef<OsStr>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        self.words
            .extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    pub(crate) fn environment(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.into(), value.as_ref().to_owned()));
        self
    }

    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_owned());
        self
    }

    /// Puts another program and its arguments in front of this one.
    pub(crate) fn wrapped(mut self, wrapper: &[OsString]) -> Self {
        self.wrapper = wrapper.to_vec();
        self
    }

    /// Runs it with the terminal as its output.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mut child = self.spawn(Stdio::inherit(), Stdio::inherit())?;
        self.wait(&mut child, BOUND, |_| {})
    }

    /// Runs it for as long as it likes, as a window that the user closes.
    pub(crate) fn run_unbounded(&self) -> Result<(), Failure> {
        let mut child = self.spawn(Stdio::inherit(), Stdio::inherit())?;
        self.wait(&mut child, Duration::MAX, |_| {})
    }

    /// Runs it, and once more where it fails: networks do.
    pub(crate) fn run_with_retry(&self) -> Result<(), Failure> {
        self.run().or_else(|failure| {
            eprintln!("{failure}; trying once more");
            self.run()
        })
    }

    /// Runs it, shows every line of its standard output and hands it to `see` as well.
    pub(crate) fn run_seen(&self, mut see: impl FnMut(&str)) -> Result<(), Failure> {
        let mut child = self.spawn(Stdio::piped(), Stdio::inherit())?;
        self.wait(&mut child, BOUND, |line| {
            println!("{line}");
            see(line);
        })
    }

    /// Returns what it prints, or nothing where it cannot be started; how it ends is not looked at.
    pub(crate) fn output(&self) -> Option<String> {
        let output = self
            .command()
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Returns whether it can be started and ends well.
    pub(crate) fn succeeds(&self) -> bool {
        self.command()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    /// The command as a person would type it, without what only this program adds.
    pub(crate) fn line(&self) -> String {
        let arguments = self.words.iter().skip(1).map(|word| word.to_string_lossy());
        std::iter::once(self.name.as_str().into())
            .chain(arguments)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn command(&self) -> Command {
        let mut words = self.wrapper.iter().chain(&self.words);
        let mut command = Command::new(words.next().map_or(OsStr::new(""), OsString::as_os_str));
        command
            .args(words)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    fn spawn(&self, stdout: Stdio, stderr: Stdio) -> Result<Child, Failure> {
        self.command()
            .stdout(stdout)
            .stderr(stderr)
            .spawn()
            .map_err(|source| Failure::NotStarted {
                program: self.name.clone(),
                source,
            })
    }

    fn wait(
        &self,
        child: &mut Child,
        bound: Duration,
        mut see: impl FnMut(&str),
    ) -> Result<(), Failure> {
        let lines = child.stdout.take().map(lines_of);
        let started = Instant::now();
        let status = loop {
            drain(lines.as_ref(), POLL, &mut see);
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if started.elapsed() < bound => {}
                Ok(None) => {
                    stop(child);
                    return Err(Failure::TookTooLong {
                        command: self.line(),
                        bound,
                    });
                }
                Err(source) => {
                    return Err(Failure::NotStarted {
                        program: self.name.clone(),
                        source,
                    });
                }
            }
        };
        drain(lines.as_ref(), LAST_LINES, &mut see);
        self.judge(status)
    }

    fn judge(&self, status: ExitStatus) -> Result<(), Failure> {
        if status.success() {
            return Ok(());
        }
        Err(Failure::Ended {
            command: self.line(),
            status,
        })
    }
}

/// Reads lines on a thread of its own: a grandchild may keep the pipe open after the child's end.
fn lines_of(stdout: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(stdout);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Hands over the lines that come within `patience`, or until there can be no more.
fn drain(lines: Option<&Receiver<String>>, patience: Duration, see: &mut impl FnMut(&str)) {
    let Some(lines) = lines else {
        return thread::sleep(POLL.min(patience));
    };
    let started = Instant::now();
    loop {
        match lines.recv_timeout(patience.saturating_sub(started.elapsed())) {
            Ok(line) => see(&line),
            Err(RecvTimeoutError::Timeout) => return,
            Err(RecvTimeoutError::Disconnected) => return thread::sleep(POLL.min(patience)),
        }
    }
}

/// Ends a child and, where `/proc` tells them, its descendants.
fn stop(child: &mut Child) {
    for pid in descendants(child.id()) {
        Program::new("kill")
            .arguments(["-KILL", &pid.to_string()])
            .succeeds();
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn descendants(ancestor: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|folder| {
            let pid = folder.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(folder.path().join("stat")).ok()?;
            Some((pid, parent_in_stat(&stat)?))
        })
        .collect();
    let mut found = vec![ancestor];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(parents.iter().filter(|(_, p)| *p == parent).map(|(c, _)| c));
        next += 1;
    }
    found.split_off(1)
}

/// The parent's id: the second field after the name, which is in brackets and may hold any text.
fn parent_in_stat(stat: &str) -> Option<u32> {
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_parent_behind_a_hostile_name() {
        assert_eq!(parent_in_stat("7 (a) b (c)) S 42 7 7"), Some(42));
        assert_eq!(parent_in_stat("nothing"), None);
    }

    #[test]
    fn shows_a_command_as_a_person_would_type_it() {
        let program = Program::new("/opt/bin/cargo")
            .shown_as("cargo")
            .arguments(["test", "--doc"]);
        assert_eq!(program.line(), "cargo test --doc");
    }

    #[cfg(unix)]
    #[test]
    fn hands_over_every_line_and_tells_how_it_ended() {
        let mut seen = Vec::new();
        let program = Program::new("sh").arguments(["-c", "echo one; printf two; exit 3"]);
        let outcome = program.run_seen(|line| seen.push(line.to_owned()));
        assert_eq!(seen, ["one", "two"]);
        assert!(matches!(outcome, Err(Failure::Ended { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn stops_a_program_that_takes_too_long() {
        let program = Program::new("sh").arguments(["-c", "sleep 60 & wait"]);
        let mut child = program.spawn(Stdio::piped(), Stdio::inherit()).unwrap();
        let outcome = program.wait(&mut child, Duration::from_millis(200), |_| {});
        assert!(matches!(outcome, Err(Failure::TookTooLong { .. })));
        assert!(descendants(child.id()).is_empty());
    }
}
