//! Running a program for what it prints, with a bound on everything.

#[cfg_attr(unix, path = "group/unix.rs")]
#[cfg_attr(not(unix), path = "group/windows.rs")]
mod group;

use std::{
    ffi::{OsStr, OsString},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

/// Bytes of an output.
pub(super) const OUTPUT_BYTES_MAX: usize = 64 * 1024;

/// Bytes that are kept of what a program says beside it.
const SAID_BYTES_MAX: usize = 1024;

/// How long a pipe may stay open after its program ended: something in the background may hold it.
const GRACE: Duration = Duration::from_millis(500);

/// How often is looked whether a program ended.
const TICK: Duration = Duration::from_millis(5);

/// What came of a program.
pub(super) struct Ran {
    pub(super) succeeded: bool,
    /// Its exit code, if it ended by itself.
    pub(super) code: Option<i32>,
    pub(super) output: Zeroizing<Vec<u8>>,
    /// What it said beside its output; untrusted, and not bounded to text.
    pub(super) said: Vec<u8>,
}

/// Why nothing came of it.
pub(super) enum NotRun {
    Start(io::Error),
    TimedOut,
    TooLong,
}

/// Runs a program without input, in a process group of its own, and ends that when it takes too long.
/// When it prints too much nobody reads on.
pub(super) fn run(
    program: &Path,
    arguments: &[String],
    environment: &[(OsString, OsString)],
    time: Duration,
) -> Result<Ran, NotRun> {
    let begun = Instant::now();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Not where the client stands: a project's folder must not decide what the program does.
    if let Some(folder) = home(environment) {
        command.current_dir(folder);
    }
    group::make(&mut command);
    let mut child = command.spawn().map_err(NotRun::Start)?;
    let (sender, events) = mpsc::channel();
    let output = collect(
        child.stdout.take(),
        OUTPUT_BYTES_MAX + 1,
        false,
        sender.clone(),
    );
    let said = collect(child.stderr.take(), SAID_BYTES_MAX, true, sender);
    let ended = wait(&mut child, &events, begun, time);
    if ended.is_err() {
        group::end(&mut child);
    }
    let status = ended?;
    let output = take(&output);
    if output.len() > OUTPUT_BYTES_MAX {
        return Err(NotRun::TooLong);
    }
    Ok(Ran {
        succeeded: status.success(),
        code: status.code(),
        output,
        said: take(&said).to_vec(),
    })
}

fn wait(
    child: &mut Child,
    events: &mpsc::Receiver<()>,
    begun: Instant,
    time: Duration,
) -> Result<std::process::ExitStatus, NotRun> {
    let mut open = 2;
    let mut ended = None;
    loop {
        if open > 0 {
            match events.recv_timeout(TICK) {
                Ok(()) => open -= 1,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => open = 0,
            }
        } else {
            thread::sleep(TICK);
        }
        if ended.is_none() {
            let status = child.try_wait().map_err(NotRun::Start)?;
            ended = status.map(|status| (status, Instant::now()));
        }
        match ended {
            Some((status, at)) if open == 0 || at.elapsed() >= GRACE => return Ok(status),
            _ => {}
        }
        if begun.elapsed() >= time {
            return Err(NotRun::TimedOut);
        }
    }
}

type Collected = Arc<Mutex<Zeroizing<Vec<u8>>>>;

/// Reads a pipe beside, up to a length; what follows is read on and dropped, or not read at all.
fn collect(
    pipe: Option<impl Read + Send + 'static>,
    bytes_max: usize,
    reads_on: bool,
    sender: mpsc::Sender<()>,
) -> Collected {
    // Made at its whole length: memory that is wiped must not be moved.
    let collected = Arc::new(Mutex::new(Zeroizing::new(Vec::with_capacity(bytes_max))));
    let shared = Arc::clone(&collected);
    thread::spawn(move || {
        let mut part = Zeroizing::new([0; 4096]);
        let mut pipe = pipe;
        while let Some(Ok(length @ 1..)) = pipe.as_mut().map(|pipe| pipe.read(&mut *part)) {
            let mut kept = shared.lock().expect("no holder of the lock panics");
            let length = length.min(bytes_max - kept.len());
            kept.extend_from_slice(&part[..length]);
            if kept.len() == bytes_max && !reads_on {
                break;
            }
        }
        // Whoever waited may be gone.
        let _ = sender.send(());
    });
    collected
}

fn take(collected: &Collected) -> Zeroizing<Vec<u8>> {
    let mut kept = collected.lock().expect("no holder of the lock panics");
    std::mem::take(&mut *kept)
}

/// Finds a program on the search path: only in folders that are named in full, so that none is taken
/// from where a client happens to stand.
pub(super) fn find(program: &str, environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let as_path = Path::new(program);
    if as_path.is_absolute() {
        return group::is_program(as_path).then(|| as_path.to_owned());
    }
    let path = variable(environment, "PATH")?;
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| group::file_names(program).map(move |name| folder.join(name)))
        .find(|candidate| group::is_program(candidate))
}

/// Looks up a variable.
pub(super) fn variable<'a>(
    environment: &'a [(OsString, OsString)],
    name: &str,
) -> Option<&'a OsStr> {
    let is_it = |known: &OsStr| {
        if cfg!(windows) {
            known.eq_ignore_ascii_case(name)
        } else {
            known == name
        }
    };
    let (_, value) = environment.iter().find(|(known, _)| is_it(known))?;
    Some(value)
}

fn home(environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let home = PathBuf::from(variable(environment, name)?);
    home.is_dir().then_some(home)
}
