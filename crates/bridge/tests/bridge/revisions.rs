//! Servers of every revision, reached with a credential.

use std::io::Write;

use countersign_model::Bridged;

use crate::{
    home::{
        BEARER, CANARY, Home, INITIALIZED, entry, home_of, initialize, reference, request,
        stateless, with_bearer,
    },
    server::{Server, guarded},
};

#[test]
fn a_session_of_2025_begins_goes_on_and_ends() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = home_of(&entry);
    let mut bridge = home.start(&entry);
    let answer = bridge.ask(&initialize("2025-11-25"));
    assert!(answer.contains(r#""id":"init","result""#), "{answer}");
    bridge.send(INITIALIZED);
    let answer = bridge.ask(&request(2, "tools/list"));
    assert_eq!(answer, r#"{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}"#);
    let ran = bridge.finish();
    assert_eq!((ran.code, ran.out.len()), (0, 0), "{}", ran.err);
    assert_eq!(ran.err, "");
    let seen = server.seen();
    let methods: Vec<_> = seen.iter().map(|one| one.method.as_str()).collect();
    assert!(methods.starts_with(&["POST", "POST"]), "{methods:?}");
    let goodbye = seen.last().unwrap();
    assert_eq!(goodbye.method, "DELETE", "{methods:?}");
    assert_eq!(goodbye.header("mcp-session-id"), Some("s-1"));
    for one in &seen[1..] {
        assert_eq!(one.header("authorization"), Some(BEARER));
        assert_eq!(one.header("mcp-protocol-version"), Some("2025-11-25"));
    }
}

#[test]
fn requests_of_2026_need_no_handshake() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let mut bridge = home_of(&entry).start(&entry);
    let asked = stateless(7, "server/discover");
    let answer = bridge.ask(&asked);
    assert!(
        answer.starts_with(r#"{"jsonrpc":"2.0","id":7,"result""#),
        "{answer}"
    );
    assert_eq!(bridge.finish().code, 0);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].body, asked);
    assert_eq!(seen[0].header("mcp-protocol-version"), Some("2026-07-28"));
    assert_eq!(seen[0].header("mcp-method"), Some("server/discover"));
}

#[test]
fn a_stream_brings_each_message_as_it_is_spelled() {
    let server = Server::start(|seen, reply| {
        let mut stream = reply.events();
        let notice = r#"{"jsonrpc" : "2.0","method":"notifications/progress","params":{"n":1.0}}"#;
        let _ = write!(stream, "data: {notice}\n\ndata: {}\n\n", seen.result("1"));
    });
    let entry = with_bearer(&server.url("/mcp"));
    let mut bridge = home_of(&entry).start(&entry);
    assert_eq!(
        bridge.ask(&stateless(1, "tools/call")),
        r#"{"jsonrpc" : "2.0","method":"notifications/progress","params":{"n":1.0}}"#
    );
    assert_eq!(bridge.line(), r#"{"jsonrpc":"2.0","id":1,"result":1}"#);
    assert_eq!(bridge.finish().code, 0);
}

#[test]
fn a_server_of_2024_is_spoken_with_over_its_stream() {
    let (sender, lines) = std::sync::mpsc::channel::<String>();
    let (sender, lines) = (std::sync::Mutex::new(sender), std::sync::Mutex::new(lines));
    let server = Server::start(move |seen, reply| match seen.method.as_str() {
        "GET" if seen.path == "/sse" => {
            let mut stream = reply.events();
            let _ = stream.write_all(b"event: endpoint\ndata: /messages?s=1\n\n");
            for line in lines.lock().unwrap().iter() {
                let _ = write!(stream, "event: message\ndata: {line}\n\n");
            }
        }
        "POST" if seen.path == "/messages?s=1" => {
            reply.status("202 Accepted");
            if !seen.json()["id"].is_null() {
                let answer = seen.result(r#"{"protocolVersion":"2024-11-05"}"#);
                sender.lock().unwrap().send(answer).unwrap();
            }
        }
        _ => reply.status("404 Not Found"),
    });
    let entry = Bridged {
        is_sse: true,
        ..with_bearer(&server.url("/sse"))
    };
    let mut bridge = home_of(&entry).start(&entry);
    let answer = bridge.ask(&initialize("2024-11-05"));
    assert!(answer.contains("2024-11-05"), "{answer}");
    bridge.send(INITIALIZED);
    assert!(bridge.ask(&request(2, "ping")).contains(r#""id":2"#));
    let ran = bridge.finish();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let seen = server.seen();
    assert!(seen.len() >= 4);
    for one in &seen {
        assert_eq!(one.header("authorization"), Some(BEARER));
    }
}

#[test]
fn a_server_without_credentials_needs_no_vault() {
    let server = guarded("x-team", "7");
    let entry = entry(&server.url("/mcp"), &["X-Team: 7"]);
    let mut bridge = Home::new().start(&entry);
    assert!(bridge.ask(&initialize("2025-11-25")).contains("result"));
    assert_eq!(bridge.finish().code, 0);
}

#[test]
fn references_in_an_address_become_values() {
    let server = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let (one, two) = (reference(1), reference(2));
    let port = server.port;
    let url = format!("http://me:{one}@127.0.0.1:{port}/{two}/mcp?key={one}&x=%20");
    let entry = entry(&url, &[]);
    let home = home_of(&entry);
    home.keep(2, "p%2Fath", &entry);
    let mut bridge = home.start(&entry);
    assert!(bridge.ask(&stateless(1, "tools/list")).contains("result"));
    let ran = bridge.finish();
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let seen = &server.seen()[0];
    assert_eq!(seen.path, format!("/p%2Fath/mcp?key={CANARY}&x=%20"));
    assert_eq!(
        seen.header("authorization"),
        Some("Basic bWU6Y2FuYXJ5LTVkMWY2YzJl")
    );
}
