//! The process that confines itself and becomes the server. It has one thread.

use std::{
    env,
    ffi::OsStr,
    fs::File,
    io::{self, Read, Write},
    os::{
        fd::{AsFd, FromRawFd, OwnedFd, RawFd},
        unix::process::CommandExt,
    },
    process::{self, Command},
};

use rustix::process::{Resource, Rlimit};

use super::{
    super::{INNER, Landlock},
    filter,
    plan::{PLAN_BYTES_MAX, Plan},
    report, rules,
};
use crate::supervise::{NotStarted, Program, Streams, supervise};

/// The exit code where this process did not become the server; nobody looks at it.
const NOT_STARTED: i32 = 125;

/// The first file that is not a standard stream.
const FIRST_OTHER: libc::c_uint = 3;

pub(in crate::sandbox) fn inner() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().as_deref() != Some(OsStr::new(INNER)) {
        return;
    }
    let numbers: Option<Vec<RawFd>> = arguments
        .map(|argument| argument.to_str()?.parse().ok())
        .collect();
    let Some([plan, report]) = numbers.as_deref() else {
        process::exit(NOT_STARTED);
    };
    let (Some(plan), Some(report)) = (taken(*plan), taken(*report)) else {
        process::exit(NOT_STARTED);
    };
    // Nothing that this process was started with is left open in the server.
    close_on_exec();
    let mut report = Reporter(report);
    let mut text = Vec::new();
    let read = plan.take(PLAN_BYTES_MAX).read_to_end(&mut text);
    let plan = read.ok().and_then(|_| Plan::read(&text));
    let code = match plan {
        Some(plan) if plan.is_wrapped => report.failed(&become_server(&plan, &mut report.copy())),
        Some(plan) => supervised(plan, report),
        None => report.failed("it was not told what to start"),
    };
    process::exit(code);
}

/// Confines this process and becomes the server; returns why not.
fn become_server(plan: &Plan, report: &mut Reporter) -> String {
    match confine(plan) {
        Ok(enforced) => report.say(&enforced),
        Err(why) => return why,
    }
    let mut command = Command::new(&plan.program);
    command
        .args(&plan.arguments)
        .env_clear()
        .envs(plan.environment.iter().map(|(name, value)| (name, value)));
    command.exec().to_string()
}

/// Starts the server under a supervisor, and waits until nothing of it is left.
fn supervised(plan: Plan, mut report: Reporter) -> i32 {
    let streams = duplicate(0).and_then(|input| {
        let output = duplicate(1)?;
        let input = Some(input);
        Ok(Streams { input, output })
    });
    let mut inner = report.copy();
    let prepare = move || {
        let enforced = confine(&plan).map_err(String::into_bytes)?;
        inner.say(&enforced);
        Ok(Program {
            name: plan.program.clone().into(),
            file: plan.program,
            arguments: plan.arguments,
            environment: plan.environment,
        })
    };
    let supervised = match streams.and_then(|streams| supervise(streams, prepare)) {
        Ok(supervised) => supervised,
        Err(error) => return report.failed(&error.to_string()),
    };
    leave_streams();
    match supervised.start.wait() {
        Ok(()) => drop(report),
        Err(NotStarted::Refused(why)) => {
            report.failed(&String::from_utf8_lossy(&why));
        }
        Err(NotStarted::System(error)) => {
            report.failed(&error.to_string());
        }
        Err(NotStarted::Died) => {
            report.failed("it ended before it began");
        }
    }
    supervised.tree.wait()
}

