//! What passes through, and what comes back.

use std::{
    ffi::OsStr,
    fs::File,
    io::{Read, Write},
    net::Shutdown,
    os::{
        fd::OwnedFd,
        unix::{ffi::OsStrExt, net::UnixStream},
    },
    process::Stdio,
};

use crate::home::{Home, finish, run};

#[test]
fn ten_megabytes_of_anything_pass_unchanged_both_ways() {
    let home = Home::new();
    let sent: Vec<u8> = (0_u32..10 * 1024 * 1024)
        .map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    let ran = run(&mut home.in_front_of(&["cat"]), &sent);
    assert!(ran.out == sent, "{} of {} bytes", ran.out.len(), sent.len());
    assert_eq!(ran.code, 0);
    assert_eq!(
        ran.err,
        "countersign-guard: not passed on to the server: COUNTERSIGN_DATA_DIR. To pass one on, add its name to `--env` in the entry; where the entry has a secret, run `countersign secrets bind 8f14e45fceea167a5a36dedd4bea2543` after that.\n"
    );
}

#[test]
fn every_byte_passes_at_once() {
    let home = Home::new();
    let mut guard = home.in_front_of(&["cat"]).spawn().unwrap();
    let mut input = guard.stdin.take().unwrap();
    let output = guard.stdout.as_mut().unwrap();
    for byte in [b'a', 0, 0xff, b'\n', b'{'] {
        input.write_all(&[byte]).unwrap();
        let mut back = [0];
        output.read_exact(&mut back).unwrap();
        assert_eq!(back, [byte]);
    }
    drop(input);
    assert_eq!(finish(guard).code, 0);
}

#[test]
fn the_exit_code_is_passed_on() {
    let home = Home::new();
    for code in [0, 1, 7, 126, 255] {
        let exit = format!("exit {code}");
        let ran = run(&mut home.in_front_of(&["sh", "-c", &exit]), b"");
        assert_eq!(ran.code, code);
        assert_eq!(ran.text(), "");
    }
    for (signal, code) in [("TERM", 143), ("KILL", 137), ("SEGV", 139)] {
        let kill = format!("kill -{signal} $$");
        let ran = run(&mut home.in_front_of(&["sh", "-c", &kill]), b"");
        assert_eq!(ran.code, code, "{signal}");
    }
}

#[test]
fn arguments_pass_as_they_are() {
    let home = Home::new();
    let arguments: [&[u8]; 8] = [
        b"",
        b" two  words ",
        b"\"quoted\" 'twice' \\",
        b"line\nbreak\ttab\x1b",
        b"\xff\xfe not text",
        b"--entry",
        b"--",
        "countersign:short ä".as_bytes(),
    ];
    let mut guard = home.in_front_of(&["sh", "-c", r#"printf '<%s>' "$@""#, "name"]);
    guard.args(arguments.map(OsStr::from_bytes));
    let ran = run(&mut guard, b"");
    let expect = arguments
        .map(|argument| [b"<", argument, b">"].concat())
        .concat();
    assert_eq!(ran.out, expect);
}

#[test]
fn the_server_is_called_and_placed_as_without_a_guard() {
    let home = Home::new();
    home.program("here/server", "pwd; echo $0; echo to stderr >&2\n");
    let mut guard = home.in_front_of(&["./server"]);
    guard.current_dir(home.path("here"));
    let ran = run(&mut guard, b"");
    let here = home.path("here").canonicalize().unwrap();
    assert_eq!(ran.text(), format!("{}\n./server\n", here.display()));
    assert!(ran.err.ends_with("to stderr\n"), "{}", ran.err);
    assert_eq!(ran.code, 0);
}

#[test]
fn the_client_sees_that_the_server_closed_its_output() {
    let home = Home::new();
    let start = ["sh", "-c", "echo last; exec >&-; read line; exit 3"];
    let mut guard = home.in_front_of(&start).spawn().unwrap();
    let mut input = guard.stdin.take().unwrap();
    let mut out = String::new();
    guard
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    assert_eq!(out, "last\n");
    input.write_all(b"go on\n").unwrap();
    assert_eq!(finish(guard).code, 3);
}

#[test]
fn a_client_may_talk_over_sockets() {
    let home = Home::new();
    let (mut client, input) = UnixStream::pair().unwrap();
    let (mut answers, output) = UnixStream::pair().unwrap();
    let mut guard = home.in_front_of(&["cat"]);
    guard
        .stdin(OwnedFd::from(input))
        .stdout(OwnedFd::from(output));
    let child = guard.spawn().unwrap();
    // It holds the guard's ends, which would keep them open.
    drop(guard);
    client.write_all(b"hello").unwrap();
    let mut back = [0; 5];
    answers.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"hello");
    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(answers.read(&mut back).unwrap(), 0);
    assert_eq!(finish(child).code, 0);
}

#[test]
fn input_may_be_a_file() {
    let home = Home::new();
    let text = home.program("text", "some text\n");
    let mut guard = home.in_front_of(&["cat"]);
    guard.stdin(File::open(text).unwrap());
    let ran = finish(guard.spawn().unwrap());
    assert_eq!((ran.text(), ran.code), ("some text\n", 0));
    // A server that does not care about its input ends with it all the same.
    let start = ["sh", "-c", "while :; do sleep 1000; done"];
    let ran = finish(
        home.in_front_of(&start)
            .stdin(Stdio::null())
            .spawn()
            .unwrap(),
    );
    assert_eq!(ran.code, 143);
}

#[test]
fn tells_its_version_and_how_it_is_called() {
    let home = Home::new();
    let ran = run(home.guard().arg("--version"), b"");
    let version = concat!("countersign-guard ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!((ran.text(), ran.err.as_str(), ran.code), (version, "", 0));
    let ran = run(home.guard().arg("--help"), b"");
    assert!(ran.text().contains("--entry ID"));
    assert_eq!(ran.code, 0);
}
