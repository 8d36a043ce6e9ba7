//! Servers that do not answer as they should.

use std::net::TcpListener;

use crate::{
    home::{CANARY, Ran, home_of, initialize, stateless, with_bearer},
    server::{Reply, Seen, Server},
};

/// Asks once in each era and returns what came of it.
fn ask(url: &str) -> Ran {
    let entry = with_bearer(url);
    let mut bridge = home_of(&entry).start(&entry);
    let answers = [
        bridge.ask(&initialize("2025-11-25")),
        bridge.ask(&stateless(2, "tools/list")),
    ];
    let mut ran = bridge.finish();
    assert_eq!(ran.out.len(), 0, "{:?}", ran.out);
    assert_eq!(ran.code, 0);
    assert!(
        answers[0].contains(r#""id":"init","error""#),
        "{}",
        answers[0]
    );
    assert!(answers[1].contains(r#""id":2,"error""#), "{}", answers[1]);
    for said in answers.iter().chain([&ran.err]) {
        assert!(!said.contains(CANARY), "{said}");
    }
    ran.out.extend(answers);
    ran
}

fn answering(status: &'static str) -> Server {
    // What a server sends along with its error may be anything, even what it was asked with.
    Server::start(move |seen: Seen, reply: Reply| {
        let authorization = seen.header("authorization").unwrap_or_default();
        reply.full(status, &[("content-type", "text/plain")], authorization);
    })
}

#[test]
fn says_which_status_came_and_what_mends_it() {
    for (status, words, hint) in [
        (
            "401 Unauthorized",
            "401 (unauthorized)",
            "its current value",
        ),
        (
            "403 Forbidden",
            "403 (forbidden)",
            "what the credential may do",
        ),
        ("404 Not Found", "404 (not found)", "check the path"),
        (
            "500 Internal Server Error",
            "500 (internal",
            "try again later",
        ),
        (
            "503 Service Unavailable",
            "503 (unavailable)",
            "try again later",
        ),
    ] {
        let server = answering(status);
        let ran = ask(&server.url("/mcp"));
        for answer in &ran.out {
            assert!(answer.contains(words), "{answer}");
        }
        assert!(
            ran.err.contains(words) && ran.err.contains(hint),
            "{}",
            ran.err
        );
    }
}

#[test]
fn says_that_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let ran = ask(&format!("http://127.0.0.1:{port}/mcp"));
    for said in ran.out.iter().chain([&ran.err]) {
        assert!(
            said.contains(&format!("reach http://127.0.0.1:{port}")),
            "{said}"
        );
    }
    assert!(
        ran.err.contains("check the address, the network"),
        "{}",
        ran.err
    );
}

#[test]
fn a_redirect_to_another_origin_gets_nothing() {
    let other = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let to = other.url("/mcp");
    let server = Server::start(move |_, reply| {
        reply.full("307 Temporary Redirect", &[("location", &to)], "");
    });
    let ran = ask(&server.url("/mcp"));
    assert!(
        ran.err
            .contains("nothing of this entry goes to another origin"),
        "{}",
        ran.err
    );
    assert!(other.seen().is_empty(), "{:?}", other.seen());
    assert!(server.seen().len() >= 2);
}

#[test]
fn what_a_server_echoes_comes_through_and_is_told_to_nobody_else() {
    let server = Server::start(|seen, reply| {
        let echoed = format!("{:?}", seen.header("authorization").unwrap_or_default());
        reply.json(&seen.result(&echoed));
    });
    let entry = with_bearer(&server.url("/mcp"));
    let mut bridge = home_of(&entry).start(&entry);
    let answer = bridge.ask(&stateless(1, "tools/call"));
    assert!(answer.contains(CANARY), "{answer}");
    let ran = bridge.finish();
    assert_eq!((ran.err.as_str(), ran.code), ("", 0));
}

#[test]
fn a_server_that_floods_the_user_is_cut_short() {
    let server = Server::start(|seen: Seen, reply: Reply| {
        let name = "x".repeat(150);
        let number = seen.json()["id"].to_string();
        let to = format!("https://h{number}.{}.example.com/", &name[..60]);
        reply.full("302 Found", &[("location", &to)], "");
    });
    let entry = with_bearer(&server.url("/mcp"));
    let mut bridge = home_of(&entry).start(&entry);
    for id in 0..200 {
        bridge.ask(&stateless(id, "ping"));
    }
    let ran = bridge.finish();
    assert!(ran.err.contains("more is not told"), "{}", ran.err);
    assert!(ran.err.len() < 20_000, "{}", ran.err.len());
}
