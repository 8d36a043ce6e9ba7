//! Where a value is, and where it is not.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    process::{Command, Stdio},
};

use crate::{
    home::{Home, finish, guard_at},
    until::until,
};

/// Not in one piece in this program's own memory image, where the guard's could be mistaken for it.
const PARTS: [&str; 2] = ["canary-of-", "one-test-only"];

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = fs::read_to_string(path).unwrap();
    text.split_whitespace()
        .map(|id| id.parse().unwrap())
        .collect()
}

#[test]
fn no_process_but_the_servers_holds_a_value() {
    let home = Home::new();
    let value = PARTS.concat();
    let start = ["sh", "-c", "echo ready; cat"];
    let reference = home.keep(1, &value, &start, &["TOKEN"]);
    let mut guard = home.declaring(&["TOKEN"], &start);
    let mut child = guard.env("TOKEN", &reference).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    let supervisor = children(child.id())[0];
    let server = children(supervisor)[0];
    assert!(holds(&format!("/proc/{server}/environ"), &value));
    assert!(
        memory_holds(server, &value),
        "what is looked for can be found"
    );
    for process in [child.id(), supervisor] {
        for file in ["environ", "cmdline"] {
            let path = format!("/proc/{process}/{file}");
            assert!(!holds(&path, &value), "{path}");
            // Others cannot read it at all; what is there is the reference.
            assert!(file == "cmdline" || fs::read(&path).is_err() || holds(&path, &reference));
        }
        assert!(!memory_holds(process, &value), "the memory of {process}");
    }
    drop(child.stdin.take());
    finish(child);
    for file in walk(home.path("")) {
        assert!(!holds(&file, &value), "{file}");
    }
}

fn holds(path: &str, text: &str) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Looks through all of a process's memory; one that may not be read holds nothing for others.
fn memory_holds(process: u32, text: &str) -> bool {
    let Ok(maps) = fs::read_to_string(format!("/proc/{process}/maps")) else {
        return false;
    };
    let Ok(mut memory) = File::open(format!("/proc/{process}/mem")) else {
        return false;
    };
    maps.lines().any(|line| {
        let (from, to) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [from, to] = [from, to].map(|number| u64::from_str_radix(number, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        let is_read =
            memory.seek(SeekFrom::Start(from)).is_ok() && memory.read_exact(&mut bytes).is_ok();
        is_read
            && bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
    })
}

fn walk(folder: std::path::PathBuf) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => files.extend(walk(path)),
            path => files.push(path.to_str().unwrap().to_owned()),
        }
    }
    files
}

#[test]
fn other_programs_of_the_user_cannot_read_the_guards_memory() {
    const NOBODY: u32 = 65534;
    let home = Home::new();
    let is_root = rustix::process::geteuid().is_root();
    // Root may read everything, so the test has another user play the user.
    let as_user = |command: &mut Command| {
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
    };
    let copy = home.path("guard");
    fs::copy(env!("CARGO_BIN_EXE_countersign-guard"), &copy).unwrap();
    for path in [home.path(""), copy.clone()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut guard = guard_at(&copy, &home);
    guard.args(["--entry", &"0".repeat(32), "--", "cat"]);
    guard.env("PATH", "/bin:/usr/bin");
    as_user(&mut guard);
    let mut child = guard.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(b"x").unwrap();
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    let supervisor = until("a supervisor", || children(child.id()).first().copied());
    let server = children(supervisor)[0];
    let can_read = |process: u32| {
        let mut read = Command::new("/bin/cat");
        read.arg(format!("/proc/{process}/environ"))
            .current_dir("/");
        read.stdout(Stdio::null()).stderr(Stdio::null());
        as_user(&mut read);
        read.status().unwrap().success()
    };
    assert!(
        can_read(server),
        "the server is as it would be without a guard"
    );
    assert!(!can_read(child.id()) && !can_read(supervisor));
    let limits = |process| fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    assert_eq!(limits(server), limits(std::process::id()));
    drop(child.stdin.take());
    assert_eq!(finish(child).code, 0);
}
