//! What a client hears where no server runs.

use std::io::{BufRead, BufReader, Write};

use crate::home::{ENTRY, Home, finish, run};

#[test]
fn each_request_is_answered_while_the_client_waits() {
    let home = Home::new();
    let mut guard = home
        .in_front_of(&["countersign-no-such-program"])
        .spawn()
        .unwrap();
    let mut input = guard.stdin.take().unwrap();
    let mut output = BufReader::new(guard.stdout.take().unwrap());
    let mut ask = |line: &str| {
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        answer
    };
    let answer = ask(r#"{"jsonrpc":"2.0","id":"era-1","method":"server/discover","params":{}}"#);
    assert!(
        answer.starts_with(r#"{"jsonrpc":"2.0","id":"era-1","error":{"code":-32000,"#),
        "{answer}"
    );
    assert!(
        answer.contains("Countersign did not start this server"),
        "{answer}"
    );
    assert!(
        answer.contains(r#""data":{"code":"program-not-found","exit":127}"#),
        "{answer}"
    );
    let answer = ask(r#"{"jsonrpc":"2.0","id":2,"method":"initialize","params":{}}"#);
    assert!(
        answer.starts_with(r#"{"jsonrpc":"2.0","id":2,"error""#),
        "{answer}"
    );
    // The next answer is to the request: neither line before it asks for one.
    let lines = [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        "noise",
        r#"[{"jsonrpc":"2.0","id":3,"method":"ping"},{"jsonrpc":"2.0","id":4,"method":"ping"}]"#,
    ];
    let answer = ask(&lines.join("\n"));
    assert!(
        answer.starts_with(r#"[{"jsonrpc":"2.0","id":3,"#),
        "{answer}"
    );
    assert!(answer.contains(r#"{"jsonrpc":"2.0","id":4,"#), "{answer}");
    drop(input);
    assert_eq!(finish(guard).code, 127);
}

#[test]
fn a_line_without_end_is_passed_over() {
    let home = Home::new();
    let long = vec![b'x'; 17 * 1024 * 1024];
    let request = b"\n{\"id\":1,\"method\":\"x\"}";
    let mut guard = home.in_front_of(&["countersign-no-such-program"]);
    let ran = run(&mut guard, &[&long[..], request].concat());
    assert_eq!(ran.text().lines().count(), 1);
    assert_eq!(ran.code, 127);
}

#[test]
fn a_call_that_is_not_understood_is_answered_as_well() {
    let home = Home::new();
    for (arguments, words) in [
        (vec![], "there is no `--`"),
        (vec!["--entry", ENTRY, "--"], "there is no program"),
        (
            vec!["--entry", "hunter2", "--", "true"],
            "takes 32 lowercase",
        ),
        (
            vec!["--entry", ENTRY, "hunter2", "--", "true"],
            "argument 3 is not known",
        ),
        (vec!["--", "true"], "`--entry` is missing"),
    ] {
        let ran = run(
            home.guard().args(&arguments),
            b"{\"id\":7,\"method\":\"x\"}\n",
        );
        assert_eq!(ran.code, 119, "{arguments:?}");
        assert!(ran.err.contains(words), "{}", ran.err);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
        assert!(ran.text().contains(r#""id":7"#), "{}", ran.text());
    }
}
