//! Who can look into the bridge.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    process::{Command, Stdio},
};

use crate::{
    home::{BEARER, Bridge, CANARY, bridge_at, home_of, initialize, with_bearer},
    server::guarded,
};

#[test]
fn other_programs_of_the_user_cannot_read_its_memory() {
    const NOBODY: u32 = 65534;
    let server = guarded("x-team", "7");
    let entry = crate::home::entry(&server.url("/mcp"), &["X-Team: 7"]);
    let home = crate::home::Home::new();
    let is_root = rustix::process::geteuid().is_root();
    // Root may read everything, so the test has another user play the user.
    let as_user = |command: &mut Command| {
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
    };
    let copy = home.path("bridge");
    fs::copy(env!("CARGO_BIN_EXE_countersign-bridge"), &copy).unwrap();
    for path in [home.path(""), copy.clone()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = bridge_at(&copy, &home);
    as_user(command.args(entry.arguments()));
    let mut bridge = Bridge::start(&mut command);
    bridge.ask(&initialize("2025-11-25"));
    let id = bridge.child.id();
    let can_read = |process: u32| {
        let mut read = Command::new("/bin/cat");
        read.arg(format!("/proc/{process}/environ"))
            .current_dir("/");
        read.stdout(Stdio::null()).stderr(Stdio::null());
        as_user(&mut read);
        read.status().unwrap().success()
    };
    assert!(!can_read(id));
    let limits = fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let cores = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    assert_eq!(cores.split_whitespace().nth(4), Some("0"), "{cores}");
    assert_eq!(bridge.finish().code, 0);
}

#[test]
fn no_command_line_and_no_environment_holds_a_value() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let mut bridge = home_of(&entry).start(&entry);
    assert!(bridge.ask(&initialize("2025-11-25")).contains("result"));
    for file in ["cmdline", "environ"] {
        let path = format!("/proc/{}/{file}", bridge.child.id());
        let text = String::from_utf8(fs::read(path).unwrap_or_default()).unwrap();
        assert!(!text.contains(CANARY), "{file}");
    }
    assert_eq!(bridge.finish().code, 0);
}
