//! Runs trials, as this user and, where it is root, as an ordinary one.

use std::{
    cell::RefCell,
    env,
    ffi::OsString,
    fs,
    io::Read,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use countersign_launch::sandbox::{Cause, Ended, Enforced, Network, Sandbox, Tier, start};

use crate::hostile::MARK;

/// How long a test waits for what it expects.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// The ordinary user.
const USER: u32 = 1001;

/// Says that this run is the ordinary user's.
const AS_USER: &str = "COUNTERSIGN_TEST_AS_USER";

/// A test: what it shows, and what shows it.
pub(crate) type Trial = (&'static str, fn(&Scene));

/// A machine of its own, as far as that goes.
pub(crate) struct Scene {
    pub(crate) tier: Tier,
    pub(crate) root: tempfile::TempDir,
    count: RefCell<u32>,
}

/// What became of a program.
pub(crate) struct Run {
    pub(crate) output: String,
    pub(crate) errors: String,
    pub(crate) enforced: Enforced,
    pub(crate) ended: Ended,
}

impl Scene {
    fn new(tier: Tier) -> Self {
        let root = tempfile::tempdir().expect("there is room");
        fs::create_dir(root.path().join("home")).expect("there is room");
        fs::write(root.path().join("home/secret"), "canary").expect("there is room");
        Self {
            tier,
            root,
            count: RefCell::new(0),
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// Returns a sandbox with this program as a hostile server.
    pub(crate) fn sandbox(&self, arguments: &[&str]) -> Sandbox {
        let own = env::current_exe().expect("this program has a path");
        // Its path may lead through folders that others cannot enter: it is seen where it was put.
        let program = self.root.path().join("server");
        if !program.exists() {
            fs::copy(own, &program).expect("there is room");
            let all = fs::Permissions::from_mode(0o755);
            fs::set_permissions(&program, all.clone()).expect("it is ours");
            fs::set_permissions(self.root.path(), all).expect("it is ours");
        }
        *self.count.borrow_mut() += 1;
        let folder = self
            .root
            .path()
            .join(format!("run-{}", self.count.borrow()));
        fs::create_dir(&folder).expect("there is room");
        let mut sandbox = Sandbox::new(program, folder);
        sandbox.arguments = [MARK].iter().chain(arguments).map(OsString::from).collect();
        sandbox.private = vec![self.home()];
        sandbox.tier = self.tier;
        sandbox
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(&self.sandbox(arguments))
    }

    pub(crate) fn run_with_network(&self, arguments: &[&str]) -> Run {
        let mut sandbox = self.sandbox(arguments);
        sandbox.network = Network::All;
        run(&sandbox)
    }
}

/// Starts a program and reads it to its end.
pub(crate) fn run(sandbox: &Sandbox) -> Run {
    let mut contained = start(sandbox).unwrap_or_else(|error| panic!("{error}"));
    drop(contained.input.take());
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut stream = contained.output.take().expect("it is piped");
    stream.read_to_end(&mut output).expect("it is read");
    let mut stream = contained.errors.take().expect("it is piped");
    stream.read_to_end(&mut errors).expect("it is read");
    let ended = contained.wait(DEADLINE).expect("it ends");
    assert!(ended.is_gone, "something is left: {ended:?}");
    Run {
        output: String::from_utf8_lossy(&output).into_owned(),
        errors: String::from_utf8_lossy(&errors).into_owned(),
        enforced: contained.enforced().clone(),
        ended,
    }
}

impl Run {
    /// The lines of the output, of a program that ended by itself.
    pub(crate) fn lines(&self) -> Vec<&str> {
        assert_eq!(self.ended.cause, Cause::Itself(Some(0)), "{}", self.errors);
        self.output.lines().collect()
    }

    /// Asserts that everything that was tried was refused.
    pub(crate) fn is_refused(&self) {
        let lines = self.lines();
        assert!(!lines.is_empty(), "{}", self.errors);
        let is_refused = lines.iter().all(|line| line.starts_with("refused"));
        assert!(is_refused, "{lines:?}");
    }
}

#[expect(clippy::print_stdout, reason = "this is what runs the tests")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub(crate) fn run_all(trials: &[Trial]) -> ExitCode {
    let wanted: Vec<String> = env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let who = if is_root() { "root" } else { "ordinary user" };
    let mut failed = 0;
    let mut passed = 0;
    for tier in [Tier::Strongest, Tier::WithoutBubblewrap] {
        for (name, trial) in trials {
            if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
                continue;
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| trial(&Scene::new(tier))));
            let word = if outcome.is_ok() { "ok" } else { "FAILED" };
            say(&format!("test {name} ({who}, {tier:?}) ... {word}"));
            failed += usize::from(outcome.is_err());
            passed += usize::from(outcome.is_ok());
        }
    }
    say(&format!("{who}: {passed} passed; {failed} failed"));
    let mut is_fine = failed == 0;
    if is_root() {
        is_fine &= as_user(&wanted);
    } else if env::var_os(AS_USER).is_none() {
        say("test as root ... skipped: this user is not root");
    }
    if is_fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs this program once more, as an ordinary user who owns nothing of root's.
fn as_user(wanted: &[String]) -> bool {
    let folder = tempfile::tempdir().expect("there is room");
    let own = env::current_exe().expect("this program has a path");
    let program = folder.path().join("containment");
    fs::copy(own, &program).expect("there is room");
    let all = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), all).expect("it is ours");
    let status = Command::new(&program)
        .args(wanted)
        .env(AS_USER, "1")
        .env("HOME", Path::new("/nonexistent"))
        .current_dir("/")
        .gid(USER)
        .uid(USER)
        .status();
    status.expect("it starts").success()
}
