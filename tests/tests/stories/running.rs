//! Which running processes are seen, and as what.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use countersign_tests::{Home, trap::make_executable};
use serde_json::Value;

use crate::{findings, server, servers};

/// A server that says that it runs and waits for its standard input to end.
const WAITS: &str = "echo ready\nread line\n";

/// A server that also listens for everybody.
const LISTENS: &str = "import socket, sys
listener = socket.create_server(('0.0.0.0', 0))
print('ready', flush=True)
sys.stdin.readline()
";

/// A process that ends with the test.
struct Running(Child);

impl Running {
    /// Starts a process in a home and waits until it says that it is ready.
    fn start(home: &Home, program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("HOME", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let output = child.stdout.take().expect("it is piped");
        let mut line = String::new();
        BufReader::new(output)
            .read_line(&mut line)
            .expect("it says that it is ready");
        assert_eq!(line, "ready\n");
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A home with a server that a shell runs from a file.
fn scripted() -> (Home, String) {
    let home = Home::new().with("bin/notes-server.sh", WAITS);
    let script = home
        .path()
        .join("bin/notes-server.sh")
        .to_string_lossy()
        .into_owned();
    make_executable(script.as_ref());
    let entry = format!(
        r#""notes": {{"command": "/bin/sh", "args": ["{script}", "--stdio"]}}, "other": {{"command": "/bin/sh", "args": ["{script}", "--other"]}}"#
    );
    home.write(".cursor/mcp.json", &servers(&entry));
    (home, script)
}

fn pids(row: &Value) -> Vec<u64> {
    let running = row["running"].as_array().expect("it is a list");
    running
        .iter()
        .filter_map(|process| process["pid"].as_u64())
        .collect()
}

#[test]
fn sees_the_process_of_an_entry() {
    let (home, script) = scripted();
    let running = Running::start(&home, "/bin/sh", &[&script, "--stdio"]);
    let pid = u64::from(running.0.id());
    let report = home.countersign(&["--json"]).fine().json();
    assert!(
        pids(server(&report, "notes")).contains(&pid),
        "{:#}",
        report["servers"]
    );
    home.countersign(&["servers"]).fine().says("running");
    home.countersign(&["show", "notes"])
        .fine()
        .says(&format!("process {pid} since"));
    let left_out = home.report();
    assert!(pids(server(&left_out, "notes")).is_empty());
    drop(running);
    let report = home.countersign(&["--json"]).fine().json();
    assert!(!pids(server(&report, "notes")).contains(&pid));
}

#[test]
fn hides_credentials_in_the_command_line_of_a_process() {
    let (home, script) = scripted();
    let token = "ghp_7Qm2Xv9Lr4Tz8Nc1Kb6Wy3Hd5Jf0Gs2Pa9Ee";
    let running = Running::start(&home, "/bin/sh", &[&script, "--stdio", "--token", token]);
    for look in [
        &["--json"] as &[&str],
        &["--all"],
        &["servers", "--json"],
        &["show", "notes"],
        &["--sarif"],
    ] {
        home.countersign(look).fine().never_says("ghp_7Qm2");
    }
    drop(running);
}

#[test]
fn finds_a_server_that_listens_for_everybody() {
    let is_there = Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !is_there {
        // Without Python there is nothing here that listens.
        return;
    }
    let home = Home::new().with("bin/notes.py", LISTENS);
    let script = home
        .path()
        .join("bin/notes.py")
        .to_string_lossy()
        .into_owned();
    let entry = format!(r#""notes": {{"command": "python3", "args": ["{script}"]}}"#);
    home.write(".cursor/mcp.json", &servers(&entry));
    let _running = Running::start(&home, "python3", &[&script]);
    let report = home.countersign(&["--json"]).fine().json();
    let found = findings(&report, "open-listener");
    assert_eq!(found.len(), 1, "{:#}", report["servers"]);
    let process = &server(&report, "notes")["running"][0];
    assert_eq!(process["is_exposed"], true);
    home.countersign(&["show", "notes"])
        .fine()
        .says("listens on 0.0.0.0:");
}
