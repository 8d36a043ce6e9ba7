//! The server is in a process group of its own, which a second process of this program ends when this
//! one is gone: it holds the reading end of a pipe that closes with this process, however it ends.

#![expect(
    unsafe_code,
    reason = "signals that are waited for, and sent to a group, have no safe form"
)]

use std::{
    env,
    fs::File,
    io::{self, PipeWriter, Read, Write},
    mem::MaybeUninit,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus, Stdio},
    ptr,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{END_GRACE, Ends, INPUT_GRACE, Program, SIGNAL_GRACE};

/// The first argument with which this program is started again to clean up: it calls [`watch`].
pub const WATCH: &str = "--watch";

/// How often it is looked whether a group is empty.
const POLL: Duration = Duration::from_millis(20);

/// Signals that are passed on; all ask a program to end.
const ENDING: [i32; 4] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGQUIT];

enum Event {
    Ended(io::Result<ExitStatus>),
    InputEnded,
    Signal(i32),
}

/// A server and its process group.
#[derive(Debug)]
pub struct Tree {
    server: Option<Child>,
    sender: Sender<Event>,
    events: Receiver<Event>,
    /// Closes with this process; nothing else may hold it.
    _watched: PipeWriter,
}

/// Tells a tree that its input has ended.
#[derive(Clone, Debug)]
pub struct InputEnd(Sender<Event>);

impl InputEnd {
    /// Gives the server [`INPUT_GRACE`] to end by itself.
    pub fn tell(&self) {
        // Nobody waits any more where the server has ended.
        let _ = self.0.send(Event::InputEnded);
    }
}

impl Tree {
    /// Returns what tells the tree that its input has ended.
    pub fn input_end(&self) -> InputEnd {
        InputEnd(self.sender.clone())
    }

    /// Passes signals on until nothing of the group is left, and returns the server's exit code: 128
    /// and the number of the signal where one ended it.
    pub fn wait(self) -> i32 {
        let Some(mut server) = self.server else {
            return 0;
        };
        let group = server.id().cast_signed();
        let sender = self.sender.clone();
        thread::spawn(move || sender.send(Event::Ended(server.wait())));
        let sender = self.sender.clone();
        let signals = block_signals();
        thread::spawn(move || while sender.send(Event::Signal(next_signal(&signals))).is_ok() {});
        let code = until_ended(group, &self.events);
        end_group(group);
        code.or_else(|| match self.events.recv_timeout(END_GRACE) {
            Ok(Event::Ended(status)) => Some(exit_code(status)),
            _ => None,
        })
        .unwrap_or(BY_SIGNAL + libc::SIGKILL)
    }
}

const BY_SIGNAL: i32 = 128;

pub(super) fn supervise<Own>(
    ends: Ends,
    own: Own,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> io::Result<(Tree, Own)> {
    let (watcher_input, mut watched) = io::pipe()?;
    Command::new(env::current_exe()?)
        .arg(WATCH)
        .stdin(watcher_input)
        .stdout(Stdio::null())
        .process_group(0)
        .spawn()?;
    let mut report = ends.report;
    let mut server = None;
    match prepare() {
        Ok(program) => match command(program, ends.input, ends.output).spawn() {
            Ok(child) => {
                writeln!(watched, "{}", child.id())?;
                server = Some(child);
                report.prepared();
            }
            Err(error) => report.failed(&error),
        },
        Err(refusal) => report.refused(&refusal),
    }
    let (sender, events) = mpsc::channel();
    let tree = Tree {
        server,
        sender,
        events,
        _watched: watched,
    };
    Ok((tree, own))
}

/// Waits until the process that started this one is gone, and ends the group that it named.
pub fn watch() {
    let mut told = String::new();
    // What is named is read at the end: that is when the other process is gone.
    let _ = io::stdin().read_to_string(&mut told);
    if let Ok(group) = told.trim().parse() {
        end_group(group);
    }
}

fn command(program: Program, input: File, output: File) -> Command {
    let mut command = Command::new(program.file);
    command
        .arg0(program.name)
        .args(program.arguments)
        .env_clear()
        .envs(program.environment)
        .stdin(input)
        .stdout(output)
        .process_group(0);
    command
}

/// Returns the exit code, or `None` when the time that the server had is up.
fn until_ended(server: i32, events: &Receiver<Event>) -> Option<i32> {
    const FOREVER: Duration = Duration::from_hours(24 * 365);
    let mut until = Instant::now() + FOREVER;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let grace = match events.recv_timeout(left) {
            Ok(Event::Ended(status)) => return Some(exit_code(status)),
            Ok(Event::InputEnded) => INPUT_GRACE,
            Ok(Event::Signal(signal)) => {
                send(server, signal);
                SIGNAL_GRACE
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        };
        until = until.min(Instant::now() + grace);
    }
}

fn exit_code(status: io::Result<ExitStatus>) -> i32 {
    let status = status.ok();
    status
        .and_then(|status| status.code().or_else(|| Some(BY_SIGNAL + status.signal()?)))
        .unwrap_or(BY_SIGNAL + libc::SIGKILL)
}

/// Asks a group to end, waits, and kills it.
fn end_group(group: i32) {
    let until = Instant::now() + END_GRACE;
    let mut is_there = send(-group, libc::SIGTERM);
    while is_there && Instant::now() < until {
        thread::sleep(POLL);
        is_there = send(-group, 0);
    }
    send(-group, libc::SIGKILL);
}

/// Sends a signal; returns whether there was anything to send it to.
fn send(process: i32, signal: i32) -> bool {
    // SAFETY: hands over two numbers.
    unsafe { libc::kill(process, signal) == 0 }
}

fn block_signals() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: the first call fills the set, the others change and read it.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        for signal in ENDING {
            libc::sigaddset(set.as_mut_ptr(), signal);
        }
        let set = set.assume_init();
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, ptr::null_mut());
        set
    }
}

fn next_signal(signals: &libc::sigset_t) -> i32 {
    let mut signal = 0;
    // SAFETY: the set and the number live for the call.
    unsafe { libc::sigwait(ptr::from_ref(signals), &raw mut signal) };
    signal
}
