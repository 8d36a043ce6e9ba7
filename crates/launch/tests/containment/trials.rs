//! What is shown.

use std::{
    ffi::OsString,
    fs,
    net::TcpListener,
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener},
    },
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use countersign_launch::sandbox::{
    Cause, Confinement, Landlock, Network, SandboxError, Tier, start,
};

use crate::{
    hostile::{FORKS_MAX, MEBIBYTES_MAX},
    scene::{DEADLINE, Run, Scene, Trial, is_root, run, say},
};

pub(crate) const ALL: &[Trial] = &[
    ("tells_what_is_enforced", tells_what_is_enforced),
    ("opens_no_home", opens_no_home),
    ("writes_nothing_outside", writes_nothing_outside),
    ("reaches_no_network", reaches_no_network),
    (
        "reaches_the_network_where_allowed",
        reaches_the_network_where_allowed,
    ),
    ("reaches_no_local_program", reaches_no_local_program),
    (
        "sees_the_environment_it_is_given_alone",
        sees_the_environment_it_is_given_alone,
    ),
    ("forks_without_end_are_held", forks_without_end_are_held),
    ("memory_without_end_is_held", memory_without_end_is_held),
    ("nothing_outlives_it", nothing_outlives_it),
    ("time_runs_out", time_runs_out),
    ("what_is_dropped_is_gone", what_is_dropped_is_gone),
    ("what_cannot_start_says_why", what_cannot_start_says_why),
    ("files_have_an_end", files_have_an_end),
    ("folders_have_an_end", folders_have_an_end),
    ("node_runs", node_runs),
];

fn tells_what_is_enforced(scene: &Scene) {
    let run = scene.run(&["status"]);
    let enforced = &run.enforced;
    let expect = match scene.tier {
        Tier::Strongest if has_bubblewrap() => Confinement::Bubblewrap,
        Tier::Strongest | Tier::WithoutBubblewrap => Confinement::Rules,
    };
    assert_eq!(enforced.confinement, expect);
    assert!(!matches!(enforced.landlock, Landlock::None), "{enforced:?}");
    assert!(enforced.is_filtered && enforced.is_counted);
    assert_eq!(enforced.network, Some(Network::None));
    assert_eq!(enforced.uid.is_some(), is_root());
    assert!(enforced.missing.is_empty(), "{enforced:?}");
    // What the kernel says of the process itself.
    let has = |line: &str| run.output.lines().any(|other| other == line);
    assert!(
        has("NoNewPrivs:\t1") && has("Seccomp:\t2"),
        "{}",
        run.output
    );
    assert!(has("CapEff:\t0000000000000000"), "{}", run.output);
    if let Some(uid) = enforced.uid {
        assert!(
            has(&format!("Uid:\t{uid}\t{uid}\t{uid}\t{uid}")),
            "{}",
            run.output
        );
        assert!(has("Groups:\t "), "{}", run.output);
    }
}

