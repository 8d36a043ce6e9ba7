//! Starts the calling program once more as the process that confines itself and becomes the server.

#![expect(
    unsafe_code,
    reason = "between fork and exec, files that the new program needs are kept open"
)]

mod bubblewrap;
mod filter;
mod inner;
mod members;
mod paths;
mod plan;
mod report;
mod rules;

use std::{
    fs::{self, DirBuilder, File},
    io::{self, PipeWriter, Read, Seek, Write},
    os::{
        fd::{AsRawFd, OwnedFd, RawFd},
        unix::{
            fs::{DirBuilderExt, MetadataExt, chown},
            process::CommandExt,
        },
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    Confinement, Contained, Enforced, INNER, Network, Sandbox, SandboxError, Tier, Unconfined,
};
pub(super) use inner::inner;
pub(super) use members::Members;
use plan::Plan;

/// The first of the user ids that are given to programs where this one is root. Nobody else is given
/// any of this range.
///
/// Source: <https://systemd.io/UIDS-GIDS/>, "unused", read 2026-11-25.
const UID_FIRST: u32 = 1_900_000_000;

/// The user who owns nothing, where ids of that range cannot be used.
const NOBODY: u32 = 65_534;

/// Bytes of what the inner process reports.
const REPORT_BYTES_MAX: u64 = 64 * 1024;

/// How long the inner process may take to become the server. A program that does not call
/// [`super::inner`] runs as itself instead, and never reports.
const BEGIN_PATIENCE: Duration = Duration::from_secs(20);

/// Processes that bubblewrap needs beside the program's own.
const WRAPPERS: u64 = 2;

pub(super) fn start(sandbox: &Sandbox) -> Result<Contained, SandboxError> {
    let is_wrapped = sandbox.tier == Tier::Strongest && bubblewrap::works();
    let has_rules = has_rules();
    if !is_wrapped && !has_rules && sandbox.unconfined == Unconfined::Refuse {
        return Err(SandboxError::NotConfined);
    }
    let uid = rustix::process::geteuid().is_root().then(next_uid);
    let own = Own::prepare(&sandbox.folder, uid).map_err(SandboxError::Folder)?;
    let plan = plan(sandbox, &own, is_wrapped, has_rules, uid);
    let confinement = match (is_wrapped, has_rules) {
        (true, _) => Confinement::Bubblewrap,
        (false, true) => Confinement::Rules,
        (false, false) => Confinement::None,
    };
    let limits = sandbox.limits;
    let network = sandbox.network;
    Contained::begin(limits, sandbox.folder.clone(), move || {
        let (child, report) = spawn(&plan, &own)?;
        let mut enforced = Enforced {
            confinement,
            uid,
            ..Enforced::nothing(limits)
        };
        match finish(report, &mut enforced, network) {
            Ok(()) => Ok((child, enforced)),
            Err(why) => {
                let why = fallen(child, confinement).unwrap_or(why);
                Err(SandboxError::NotBegun(why))
            }
        }
    })
}

/// The folders that a program may write.
struct Own {
    home: PathBuf,
    temporary: PathBuf,
    shared: PathBuf,
}

impl Own {
    fn prepare(folder: &Path, uid: Option<u32>) -> io::Result<Self> {
        let own = Self {
            home: folder.join("home"),
            temporary: folder.join("tmp"),
            shared: folder.join("shm"),
        };
        for path in own.all() {
            DirBuilder::new().mode(0o700).create(path)?;
            if let Some(uid) = uid {
                chown(path, Some(uid), Some(uid))?;
            }
        }
        if let Some(uid) = uid {
            chown(folder, Some(uid), Some(uid))?;
        }
        Ok(own)
    }

    fn all(&self) -> [&Path; 3] {
        [&self.home, &self.temporary, &self.shared]
    }
}

fn plan(sandbox: &Sandbox, own: &Own, is_wrapped: bool, has_rules: bool, uid: Option<u32>) -> Plan {
    let limits = sandbox.limits;
    let mut environment = sandbox.environment.clone();
    environment.retain(|(name, _)| name != "HOME" && name != "TMPDIR");
    environment.push(("HOME".into(), own.home.clone().into()));
    environment.push(("TMPDIR".into(), own.temporary.clone().into()));
    let own_writable = own.all().map(Path::to_owned);
    // The kernel counts a user's processes. A user of its own, and one in a view of its own, has no others.
    let others = if is_wrapped || uid.is_some() {
        WRAPPERS
    } else {
        tasks_of(rustix::process::geteuid().as_raw())
    };
    Plan {
        is_wrapped,
        is_closed: sandbox.network == Network::None,
        has_rules,
        uid,
        processes: limits.processes.saturating_add(others),
        memory_bytes: limits.memory_bytes.saturating_mul(2),
        file_bytes: limits.file_bytes,
        open_files: limits.open_files,
        cpu_seconds: limits.cpu_seconds,
        working_folder: sandbox
            .working_folder
            .clone()
            .unwrap_or_else(|| own.home.clone()),
        program: sandbox.program.clone(),
        readable: sandbox.readable.clone(),
        writable: own_writable
            .into_iter()
            .chain(sandbox.writable.iter().cloned())
            .collect(),
        arguments: sandbox.arguments.clone(),
        environment,
    }
}

/// Starts the inner process, around which there may be bubblewrap.
fn spawn(plan: &Plan, own: &Own) -> Result<(Child, File), SandboxError> {
    let (reader, writer) = io::pipe().map_err(SandboxError::Start)?;
    let hidden = Hidden::open(plan, writer).map_err(SandboxError::Start)?;
    let mut command = if plan.is_wrapped {
        bubblewrap::command(plan, own)
    } else {
        let mut command = Command::new(hidden.program());
        command.arg0("countersign");
        command
    };
    if plan.is_wrapped {
        command.arg("--").arg(hidden.program());
    }
    command
        .arg(INNER)
        .args(hidden.arguments())
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    hidden.keep_open(&mut command);
    let child = command.spawn().map_err(SandboxError::Start)?;
    // This process's own ends are let go of, so that the report ends when the program has begun.
    drop(command);
    drop(hidden);
    Ok((child, OwnedFd::from(reader).into()))
}

/// Files that the inner process finds open.
struct Hidden {
    program: File,
    plan: File,
    report: OwnedFd,
}

impl Hidden {
    fn open(plan: &Plan, report: PipeWriter) -> io::Result<Self> {
        let text = plan.write();
        let text = text.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let flags = rustix::fs::MemfdFlags::CLOEXEC;
        let mut plan = File::from(rustix::fs::memfd_create("plan", flags)?);
        plan.write_all(&text)?;
        plan.rewind()?;
        Ok(Self {
            // By its open file and not by its path: the user that it becomes may not reach the path.
            program: File::open("/proc/self/exe")?,
            plan,
            report: report.into(),
        })
    }

    fn program(&self) -> String {
        format!("/proc/self/fd/{}", self.program.as_raw_fd())
    }

    fn arguments(&self) -> [String; 2] {
        [self.plan.as_raw_fd(), self.report.as_raw_fd()].map(|number| number.to_string())
    }

    fn keep_open(&self, command: &mut Command) {
        let files: [RawFd; 3] = [
            self.program.as_raw_fd(),
            self.plan.as_raw_fd(),
            self.report.as_raw_fd(),
        ];
        let keep = move || {
            for file in files {
                // SAFETY: hands over numbers; allowed between fork and exec. The files are open in the
                // parent for as long as it waits for this.
                if unsafe { libc::fcntl(file, libc::F_SETFD, 0) } < 0 {
                    return Err(io::Error::last_os_error());
                }
            }
            Ok(())
        };
        // SAFETY: the closure calls nothing but `fcntl`, takes no lock and asks for no memory.
        unsafe { command.pre_exec(keep) };
    }
}

/// Reads what the inner process reports, until it has become the server or is gone.
fn finish(report: File, enforced: &mut Enforced, network: Network) -> Result<(), String> {
    let until = Instant::now() + BEGIN_PATIENCE;
    let mut report = report.take(REPORT_BYTES_MAX);
    let (mut text, mut piece) = (Vec::new(), [0; 4096]);
    while is_readable(report.get_ref(), until) {
        match report.read(&mut piece) {
            Ok(0) => return report::read(&text, enforced, network),
            Ok(count) => text.extend_from_slice(piece.get(..count).unwrap_or_default()),
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("it did not begin in time".to_owned())
}

/// Waits until something can be read, or the time is up.
fn is_readable(file: &File, until: Instant) -> bool {
    let left = until.saturating_duration_since(Instant::now());
    let left = Timespec::try_from(left).ok();
    let mut waited = [PollFd::new(file, PollFlags::IN)];
    loop {
        match poll(&mut waited, left.as_ref()) {
            Ok(count) => return count > 0,
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}

/// Ends what did not become the server; returns the last that it said.
fn fallen(mut child: Child, confinement: Confinement) -> Option<String> {
    const SAID_BYTES_MAX: u64 = 4096;
    let mut members = Members::new(child.id(), confinement);
    members.end(&mut child, Duration::from_secs(10));
    let mut said = Vec::new();
    let errors = child.stderr.take()?;
    errors.take(SAID_BYTES_MAX).read_to_end(&mut said).ok()?;
    let said = String::from_utf8_lossy(&said);
    let last = said.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(last.trim().to_owned())
}

/// Returns whether the kernel has Landlock's rules.
fn has_rules() -> bool {
    const ASK_VERSION: libc::c_uint = 1;
    let nothing = std::ptr::null::<libc::c_void>();
    // SAFETY: asks for a version; no memory is handed over.
    let version = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            nothing,
            0_usize,
            ASK_VERSION,
        )
    };
    version > 0
}

/// Returns a user that no other program has while this one runs.
fn next_uid() -> u32 {
    /// Programs of this process that run at once and have a user of their own.
    const AT_ONCE: u32 = 16;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Where ids are translated, those that have no translation cannot be used.
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let mut words = map.split_whitespace();
    let is_plain = words.next() == Some("0")
        && words.next() == Some("0")
        && words.next() == Some("4294967295");
    if !is_plain {
        return NOBODY;
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed) % AT_ONCE;
    UID_FIRST + std::process::id() * AT_ONCE + number
}

/// Returns how many threads a user has.
fn tasks_of(uid: u32) -> u64 {
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let own = folders.filter(|folder| folder.metadata().is_ok_and(|found| found.uid() == uid));
    let tasks = own.map(|folder| {
        let tasks = fs::read_dir(folder.path().join("task"));
        tasks.map_or(0, |tasks| u64::try_from(tasks.count()).unwrap_or(0))
    });
    tasks.sum()
}
