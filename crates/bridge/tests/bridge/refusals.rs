//! Where something is wrong no server is asked, and the client hears why.

use std::fs;

use crate::{
    home::{ENTRY, Home, SECRET},
    server::Server,
};

const REQUEST: &str = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{}}\n";

/// Checks that a call asks no server and answers with an error.
fn check(home: &Home, server: &Server, headers: &[&str], url: &str, code: i32, words: &[&str]) {
    let ran = home.ask(headers, url, REQUEST);
    assert_eq!(ran.code, Some(code), "{ran:?}");
    assert_eq!(ran.messages()[0]["id"], 7);
    assert_eq!(ran.messages()[0]["error"]["data"]["exit"], code);
    for word in words {
        assert!(ran.err.contains(word), "{word}: {}", ran.err);
    }
    assert!(
        !ran.err.contains(SECRET) && !ran.out.contains(SECRET),
        "{ran:?}"
    );
    assert!(server.seen().is_empty(), "the server was asked");
}

#[test]
fn a_reference_in_another_entry_gets_nothing() {
    let home = Home::new();
    let server = Server::usual("x-key", SECRET);
    let url = format!("{}/mcp", server.origin);
    let reference = home.keep(1, SECRET, &url, &["X-Key"]);
    let header = format!("X-Key: {reference}");
    let bind = format!("countersign secrets bind {ENTRY}");
    let other = format!("{}/other", server.origin);
    check(
        &home,
        &server,
        &[&header],
        &other,
        120,
        &["the address is another one", &bind],
    );
    let lower = format!("x-key: {reference}");
    check(&home, &server, &[&lower], &url, 120, &["`x-key`", &bind]);
    let more = [&*header, "X-More: 1"];
    check(
        &home,
        &server,
        &more,
        &url,
        120,
        &["`X-More` is declared and not bound"],
    );
    let inside = format!("{url}?k={reference}");
    check(&home, &server, &[&header], &inside, 120, &[&bind]);
}

#[test]
fn a_secret_that_is_missing_or_a_vault_that_is_gone_names_what_helps() {
    let home = Home::new();
    let server = Server::usual("x-key", SECRET);
    let url = format!("{}/mcp", server.origin);
    let unknown = format!("countersign:{}", "ab".repeat(16));
    let header = format!("X-Key: {unknown}");
    let set = format!("countersign secrets set {unknown}");
    check(&home, &server, &[&header], &url, 121, &[&set]);
    fs::write(home.data().join("vault.bin"), "no vault").expect("is ours");
    check(
        &home,
        &server,
        &[&header],
        &url,
        123,
        &["countersign secrets doctor"],
    );
}

#[test]
fn a_credential_goes_over_https_and_to_its_own_address_only() {
    let home = Home::new();
    let server = Server::usual("x-key", SECRET);
    let plain = "http://mcp.example.com/mcp";
    let reference = home.keep(1, SECRET, plain, &["X-Key"]);
    let header = format!("X-Key: {reference}");
    check(&home, &server, &[&header], plain, 119, &["over HTTPS only"]);
    let moving = "https://{}.example.com/mcp";
    let reference = home.keep(2, "evil.example/#", moving, &[]);
    let url = moving.replace("{}", &reference);
    check(
        &home,
        &server,
        &[],
        &url,
        119,
        &["failed to use the entry's address"],
    );
    let injected = home.keep(3, "a\r\nX-Other: b", plain, &["X-Key"]);
    let header = format!("X-Key: {injected}");
    check(&home, &server, &[&header], plain, 119, &[]);
}

#[test]
fn a_call_that_is_not_understood_repeats_nothing_of_it() {
    let home = Home::new();
    for arguments in [
        &["--token", SECRET] as &[&str],
        &["--entry", SECRET, "--", "https://x"],
    ] {
        let ran = home.run(arguments, REQUEST.as_bytes());
        assert_eq!(ran.code, Some(119));
        assert!(
            !ran.err.contains(SECRET) && !ran.out.contains(SECRET),
            "{ran:?}"
        );
    }
    let ran = home.run(&["--help"], b"");
    assert!(ran.code == Some(0) && ran.out.contains("--transport http|sse"));
    let ran = home.run(&["--version"], b"");
    assert!(ran.out.starts_with("countersign-bridge "));
}
