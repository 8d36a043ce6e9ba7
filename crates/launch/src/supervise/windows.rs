//! This process puts itself into a job that the system ends when the job's last handle closes, which
//! it does with this process, however that ends. What this process starts is in the job from its
//! first moment.

#![expect(unsafe_code, reason = "job objects have no safe form")]

use std::{
    io, mem,
    os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle},
    process::{Child, Command, ExitStatus},
    ptr,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use windows_sys::Win32::System::{
    Console::{CTRL_BREAK_EVENT, CTRL_C_EVENT, SetConsoleCtrlHandler},
    JobObjects::{
        AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
        JOBOBJECT_EXTENDED_LIMIT_INFORMATION, JobObjectExtendedLimitInformation,
        SetInformationJobObject,
    },
    Threading::GetCurrentProcess,
};

use super::{Ends, INPUT_GRACE, Program};

/// The exit code of a server that did not end in time.
const NOT_ENDED: i32 = 137;

enum Event {
    Ended(io::Result<ExitStatus>),
    InputEnded,
}

/// A server and all that comes from it.
#[derive(Debug)]
pub struct Tree {
    server: Option<Child>,
    sender: Sender<Event>,
    events: Receiver<Event>,
    job: OwnedHandle,
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

    /// Waits until the server has ended or its time is up, and returns its exit code. What is left of
    /// the tree ends with this process.
    pub fn wait(self) -> i32 {
        // Closing it would end this process before it can pass the exit code on.
        mem::forget(self.job);
        let Some(mut server) = self.server else {
            return 0;
        };
        let sender = self.sender.clone();
        thread::spawn(move || sender.send(Event::Ended(server.wait())));
        until_ended(&self.events).unwrap_or(NOT_ENDED)
    }
}

pub(super) fn supervise<Own>(
    ends: Ends,
    own: Own,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> io::Result<(Tree, Own)> {
    let job = job()?;
    outlive_console_events()?;
    let mut report = ends.report;
    let mut server = None;
    match prepare() {
        Ok(program) => {
            let spawned = Command::new(program.file)
                .args(program.arguments)
                .env_clear()
                .envs(program.environment)
                .stdin(ends.input)
                .stdout(ends.output)
                .spawn();
            match spawned {
                Ok(child) => {
                    server = Some(child);
                    report.prepared();
                }
                Err(error) => report.failed(&error),
            }
        }
        Err(refusal) => report.refused(&refusal),
    }
    let (sender, events) = mpsc::channel();
    let tree = Tree {
        server,
        sender,
        events,
        job,
    };
    Ok((tree, own))
}

/// Returns the exit code, or `None` when the time that the server had is up.
fn until_ended(events: &Receiver<Event>) -> Option<i32> {
    const FOREVER: Duration = Duration::from_hours(24 * 365);
    let mut until = Instant::now() + FOREVER;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match events.recv_timeout(left) {
            Ok(Event::Ended(status)) => return status.ok().and_then(|status| status.code()),
            Ok(Event::InputEnded) => until = until.min(Instant::now() + INPUT_GRACE),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// Makes a job that ends with its handle, and puts this process into it.
fn job() -> io::Result<OwnedHandle> {
    // SAFETY: no attributes and no name are handed over; what comes back is checked and owned here.
    let job = unsafe { CreateJobObjectW(ptr::null(), ptr::null()) };
    if job.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the handle was just made and nothing else owns it.
    let job = unsafe { OwnedHandle::from_raw_handle(job) };
    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    let size = u32::try_from(size_of_val(&limits)).expect("a small structure");
    // SAFETY: the structure lives for the call, and its size is its own.
    let is_set = unsafe {
        SetInformationJobObject(
            job.as_raw_handle(),
            JobObjectExtendedLimitInformation,
            (&raw const limits).cast(),
            size,
        )
    };
    // SAFETY: both handles are live.
    let is_in = is_set != 0
        && unsafe { AssignProcessToJobObject(job.as_raw_handle(), GetCurrentProcess()) } != 0;
    if is_in {
        Ok(job)
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Leaves what the user presses in a console to the server, which gets it as well.
fn outlive_console_events() -> io::Result<()> {
    extern "system" fn handled(event: u32) -> windows_sys::core::BOOL {
        i32::from(matches!(event, CTRL_C_EVENT | CTRL_BREAK_EVENT))
    }
    // SAFETY: the handler is a function, which lives for ever, and only compares a number.
    match unsafe { SetConsoleCtrlHandler(Some(handled), 1) } {
        0 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}
