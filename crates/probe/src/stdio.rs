//! Asks a program in a sandbox.

use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{ChildStdin, ChildStdout},
    sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use countersign_launch::sandbox::{self, Cause, Contained, Sandbox, SandboxError};

use crate::{
    Listing, MESSAGE_BYTES_MAX, Message, Note, Patience, ProbeError, Probed, listing::Listed,
};

/// Bytes of all that a program writes to its output.
pub const OUTPUT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Lines of the output that are no messages.
pub const STRAY_LINES_MAX: usize = 1000;

/// Bytes of what a program logs that are kept: its end.
const LOG_BYTES_MAX: usize = 4 * 1024;

/// Characters of a line of the log that are shown.
const SAID_MAX: usize = 300;

/// Lines that wait to be looked at; further ones wait in the program.
const LINES_MAX: usize = 4;

/// How long a program may go on after its input has ended.
const GRACE: Duration = Duration::from_millis(500);

/// Starts a program in its sandbox, asks it for all that it offers, and ends it. It is asked for lists
/// alone: no tool is called. It blocks for up to [`Patience::total`] and what the end takes.
///
/// # Errors
/// [`ProbeError`], where the program did not even greet. What is missing after that is a fault of the
/// surface.
pub fn ask_program(sandbox: &Sandbox, patience: &Patience) -> Result<Probed, ProbeError> {
    let mut sandbox = sandbox.clone();
    sandbox.limits.wall = sandbox.limits.wall.min(patience.total + GRACE);
    let mut contained = sandbox::start(&sandbox)?;
    let pipes = Pipes::open(&mut contained)?;
    let enforced = contained.enforced().clone();
    let mut asking = Asking {
        listing: Listing::new(),
        pipes,
        strays: 0,
        until: Instant::now() + patience.total,
        is_mcp: false,
    };
    let stopped = asking.run(patience);
    let cause = end(contained, stopped == Some(Stopped::Ended));
    let said = asking.pipes.said();
    if asking.strays > 0 {
        asking.listing.note(Note::StrayLines(asking.strays));
    }
    if let Some(stopped) = stopped {
        asking.listing.ended(stopped.why(cause));
    }
    let is_mcp = asking.is_mcp;
    match asking.listing.finish() {
        Ok(Listed {
            surface,
            greeting,
            notes,
        }) => Ok(Probed {
            surface,
            greeting,
            notes,
            enforced: Some(enforced),
        }),
        Err(why) => Err(match cause {
            Some(cause @ (Cause::Memory | Cause::Processes | Cause::Folder)) => {
                ProbeError::TooMuch { cause }
            }
            _ if stopped == Some(Stopped::NotMcp) => ProbeError::NotMcp { said },
            _ if stopped == Some(Stopped::Ended) && !is_mcp => ProbeError::Ended { said },
            _ => ProbeError::NoGreeting { why, said },
        }),
    }
}

/// Why the asking stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    /// The program ended, or closed its streams.
    Ended,
    /// The time is up.
    Time,
    /// A line, or all of the output, is too long.
    TooLong,
    /// Too much that is no message.
    NotMcp,
}

impl Stopped {
    const fn why(self, cause: Option<Cause>) -> &'static str {
        match (self, cause) {
            (_, Some(Cause::Memory)) => "it was ended, because it took too much memory",
            (_, Some(Cause::Processes)) => "it was ended, because it started too many processes",
            (_, Some(Cause::Folder)) => "it was ended, because it wrote too much",
            (Stopped::Ended, _) => "it ended first",
            (Stopped::Time, _) => "no answer came in time",
            (Stopped::TooLong, _) => "its answer is too long",
            (Stopped::NotMcp, _) => "it writes too much that is no message",
        }
    }
}

struct Asking {
    listing: Listing,
    pipes: Pipes,
    strays: usize,
    until: Instant,
    /// The program has sent a message.
    is_mcp: bool,
}

impl Asking {
    /// Asks until there is nothing more to ask.
    fn run(&mut self, patience: &Patience) -> Option<Stopped> {
        while !self.listing.is_done() {
            while let Some(message) = self.listing.outgoing() {
                if !self.pipes.send(&message) {
                    return Some(Stopped::Ended);
                }
            }
            let wait = if self.listing.is_discovering() {
                patience.discover
            } else {
                patience.answer
            };
            if let Some(stopped) = self.answer(Instant::now() + wait) {
                return Some(stopped);
            }
        }
        None
    }

