//! What is released, and to whom.

use std::{fs, process::Command};

use countersign_model::SecretText;
use countersign_vault::{FileKey, VaultError, lock, make_file};

use crate::home::{Home, Ran, run};

const VALUE: &str = "hunter2 \"quoted\" $HOME\nsecond line";

#[test]
fn a_reference_in_a_variable_becomes_the_value() {
    let home = Home::new();
    let start = ["sh", "-c", r#"printf %s "$TOKEN""#];
    let reference = home.keep(1, VALUE, &start, &["TOKEN", "OTHER"]);
    let mut guard = home.declaring(&["OTHER", "TOKEN"], &start);
    let ran = run(guard.env("TOKEN", reference), b"");
    assert_eq!((ran.text(), ran.code), (VALUE, 0));
    assert!(!ran.err.contains("hunter2"));
}

#[test]
fn references_in_arguments_and_in_parts_of_texts_become_values() {
    let home = Home::new();
    let script = r#"printf '%s|%s|%s|%s' "$1" "$2" "$BOTH" "$PLAIN""#;
    let (one, two) = (
        "countersign:".to_owned() + &"01".repeat(16),
        "countersign:".to_owned() + &"02".repeat(16),
    );
    let (url, flag) = (
        format!("postgres://me:{one}@db/{two}"),
        format!("--key={two}"),
    );
    let start = ["sh", "-c", script, "name", &url, &flag];
    let names = ["BOTH", "PLAIN"];
    assert_eq!(home.keep(1, "first", &start, &names), one);
    assert_eq!(home.keep(2, "second", &start, &names), two);
    let mut guard = home.declaring(&names, &start);
    guard
        .env("BOTH", format!("{two} {one}"))
        .env("PLAIN", "countersign:x");
    let ran = run(&mut guard, b"");
    assert_eq!(
        ran.text(),
        "postgres://me:first@db/second|--key=second|second first|countersign:x",
        "{}",
        ran.err
    );
}

#[test]
fn a_call_that_differs_in_anything_gets_nothing_and_starts_nothing() {
    let home = Home::new();
    let started = home.path("started");
    let script = format!("touch '{}'", started.display());
    let bound = ["sh", "-c", &script, "name", "-y"];
    let names = ["TOKEN", "OTHER"];
    let reference = home.keep(1, VALUE, &bound, &names);
    let other = home.program("other/sh", "#!/bin/sh\nexec sh \"$@\"\n");
    let other = other.to_str().unwrap();
    let check = |names: &[&str], start: &[&str], expect: &str| {
        let mut guard = home.declaring(names, start);
        let ran = run(guard.env("TOKEN", &reference), b"");
        assert_eq!(ran.code, 120, "{}", ran.err);
        assert!(ran.err.contains(expect), "{}", ran.err);
        assert!(
            ran.err.contains("`countersign secrets bind 8f14e45f"),
            "{}",
            ran.err
        );
        assert!(!ran.err.contains("hunter2"));
        assert_eq!(ran.text(), "");
        assert!(!started.exists(), "the server was started");
    };
    let with = |index: usize, text: &'static str| {
        let mut start = bound;
        start[index] = text;
        start
    };
    let program = format!("the program is `{other}`, not `sh`");
    check(&names, &[&[other], &bound[1..]].concat(), &program);
    check(&names, &with(4, "-n"), "argument 4 is another one");
    check(
        &names,
        &[&bound[..], &["more"]].concat(),
        "argument 5 is one too many",
    );
    check(&names, &bound[..4], "argument 4 is missing");
    check(&["TOKEN"], &bound, "`OTHER` is bound and not declared");
    check(
        &["TOKEN", "OTHER", "BASH_ENV"],
        &bound,
        "`BASH_ENV` is declared and not bound",
    );
    let ran = run(home.declaring(&names, &bound).env("TOKEN", &reference), b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(started.exists(), "what it is bound to starts");
}

#[test]
fn an_argument_that_differs_is_not_repeated() {
    let home = Home::new();
    let reference = "countersign:".to_owned() + &"01".repeat(16);
    let bound = ["true", "--token", &reference, "--more"];
    home.keep(1, VALUE, &bound, &["TOKEN"]);
    let start = ["true", "--token", "hunter2", &reference];
    let ran = run(
        &mut home.declaring(&["TOKEN"], &start),
        b"{\"id\":1,\"method\":\"x\"}\n",
    );
    assert_eq!(ran.code, 120);
    assert!(ran.err.contains("argument 2 is another one"), "{}", ran.err);
    assert!(!ran.err.contains("hunter2") && !ran.text().contains("hunter2"));
}

#[test]
fn a_secret_that_is_missing_starts_nothing() {
    let home = Home::new();
    let reference = home.keep(1, VALUE, &["true"], &["TOKEN"]);
    let unknown = reference.replace("01", "02");
    check_refused(
        &home,
        &unknown,
        121,
        &format!("`countersign secrets set {unknown}`"),
    );
}

#[test]
fn an_empty_secret_starts_nothing() {
    let home = Home::new();
    let reference = home.keep(1, "", &["true"], &["TOKEN"]);
    check_refused(&home, &reference, 121, "it is empty");
}

#[test]
fn a_vault_that_cannot_be_opened_starts_nothing() {
    let home = Home::new();
    let reference = home.keep(1, VALUE, &["true"], &["TOKEN"]);
    fs::remove_file(home.path("key")).unwrap();
    check_refused(&home, &reference, 123, "`countersign secrets doctor`");
}

#[cfg(target_os = "linux")]
#[test]
fn a_session_without_a_keyring_starts_nothing() {
    let home = Home::new();
    let reference = "countersign:".to_owned() + &"01".repeat(16);
    check_refused(&home, &reference, 123, "failed to use the keyring");
}

#[test]
fn a_locked_vault_starts_nothing() {
    let home = Home::new();
    let passphrase = || FileKey::Passphrase(SecretText::new("a passphrase".to_owned()));
    match make_file(&home.data(), passphrase()) {
        Ok(_) => {}
        // This system keeps no vault unlocked, so there is none to lock.
        Err(VaultError::NoSession(_)) => return,
        Err(error) => panic!("{error}"),
    }
    lock(&home.data()).unwrap();
    let reference = "countersign:".to_owned() + &"01".repeat(16);
    check_refused(&home, &reference, 122, "`countersign vault unlock`");
}

#[test]
fn a_secret_managers_value_is_asked_for_without_what_the_entry_declares() {
    let home = Home::new();
    let start = ["sh", "-c", r#"printf %s "$TOKEN""#];
    let names = ["DECLARED", "TOKEN"];
    let ambient = home.keep_elsewhere(1, "env:AMBIENT", &start, &names);
    let declared = home.keep_elsewhere(2, "env:DECLARED", &start, &names);
    let ask = |reference: &str| {
        let mut guard = home.declaring(&names, &start);
        guard
            .env("TOKEN", reference)
            .env("AMBIENT", "the user's own")
            .env("DECLARED", "the entry's");
        run(&mut guard, b"")
    };
    assert_eq!(ask(&ambient).text(), "the user's own");
    let refused = ask(&declared);
    assert_eq!((refused.text(), refused.code), ("", 123), "{}", refused.err);
}

#[test]
fn a_reference_in_what_is_not_declared_is_not_handed_on() {
    let home = Home::new();
    let reference = home.keep(1, VALUE, &["env"], &[]);
    let ran = run(home.in_front_of(&["env"]).env("TOKEN", &reference), b"");
    assert!(!ran.text().contains("TOKEN"));
    let ran = run(
        home.in_front_of(&["env"]).env("HTTP_PROXY", &reference),
        b"",
    );
    assert_eq!((ran.text(), ran.code), ("", 120), "{}", ran.err);
    assert!(
        ran.err.contains("`HTTP_PROXY` holds a reference"),
        "{}",
        ran.err
    );
}

/// Checks that a server that would need `reference` is not started.
fn check_refused(home: &Home, reference: &str, code: i32, words: &str) {
    let started = home.path("started");
    let ran: Ran = {
        let mut guard: Command = home.declaring(&["TOKEN"], &["true"]);
        run(
            guard.env("TOKEN", reference),
            b"{\"id\":1,\"method\":\"x\"}\n",
        )
    };
    assert_eq!(ran.code, code, "{}", ran.err);
    for said in [ran.err.as_str(), ran.text()] {
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("hunter2"));
    }
    assert!(!started.exists());
}
