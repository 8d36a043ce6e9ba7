//! The vault on real keyrings, each on a bus of its own, with a home of its own.
//!
//! The keyring is found by the environment, so every case runs in a process of its own: this program,
//! started again with the name of the case.

#![cfg(target_os = "linux")]

mod cases;
mod desk;

use std::time::{Duration, Instant};

use desk::{Bus, Daemon, Desk, Prompter};

const PASSWORD: &[u8] = b"a passphrase";

/// The cases themselves; does nothing when it is not started for one.
#[test]
fn case() {
    if let Ok(name) = std::env::var(desk::CASE_VARIABLE) {
        cases::run(&name);
    }
}

#[test]
fn an_unlocked_keyring_keeps_secrets_over_a_restart() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    desk.run("keeps secrets", Some(&bus.address));
    drop(daemon);
    let _daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    desk.run("still has them", Some(&bus.address));
}

#[test]
fn a_locked_keyring_is_an_error_and_never_a_question() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    desk.run("keeps secrets", Some(&bus.address));
    drop(daemon);
    let prompter = Prompter::start(&bus);
    let _daemon = Daemon::start(&desk, &bus, None);
    desk.run("is locked", Some(&bus.address));
    assert_eq!(prompter.asked(), 0, "somebody was asked for a password");
}

#[test]
fn no_bus_is_no_keyring() {
    let Some(desk) = Desk::lay() else { return };
    let nowhere = format!("unix:path={}/nowhere", desk.path().display());
    desk.run("has no keyring", Some(&nowhere));
    desk.run("has no keyring", None);
}

#[test]
fn a_keyring_in_use_is_never_replaced_by_a_file() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    desk.run("keeps secrets", Some(&bus.address));
    drop(daemon);
    desk.run("is out of reach", Some(&bus.address));
}

#[test]
fn a_bus_without_a_keyring_is_no_keyring() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    desk.run("has no keyring", Some(&bus.address));
    desk.run("uses the encrypted file", Some(&bus.address));
}

#[test]
fn a_service_that_never_had_a_keyring_is_no_keyring() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let prompter = Prompter::start(&bus);
    let _daemon = Daemon::start(&desk, &bus, None);
    desk.run("never had a keyring", Some(&bus.address));
    desk.run("uses the encrypted file", Some(&bus.address));
    assert_eq!(prompter.asked(), 0, "somebody was asked for a password");
}

#[test]
fn a_keyring_that_ends_with_the_session_is_no_keyring() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let _daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    bus.make_session_keyring_the_default();
    desk.run("has a keyring of the session only", Some(&bus.address));
}

#[test]
fn a_denied_keyring_is_told_from_a_locked_one() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start_without_rights(&desk);
    let _daemon = Daemon::start(&desk, &bus, Some(PASSWORD));
    desk.run("is denied", Some(&bus.address));
}

#[test]
fn a_keyring_that_does_not_answer_is_given_up() {
    let Some(desk) = Desk::lay() else { return };
    let bus = Bus::start(&desk);
    let _silent = bus.own_and_say_nothing("org.freedesktop.secrets");
    let begun = Instant::now();
    desk.run("does not answer", Some(&bus.address));
    assert!(begun.elapsed() < Duration::from_secs(30));
}
