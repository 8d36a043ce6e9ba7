//! Messages reach the server with the secrets in their places, and nothing else does.

use serde_json::json;

use crate::{
    home::{ENTRY, Home, SECRET},
    server::{Server, answered},
};

const HANDSHAKE: &str = concat!(
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}"#,
    "\n",
    r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
    "\n",
    r#"{"jsonrpc":"2.0","id":"two","method":"tools/list"}"#,
    "\n",
);

#[test]
fn a_header_gets_its_value_and_the_answers_come_back() {
    let home = Home::new();
    let server = Server::usual("authorization", "Bearer q9Xv2Lm7Rb1Tn5Yw8Hc4Dg6Jf0Ps");
    let url = format!("{}/mcp", server.origin);
    let reference = home.keep(1, SECRET, &url, &["Authorization", "X-Plain"]);
    let headers = [&*format!("Authorization: Bearer {reference}"), "X-Plain: a"];
    let ran = home.ask(&headers, &url, HANDSHAKE);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let messages = ran.messages();
    assert_eq!(messages[0]["result"]["serverInfo"]["name"], "s");
    assert_eq!(messages[1]["id"], "two");
    assert_eq!(messages[1]["result"]["asked"], "tools/list");
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.header("x-plain") == Some("a")));
    assert!(
        !ran.out.contains(SECRET) && !ran.err.contains(SECRET),
        "{ran:?}"
    );
}

#[test]
fn an_address_gets_its_value() {
    let home = Home::new();
    let server = Server::usual("host", "");
    let url = format!("{}/mcp?key={{}}", server.origin);
    let reference = home.keep(1, SECRET, &url, &[]);
    let ran = home.ask(&[], &url.replace("{}", &reference), HANDSHAKE);
    assert_eq!(ran.code, Some(0));
    assert_eq!(server.seen()[0].path, format!("/mcp?key={SECRET}"));
    assert!(!ran.err.contains(SECRET), "{ran:?}");
}

#[test]
fn the_revision_without_a_handshake_is_spoken() {
    let home = Home::new();
    let server = Server::usual("x-key", SECRET);
    let url = format!("{}/mcp", server.origin);
    let reference = home.keep(1, SECRET, &url, &["X-Key"]);
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28"});
    let request =
        json!({"jsonrpc": "2.0", "id": 5, "method": "server/discover", "params": {"_meta": meta}});
    let ran = home.ask(
        &[&format!("X-Key: {reference}")],
        &url,
        &format!("{request}\n"),
    );
    assert_eq!(
        ran.messages()[0]["result"]["asked"],
        "server/discover",
        "{ran:?}"
    );
}

#[test]
fn a_redirect_to_another_origin_gets_nothing_of_the_entry() {
    let home = Home::new();
    let other = Server::usual("x-key", SECRET);
    let to = format!("{}/mcp", other.origin);
    let server = Server::start(move |_| (307, vec![("location", to.clone())], String::new()));
    let url = format!("{}/mcp", server.origin);
    let reference = home.keep(1, SECRET, &url, &["X-Key"]);
    let ran = home.ask(&[&format!("X-Key: {reference}")], &url, HANDSHAKE);
    assert!(other.seen().is_empty());
    assert!(!server.seen().is_empty());
    let answer = &ran.messages()[0];
    assert_eq!(answer["id"], 1);
    let said = answer["error"]["message"].as_str().expect("it says why");
    assert!(
        said.contains("nothing of this entry goes to another origin"),
        "{said}"
    );
}

#[test]
fn what_a_server_refuses_is_an_answer_and_a_word_of_advice() {
    for (status, words) in [
        (401, "does not accept the credential"),
        (403, "look at what the credential may do"),
        (404, "check the path"),
        (503, "try again later"),
    ] {
        let home = Home::new();
        let server = Server::start(move |_| (status, Vec::new(), String::new()));
        let url = format!("{}/mcp", server.origin);
        let reference = home.keep(1, SECRET, &url, &["X-Key"]);
        let arguments = [
            "--entry",
            ENTRY,
            "--transport",
            "http",
            "--header",
            &format!("X-Key: {reference}"),
            "--",
            &url,
        ];
        let ran = home.run(&arguments, HANDSHAKE.as_bytes());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert_eq!(ran.messages()[0]["id"], 1, "{ran:?}");
        assert!(ran.messages()[0]["error"].is_object(), "{ran:?}");
        assert!(ran.err.contains(words), "{status}: {}", ran.err);
        assert!(!ran.err.contains(SECRET));
    }
}

#[test]
fn a_server_that_is_not_there_is_an_answer() {
    let home = Home::new();
    // Nothing listens on a port that a listener just left.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback is there");
    let url = format!("http://{}/mcp", listener.local_addr().expect("it is bound"));
    drop(listener);
    let ran = home.ask(&[], &url, HANDSHAKE);
    assert_eq!(ran.messages()[0]["id"], 1);
    assert!(ran.err.contains("failed to reach"), "{}", ran.err);
}

#[test]
fn what_is_no_message_is_answered_and_what_comes_after_it_is_carried() {
    let home = Home::new();
    let server = Server::start(|seen| answered(&seen.json(), &json!({"fine": true})));
    let url = format!("{}/mcp", server.origin);
    let mut input = b"{\"jsonrpc\":\n{\"a\":1}\n\xff\xfe\n".to_vec();
    // One line that is longer than any message may be.
    input.extend(vec![b'x'; 17 * 1024 * 1024]);
    input.extend(b"\n{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n");
    let ran = home.run(
        &["--entry", ENTRY, "--transport", "http", "--", &url],
        &input,
    );
    let messages = ran.messages();
    let codes: Vec<_> = messages
        .iter()
        .filter_map(|one| one["error"]["code"].as_i64())
        .collect();
    assert_eq!(codes, [-32700, -32600, -32700, -32600], "{}", ran.err);
    assert_eq!(messages.last().expect("an answer")["result"]["fine"], true);
}

#[test]
fn an_answer_that_comes_after_the_end_of_input_is_still_told() {
    let home = Home::new();
    let server = Server::start(|seen| {
        // Longer than it takes to close a pipe.
        std::thread::sleep(std::time::Duration::from_millis(300));
        answered(&seen.json(), &json!({"late": true}))
    });
    let url = format!("{}/mcp", server.origin);
    let ran = home.run(
        &["--entry", ENTRY, "--transport", "http", "--", &url],
        b"{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}\n",
    );
    assert_eq!(ran.messages()[0]["result"]["late"], true, "{ran:?}");
}
