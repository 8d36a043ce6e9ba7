//! What is released, and to whom. Where nothing is, no server is contacted.

use std::fs;

use countersign_model::{Bridged, SecretText};
use countersign_vault::{FileKey, VaultError, lock, make_file};

use crate::{
    home::{
        BEARER, Bridge, CANARY, Home, Ran, entry, home_of, initialize, reference, request,
        stateless, with_bearer,
    },
    server::{Server, guarded},
};

#[test]
fn an_entry_that_differs_in_anything_gets_nothing() {
    let server = guarded("authorization", BEARER);
    let bound = entry(
        &server.url("/mcp"),
        &[
            &format!("Authorization: Bearer {}", reference(1)),
            "X-Team: 7",
        ],
    );
    let home = home_of(&bound);
    let check = |differing: Bridged, words: &str| {
        let ran = refused(&home, &differing, 120, words);
        assert!(
            ran.err.contains("`countersign secrets bind 8f14e45f"),
            "{}",
            ran.err
        );
        assert!(server.seen().is_empty());
    };
    let other = Bridged {
        url: server.url("/mcp?x"),
        ..bound.clone()
    };
    check(other, "the address is another one");
    let inside = Bridged {
        url: server.url(&format!("/mcp?k={}", reference(1))),
        ..bound.clone()
    };
    check(inside, "the address is another one");
    let mut fewer = bound.clone();
    fewer.headers.pop();
    check(fewer, "`X-Team` is bound and not declared");
    let mut more = bound.clone();
    more.headers
        .push("X-Forwarded-Host: evil.example".to_owned());
    check(more, "`X-Forwarded-Host` is declared and not bound");
    let mut spelled = bound.clone();
    spelled.headers[0] = spelled.headers[0].replace("Authorization", "authorization");
    check(spelled, "`authorization` is declared and not bound");
    let mut bridge = home.start(&bound);
    assert!(bridge.ask(&initialize("2025-11-25")).contains("result"));
    assert_eq!(bridge.finish().code, 0);
}

#[test]
fn a_secret_that_is_bound_to_a_program_reaches_no_server() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = Home::new();
    let mut item = crate::home::item(
        1,
        countersign_vault::Held::Text(SecretText::new(CANARY.to_owned())),
        &entry,
    );
    item.homes[0].binding.start = countersign_model::BoundStart::Command {
        program: "npx".to_owned(),
        arguments: Vec::new(),
    };
    home.vault().put(&item).unwrap();
    refused(
        &home,
        &entry,
        120,
        "one is a program and the other an address",
    );
    assert!(server.seen().is_empty());
}

#[test]
fn a_secret_that_is_missing_or_empty_contacts_nobody() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = Home::new();
    home.keep(2, CANARY, &entry);
    let set = format!("`countersign secrets set {}`", reference(1));
    let ran = refused(&home, &entry, 121, &set);
    assert!(
        ran.err.contains("the secret for `Authorization`"),
        "{}",
        ran.err
    );
    home.keep(1, "", &entry);
    refused(&home, &entry, 121, "it is empty");
    let in_address = crate::home::entry(&server.url(&format!("/{}", reference(3))), &[]);
    let ran = refused(&home, &in_address, 121, "`countersign secrets set");
    assert!(
        ran.err.contains("the secret for the address"),
        "{}",
        ran.err
    );
    assert!(server.seen().is_empty());
}

#[test]
fn a_vault_that_is_locked_or_broken_contacts_nobody() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = home_of(&entry);
    fs::remove_file(home.path("key")).unwrap();
    refused(&home, &entry, 123, "`countersign secrets doctor`");
    let home = Home::new();
    let passphrase = FileKey::Passphrase(SecretText::new("a passphrase".to_owned()));
    match make_file(&home.data(), passphrase) {
        Ok(_) => {
            lock(&home.data()).unwrap();
            refused(&home, &entry, 122, "`countersign vault unlock`");
        }
        // This system keeps no vault unlocked, so there is none to lock.
        Err(VaultError::NoSession(_)) => {}
        Err(error) => panic!("{error}"),
    }
    assert!(server.seen().is_empty());
}