    /// Waits until a request is answered, or is not.
    fn answer(&mut self, patience: Instant) -> Option<Stopped> {
        let progress = self.listing.progress();
        let until = patience.min(self.until);
        while !self.listing.is_done() && self.listing.progress() == progress {
            let left = until.saturating_duration_since(Instant::now());
            match self.pipes.lines.recv_timeout(left) {
                Ok(Line::Text(bytes)) => {
                    if let Some(stopped) = self.line(bytes) {
                        return Some(stopped);
                    }
                }
                Ok(Line::TooLong) => return Some(Stopped::TooLong),
                Err(RecvTimeoutError::Disconnected) => return Some(Stopped::Ended),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= self.until => {
                    return Some(Stopped::Time);
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.listing.silent("no answer came in time");
                    return None;
                }
            }
            while let Some(message) = self.listing.outgoing() {
                if !self.pipes.send(&message) {
                    return Some(Stopped::Ended);
                }
            }
        }
        None
    }

    fn line(&mut self, bytes: Vec<u8>) -> Option<Stopped> {
        if bytes.trim_ascii().is_empty() {
            return None;
        }
        if let Ok(message) = Message::read(bytes) {
            self.is_mcp = true;
            self.listing.take(&message);
            return None;
        }
        self.strays += 1;
        (self.strays > STRAY_LINES_MAX).then_some(Stopped::NotMcp)
    }
}

/// Ends the program; returns why it had ended where that was not for this.
fn end(mut contained: Contained, has_ended: bool) -> Option<Cause> {
    let patience = if has_ended { GRACE } else { Duration::ZERO };
    let ended = contained.wait(patience).or_else(|| contained.end());
    ended.map(|ended| ended.cause)
}

enum Line {
    Text(Vec<u8>),
    TooLong,
}

/// The streams of a program.
struct Pipes {
    input: ChildStdin,
    lines: Receiver<Line>,
    log: Option<JoinHandle<Vec<u8>>>,
}

impl Pipes {
    fn open(contained: &mut Contained) -> Result<Self, ProbeError> {
        let lost = || SandboxError::NotBegun("its streams are not there".to_owned());
        let input = contained.input.take().ok_or_else(lost)?;
        let output = contained.output.take().ok_or_else(lost)?;
        let errors = contained.errors.take().ok_or_else(lost)?;
        let (sender, lines) = mpsc::sync_channel(LINES_MAX);
        let reader = thread::Builder::new().name("probe output".to_owned());
        reader
            .spawn(move || read(output, &sender))
            .map_err(SandboxError::Start)?;
        let logger = thread::Builder::new().name("probe log".to_owned());
        let log = logger
            .spawn(move || tail(errors))
            .map_err(SandboxError::Start)?;
        Ok(Self {
            input,
            lines,
            log: Some(log),
        })
    }

    /// Sends a message; returns whether the program took it.
    fn send(&mut self, message: &str) -> bool {
        let sent = writeln!(self.input, "{message}");
        sent.and_then(|()| self.input.flush()).is_ok()
    }

    /// Returns the last words of the log, once the program is gone.
    fn said(&mut self) -> Option<String> {
        last_words(&self.log.take()?.join().ok()?)
    }
}

/// Reads lines, up to the bounds. Ends where nobody takes them.
fn read(output: ChildStdout, sender: &SyncSender<Line>) {
    let mut output =
        BufReader::new(output).take(u64::try_from(OUTPUT_BYTES_MAX).unwrap_or(u64::MAX));
    let line_max = u64::try_from(MESSAGE_BYTES_MAX).unwrap_or(u64::MAX);
    loop {
        let mut line = Vec::new();
        let read = (&mut output)
            .take(line_max + 1)
            .read_until(b'\n', &mut line);
        let is_long = line.len() > MESSAGE_BYTES_MAX;
        let is_over = output.limit() == 0;
        let has_ended = !matches!(read, Ok(1..));
        if is_long || is_over {
            let _ = sender.send(Line::TooLong);
            return;
        }
        if has_ended || sender.send(Line::Text(line)).is_err() {
            return;
        }
    }
}

/// Returns the last line of a log that speaks of an error, or else the last.
pub(crate) fn last_words(log: &[u8]) -> Option<String> {
    let log = String::from_utf8_lossy(log);
    let lines = || log.lines().rev().filter(|line| !line.trim().is_empty());
    let is_error = |line: &&str| line.to_ascii_lowercase().contains("error");
    let last = lines().find(is_error).or_else(|| lines().next())?;
    Some(last.trim().chars().take(SAID_MAX).collect())
}

/// Reads a log to its end, and keeps the end of it.
pub(crate) fn tail(mut log: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut piece = [0; LOG_BYTES_MAX];
    while let Ok(count @ 1..) = log.read(&mut piece) {
        kept.extend_from_slice(piece.get(..count).unwrap_or_default());
        let extra = kept.len().saturating_sub(LOG_BYTES_MAX);
        kept.drain(..extra);
    }
    kept
}
