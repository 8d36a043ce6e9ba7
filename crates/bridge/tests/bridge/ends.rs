//! How a run ends, and input that is no message.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::fd::OwnedFd,
    process::Stdio,
    time::Instant,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    home::{BEARER, Bridge, Home, INITIALIZED, entry, home_of, initialize, request, with_bearer},
    server::{Server, guarded},
};

/// As long as a client may wait for the end, with room for a busy machine.
const PATIENCE_SECONDS: u64 = 30;

fn pid(bridge: &Bridge) -> Pid {
    Pid::from_child(&bridge.child)
}

/// A server that never answers.
fn silent() -> Server {
    Server::start(|_, reply| reply.nothing())
}

#[test]
fn requests_without_an_answer_get_an_error_at_the_end_of_input() {
    let server = silent();
    let begun = Instant::now();
    let ran = Home::new().run(&entry(&server.url("/"), &[]), &initialize("2025-11-25"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out[0].contains(r#""id":"init","error""#),
        "{:?}",
        ran.out
    );
    assert!(ran.out[0].contains("the input has ended"), "{:?}", ran.out);
    assert!(begun.elapsed().as_secs() < PATIENCE_SECONDS);
}

#[test]
fn what_was_asked_before_the_end_of_input_is_answered() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let lines = [
        &initialize("2025-11-25"),
        INITIALIZED,
        &request(2, "tools/list"),
        &request(3, "tools/list"),
    ];
    let ran = home_of(&entry).run(&entry, &lines.join("\n"));
    assert_eq!(ran.code, 0);
    let results = ran.out.iter().filter(|line| line.contains("result"));
    assert_eq!(results.count(), 3, "{:?}", ran.out);
}

#[test]
fn being_asked_to_end_says_goodbye_to_the_server() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let server = guarded("authorization", BEARER);
        let entry = with_bearer(&server.url("/mcp"));
        let mut bridge = home_of(&entry).start(&entry);
        bridge.ask(&initialize("2025-11-25"));
        kill_process(pid(&bridge), signal).unwrap();
        server.wait(|seen| seen.method == "DELETE");
        // The client's end is still open.
        let status = bridge.child.wait().unwrap();
        assert_eq!(status.code(), Some(code));
    }
}

#[test]
fn being_asked_to_end_while_nothing_is_reached_ends_it() {
    let home = Home::new();
    let mut bridge = home.start(&with_bearer("https://mcp.example.com/"));
    bridge.ask(&request(1, "ping"));
    kill_process(pid(&bridge), Signal::TERM).unwrap();
    bridge.child.wait().unwrap();
}

#[test]
fn a_client_that_does_not_read_does_not_keep_it_from_ending() {
    let server = Server::start(|seen, reply| {
        let long = format!("{:?}", "x".repeat(1024 * 1024));
        reply.json(&seen.result(&long));
    });
    let home = Home::new();
    let mut command = home.bridge();
    let entry = entry(&server.url("/mcp"), &[]);
    let mut child = command.args(entry.arguments()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for id in 0..8 {
        writeln!(input, "{}", crate::home::stateless(id, "ping")).unwrap();
    }
    server.wait(|seen| seen.json()["id"] == 0);
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn a_client_that_is_gone_ends_it() {
    let server = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let home = Home::new();
    let mut command = home.bridge();
    let entry = entry(&server.url("/mcp"), &[]);
    let mut child = command.args(entry.arguments()).spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // What is written after it has ended does not arrive.
    for id in 0.. {
        if writeln!(input, "{}", crate::home::stateless(id, "ping")).is_err() {
            break;
        }
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn lines_that_are_no_messages_are_refused_and_the_next_ones_carried() {
    let server = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let mut bridge = Home::new().start(&entry(&server.url("/mcp"), &[]));
    for (line, code) in [
        ("noise".to_owned(), -32700),
        ("{}".to_owned(), -32600),
        ("x".repeat(17 * 1024 * 1024), -32600),
        (format!("[{}", "[".repeat(100_000)), -32700),
    ] {
        let answer = bridge.ask(&line);
        let begins = format!(r#"{{"jsonrpc":"2.0","id":null,"error":{{"code":{code},"#);
        assert!(answer.starts_with(&begins), "{answer}");
    }
    let answer = bridge.ask(&crate::home::stateless(1, "ping"));
    assert_eq!(answer, r#"{"jsonrpc":"2.0","id":1,"result":1}"#);
    let ran = bridge.finish();
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("more than 16777216 bytes"), "{}", ran.err);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_pipe_that_does_not_wait_is_waited_for() {
    let server = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let (reader, mut writer) = std::io::pipe().unwrap();
    rustix::io::ioctl_fionbio(&reader, true).unwrap();
    let entry = entry(&server.url("/mcp"), &[]);
    let home = Home::new();
    let mut command = home.bridge();
    let mut child = command
        .args(entry.arguments())
        .stdin(Stdio::from(OwnedFd::from(reader)))
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    writeln!(writer, "{}", crate::home::stateless(1, "ping")).unwrap();
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert!(line.contains("result"), "{line}");
    drop((writer, command));
    assert!(child.wait().unwrap().success());
}

#[test]
fn nothing_is_written_beside_the_vault() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = home_of(&entry);
    let files = |folder| -> Vec<_> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        entries.map(|file| file.path()).collect()
    };
    let before = (files(home.path("")), files(home.data()));
    let mut bridge = home.start(&entry);
    bridge.ask(&initialize("2025-11-25"));
    assert_eq!(bridge.finish().code, 0);
    assert_eq!((files(home.path("")), files(home.data())), before);
}