/// Puts everything on this process that the plan wants; returns what was enforced, or why not.
fn confine(plan: &Plan) -> Result<String, String> {
    let failed = |what: &'static str| move |error: io::Error| format!("{what}: {error}");
    limit(plan).map_err(failed("set limits"))?;
    let is_counted = set(Resource::Nproc, plan.processes).is_ok();
    if let Some(uid) = plan.uid {
        become_user(uid).map_err(failed("become another user"))?;
    }
    rustix::thread::set_no_new_privs(true)
        .map_err(io::Error::from)
        .map_err(failed("give up privileges"))?;
    // The system forgets this where the user changes.
    let kill = Some(rustix::process::Signal::KILL);
    rustix::process::set_parent_process_death_signal(kill)
        .map_err(io::Error::from)
        .map_err(failed("end with the parent"))?;
    env::set_current_dir(&plan.working_folder).map_err(failed("enter its folder"))?;
    let landlock: Landlock = rules::confine(plan).map_err(|error| error.to_string())?;
    let is_filtered = match filter::apply(plan) {
        Ok(()) => true,
        // Bubblewrap alone confines; without it, the filter is what closes the network.
        Err(_) if plan.is_wrapped => false,
        Err(error) => return Err(error.to_string()),
    };
    Ok(report::write(landlock, is_filtered, is_counted))
}

fn limit(plan: &Plan) -> io::Result<()> {
    set(Resource::Core, 0)?;
    set(Resource::Cpu, plan.cpu_seconds)?;
    set(Resource::Fsize, plan.file_bytes)?;
    set(Resource::Nofile, plan.open_files)?;
    set(Resource::Data, plan.memory_bytes)
}

fn set(resource: Resource, most: u64) -> io::Result<()> {
    // A limit that is lower stays.
    let most = rustix::process::getrlimit(resource)
        .maximum
        .map_or(most, |held| held.min(most));
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(rustix::process::setrlimit(resource, limit)?)
}

fn become_user(uid: u32) -> io::Result<()> {
    // SAFETY: hands over numbers, and no list of groups. This process has one thread, so that no other
    // one keeps what is given up here.
    let has_become = unsafe {
        libc::setgroups(0, std::ptr::null()) == 0
            && libc::setresgid(uid, uid, uid) == 0
            && libc::setresuid(uid, uid, uid) == 0
    };
    has_become
        .then_some(())
        .ok_or_else(io::Error::last_os_error)
}

fn taken(number: RawFd) -> Option<File> {
    let is_other = u32::try_from(number).is_ok_and(|number| number >= FIRST_OTHER);
    // SAFETY: only asks whether the number is an open file.
    if !is_other || unsafe { libc::fcntl(number, libc::F_GETFD) } < 0 {
        return None;
    }
    // SAFETY: the file is open, and nothing else in this process, which has just begun, owns it.
    Some(unsafe { OwnedFd::from_raw_fd(number) }.into())
}

fn close_on_exec() {
    // SAFETY: hands over numbers; no file is closed in this process.
    unsafe {
        libc::syscall(
            libc::SYS_close_range,
            FIRST_OTHER,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    };
}

fn duplicate(number: u8) -> io::Result<File> {
    let copy = if number == 0 {
        io::stdin().as_fd().try_clone_to_owned()
    } else {
        io::stdout().as_fd().try_clone_to_owned()
    };
    copy.map(File::from)
}

/// Lets go of the server's streams: who reads them would not see them close.
fn leave_streams() {
    if let Ok(nothing) = File::options().read(true).write(true).open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&nothing);
        let _ = rustix::stdio::dup2_stdout(&nothing);
        let _ = rustix::stdio::dup2_stderr(&nothing);
    }
}

/// Says how far this process has come. Nobody is left to be told when that cannot be written.
struct Reporter(File);

impl Reporter {
    fn copy(&self) -> Self {
        let copy = self.0.try_clone().or_else(|_| {
            // A report that cannot be written says that nothing has begun.
            io::pipe().map(|(_, writer)| OwnedFd::from(writer).into())
        });
        Self(copy.unwrap_or_else(|_| process::exit(NOT_STARTED)))
    }

    fn say(&mut self, text: &str) {
        let _ = self.0.write_all(text.as_bytes());
    }

    fn failed(&mut self, why: &str) -> i32 {
        self.say(&report::write_failed(why));
        NOT_STARTED
    }
}