/// Returns whether bubblewrap is here and may make what it has to.
fn has_bubblewrap() -> bool {
    let tried = Command::new("bwrap")
        .args(["--unshare-all", "--ro-bind", "/", "/", "true"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}

fn opens_no_home(scene: &Scene) {
    let home = scene.home();
    let secret = home.join("secret");
    scene.run(&["read", text(&secret)]).is_refused();
    scene.run(&["list", text(&home)]).is_refused();
    for path in [
        "/etc/passwd",
        "/etc/shadow",
        "/root",
        "/home",
        "/proc/1/environ",
    ] {
        let look = if Path::new(path).is_dir() {
            "list"
        } else {
            "read"
        };
        let run = scene.run(&[look, path]);
        run.is_refused();
    }
    let mut wide = scene.sandbox(&["list", text(&home)]);
    wide.readable = vec![scene.root.path().to_owned()];
    assert!(matches!(start(&wide), Err(SandboxError::TooWide(_))));
    // Its twin: what is opened can be read, and not written.
    let given = scene.root.path().join("given");
    fs::write(&given, "x").expect("there is room");
    let mut sandbox = scene.sandbox(&["read", text(&given)]);
    sandbox.readable = vec![given.clone()];
    assert_eq!(run(&sandbox).lines(), ["done"]);
    let mut sandbox = scene.sandbox(&["write", text(&given)]);
    sandbox.readable = vec![given];
    run(&sandbox).is_refused();
}

fn writes_nothing_outside(scene: &Scene) {
    let outside = scene.root.path().join("outside");
    let home = scene.home().join("planted");
    for path in [
        outside.as_path(),
        &home,
        Path::new("/usr/planted"),
        Path::new("/etc/planted"),
        Path::new("/dev/planted"),
    ] {
        // Where the folder for temporary files is the sandbox's own, a file may come to be in that.
        assert_eq!(scene.run(&["write", text(path)]).lines().len(), 1);
        assert!(!path.exists(), "{}", path.display());
    }
    // Its twin: in its own folder.
    let sandbox = scene.sandbox(&["write", "a"]);
    assert_eq!(run(&sandbox).lines(), ["done"]);
    assert!(sandbox.folder.join("home/a").exists());
}

fn reaches_no_network(scene: &Scene) {
    let listener = Listening::new();
    scene
        .run(&["connect", &listener.address])
        .is_refused_or_alone();
    assert_eq!(listener.hits(), 0);
}

fn reaches_the_network_where_allowed(scene: &Scene) {
    let listener = Listening::new();
    let run = scene.run_with_network(&["connect", &listener.address]);
    assert_eq!(run.lines()[0], "done", "{}", run.errors);
    assert_eq!(run.enforced.network, Some(Network::All));
    assert_eq!(listener.hits(), 1);
}

fn reaches_no_local_program(scene: &Scene) {
    let path = scene.root.path().join("socket");
    let _listener = UnixListener::bind(&path).expect("there is room");
    let name = format!("countersign-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).expect("it is short");
    let _abstract = UnixListener::bind_addr(&address).expect("it is free");
    let own = std::process::id().to_string();
    for arguments in [
        ["local", text(&path)],
        ["abstract", &name],
        ["signal", &own],
    ] {
        scene.run(&arguments).is_refused();
        scene.run_with_network(&arguments).is_refused();
    }
}

fn sees_the_environment_it_is_given_alone(scene: &Scene) {
    let mut sandbox = scene.sandbox(&["environment"]);
    sandbox.environment = [
        ("TOKEN", "placeholder"),
        ("HOME", "/root"),
        ("LD_BIND_NOW", "1"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .to_vec();
    let seen = run(&sandbox);
    let mut names: Vec<&str> = seen
        .lines()
        .iter()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    let pairs = ["HOME", "LD_BIND_NOW", "TMPDIR", "TOKEN"];
    // Bubblewrap names the folder that it enters.
    names.retain(|name| *name != "PWD");
    assert_eq!(names, pairs);
    assert!(
        seen.output
            .contains(&format!("HOME={}", text(&sandbox.folder.join("home"))))
    );
    // Standard streams, and the folder that is being read.
    assert_eq!(scene.run(&["files"]).lines(), ["4"]);
}

fn forks_without_end_are_held(scene: &Scene) {
    let held = |count: usize| {
        let mut sandbox = scene.sandbox(&["fork", &count.to_string()]);
        sandbox.limits.processes = 16;
        let run = run(&sandbox);
        let made = run.output.trim().parse().unwrap_or(usize::MAX);
        // Either the kernel refused more, or the watch ended it all.
        match run.ended.cause {
            Cause::Processes => assert!(run.ended.processes_most < count, "{:?}", run.ended),
            _ => assert!(made < count, "made {made}"),
        }
        assert!(run.ended.processes_most <= 40, "{:?}", run.ended);
    };
    // As many as nobody is hurt by, and more than are allowed: only then the bomb.
    held(32);
    held(FORKS_MAX);
}

fn memory_without_end_is_held(scene: &Scene) {
    let held = |taken: usize, limit: u64| {
        let mut sandbox = scene.sandbox(&["allocate", &taken.to_string()]);
        sandbox.limits.memory_bytes = limit << 20;
        let run = run(&sandbox);
        assert_ne!(run.ended.cause, Cause::Itself(Some(0)), "{}", run.output);
    };
    held(128, 48);
    held(MEBIBYTES_MAX, 160);
}

fn nothing_outlives_it(scene: &Scene) {
    let mark = format!(
        "countersign-survivor-{}-{:?}",
        std::process::id(),
        scene.tier
    );
    let run = scene.run(&["survive", &mark]);
    assert_eq!(run.lines(), ["done"], "{}", run.errors);
    assert!(!is_running(&mark));
}

fn time_runs_out(scene: &Scene) {
    let mut sandbox = scene.sandbox(&["idle"]);
    sandbox.limits.wall = Duration::from_millis(300);
    assert_eq!(run(&sandbox).ended.cause, Cause::Time);
}

fn what_is_dropped_is_gone(scene: &Scene) {
    let sandbox = scene.sandbox(&["wait", "countersign-dropped"]);
    let contained = start(&sandbox).expect("it starts");
    let until = Instant::now() + DEADLINE;
    while !is_running("countersign-dropped") && Instant::now() < until {
        std::thread::yield_now();
    }
    assert!(is_running("countersign-dropped"));
    drop(contained);
    assert!(!is_running("countersign-dropped"));
}

fn what_cannot_start_says_why(scene: &Scene) {
    let mut sandbox = scene.sandbox(&[]);
    sandbox.program = "/usr/bin/countersign-is-not-there".into();
    let error = start(&sandbox).expect_err("it is not there");
    assert!(matches!(error, SandboxError::NotBegun(_)), "{error}");
    assert!(error.to_string().contains("No such file"), "{error}");
    let mut sandbox = scene.sandbox(&[]);
    sandbox.arguments = vec![OsString::from("a\0b")];
    assert!(matches!(start(&sandbox), Err(SandboxError::Start(_))));
}

fn files_have_an_end(scene: &Scene) {
    let mut sandbox = scene.sandbox(&[]);
    sandbox.program = "/bin/sh".into();
    let script = "head -c 2000000 /dev/zero > big; wc -c < big";
    sandbox.arguments = ["-c", script].map(OsString::from).to_vec();
    sandbox.environment = vec![("PATH".into(), "/usr/bin:/bin".into())];
    sandbox.limits.file_bytes = 1_000_000;
    let run = run(&sandbox);
    assert_eq!(run.output.trim(), "1000000", "{}", run.errors);
}

fn folders_have_an_end(scene: &Scene) {
    let mut sandbox = scene.sandbox(&[]);
    sandbox.program = "/bin/sh".into();
    let script = "for n in 1 2 3 4; do head -c 1000000 /dev/zero > $n; done; sleep 50";
    sandbox.arguments = ["-c", script].map(OsString::from).to_vec();
    sandbox.environment = vec![("PATH".into(), "/usr/bin:/bin".into())];
    sandbox.limits.folder_bytes = 3_000_000;
    let run = run(&sandbox);
    assert_eq!(run.ended.cause, Cause::Folder, "{}", run.errors);
}

fn node_runs(scene: &Scene) {
    let node = Path::new("/usr/bin/node");
    if !node.exists() {
        say("node_runs ... skipped: there is no node");
        return;
    }
    let mut sandbox = scene.sandbox(&[]);
    sandbox.program = node.to_owned();
    let script =
        "fetch('http://127.0.0.1:9').catch(() => console.log('closed', require('os').homedir()))";
    sandbox.arguments = ["-e", script].map(OsString::from).to_vec();
    sandbox.environment = vec![("PATH".into(), "/usr/bin:/bin".into())];
    let run = run(&sandbox);
    let home = sandbox.folder.join("home");
    assert_eq!(
        run.output.trim(),
        format!("closed {}", text(&home)),
        "{}",
        run.errors
    );
}

impl Run {
    /// In a network of its own a packet to nobody is sent, and nobody gets it.
    fn is_refused_or_alone(&self) {
        let lines = self.lines();
        assert!(lines[0].starts_with("refused"), "{lines:?}");
    }
}

/// Counts who connects.
struct Listening {
    listener: TcpListener,
    address: String,
}

impl Listening {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        listener.set_nonblocking(true).expect("it can be");
        let address = listener.local_addr().expect("it is bound").to_string();
        Self { listener, address }
    }

    fn hits(&self) -> usize {
        std::iter::from_fn(|| self.listener.accept().ok()).count()
    }
}

/// Returns whether a process has a word in its command line.
fn is_running(mark: &str) -> bool {
    let own = std::process::id().to_string();
    let folders = fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut others = folders.filter(|folder| folder.file_name().to_str() != Some(&own));
    others.any(|folder| {
        let line = fs::read(folder.path().join("cmdline")).unwrap_or_default();
        line.windows(mark.len()).any(|part| part == mark.as_bytes())
    })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are text")
}