#[test]
fn each_request_of_both_eras_is_answered_until_the_end_of_input() {
    let entry = with_bearer("https://mcp.example.com/mcp");
    let home = Home::new();
    home.keep(2, CANARY, &entry);
    let mut bridge = home.start(&entry);
    for (line, id) in [
        (initialize("2025-11-25"), r#""init""#),
        (request(2, "tools/list"), "2"),
        (stateless(3, "server/discover"), "3"),
    ] {
        let answer = bridge.ask(&line);
        let begins = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32000,"#);
        assert!(answer.starts_with(&begins), "{answer}");
        assert!(
            answer.contains(r#""data":{"code":"secret-missing","exit":121}"#),
            "{answer}"
        );
    }
    let ran = bridge.finish();
    assert_eq!((ran.code, ran.out.len()), (121, 0));
}

#[test]
fn a_value_that_does_not_fit_contacts_nobody() {
    let server = Server::start(|seen, reply| reply.json(&seen.result("1")));
    let port = server.port;
    let header = with_bearer(&server.url("/mcp"));
    let home = Home::new();
    home.keep(1, "canary-5d1f6c2e\r\nX-Other: 1", &header);
    refused(
        &home,
        &header,
        123,
        "the value of `Authorization` holds a character",
    );
    let address = entry(&format!("http://127.0.0.1:{port}{}/mcp", reference(1)), &[]);
    refused(&home, &address, 119, "it is not an HTTPS address");
    let address = entry(
        &format!("http://me:{}@127.0.0.1:{port}/mcp", reference(1)),
        &[],
    );
    let home = Home::new();
    home.keep(1, "canary-5d1f6c2e@localhost/", &address);
    refused(&home, &address, 123, "it points to another server");
    assert!(server.seen().is_empty());
}

#[test]
fn a_secret_managers_value_is_asked_for_at_the_start() {
    let server = guarded("authorization", BEARER);
    let entry = with_bearer(&server.url("/mcp"));
    let home = Home::new();
    home.keep_elsewhere(1, "env:AMBIENT", &entry);
    let mut command = home.bridge();
    let mut bridge = Bridge::start(command.args(entry.arguments()).env("AMBIENT", CANARY));
    assert!(bridge.ask(&initialize("2025-11-25")).contains("result"));
    assert_eq!(bridge.finish().code, 0);
    let calls = server.seen().len();
    refused(&home, &entry, 123, "See to that secret manager");
    assert_eq!(server.seen().len(), calls);
}

#[test]
fn an_address_that_nothing_may_be_sent_to_is_refused_before_the_vault() {
    let home = Home::new();
    for url in ["http://mcp.example.com/mcp", "ftp://mcp.example.com/", "x"] {
        let ran = refused(&home, &with_bearer(url), 119, "Correct the entry");
        assert!(!ran.err.contains("vault"), "{}", ran.err);
    }
}

#[test]
fn a_call_that_is_not_understood_is_answered_and_not_repeated() {
    let home = Home::new();
    for (arguments, words) in [
        (vec![], "there is no `--`"),
        (vec!["--entry", CANARY, "--", "https://x/"], "32 lowercase"),
        (
            vec!["--header", CANARY, "--", "https://x/"],
            "argument 2: `--header` takes",
        ),
        (vec![CANARY], "argument 1 is not known"),
    ] {
        let mut bridge = Bridge::start(home.bridge().args(&arguments));
        let answer = bridge.ask(&request(7, "ping"));
        let ran = bridge.finish();
        assert_eq!(ran.code, 119);
        for said in [&answer, &ran.err] {
            assert!(said.contains(words) && !said.contains(CANARY), "{said}");
        }
    }
    let version = Bridge::start(home.bridge().arg("--version")).finish();
    assert!(version.out[0].starts_with("countersign-bridge "));
    let help = Bridge::start(home.bridge().arg("--help")).finish();
    assert!(help.out.len() > 10 && help.code == 0);
}

/// Checks that an entry is refused, and why.
fn refused(home: &Home, entry: &Bridged, code: i32, words: &str) -> Ran {
    let ran = home.run(entry, &request(1, "tools/list"));
    assert_eq!(ran.code, code, "{}", ran.err);
    assert_eq!(ran.out.len(), 1, "{:?}", ran.out);
    for said in [&ran.err, &ran.out[0]] {
        assert!(said.contains(words), "{said}");
        assert!(
            said.contains("Countersign did not start this server"),
            "{said}"
        );
        assert!(!said.contains(CANARY), "{said}");
    }
    ran
}
