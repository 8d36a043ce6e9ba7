//! Items that the guard writes for Countersign, as on macOS, on a real Secret Service.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use countersign_model::{SecretId, SecretText};
use countersign_tests::{
    Home, guard,
    keyring::Keyring,
    window::{Bus, DEADLINE},
};
use countersign_vault::{Held, Item, Vault, VaultError, Writer, data_folder};

const CASE: &str = "COUNTERSIGN_HANDOVER_CASE";
const ID: SecretId = SecretId::from_bytes([7; 16]);
const VALUE: &str = "canary-of-the-handover";

/// The cases themselves: the keyring is found by the environment, so each runs in a process of its own.
#[test]
fn case() {
    let Ok(case) = env::var(CASE) else { return };
    let writer = PathBuf::from(env::var_os("WRITER").expect("the case has a writer"));
    let folder = data_folder(Path::new(&env::var_os("HOME").expect("is set")), |name| {
        env::var_os(name)
    });
    let open = || Vault::open(&folder).expect("is opened");
    let through = |writer: &Path| open().written_by(Writer::Program(writer.to_owned()));
    match case.as_str() {
        "keeps" => {
            through(&writer)
                .put(&item("an earlier value"))
                .expect("is kept");
            through(&writer)
                .put(&item(VALUE))
                .expect("is kept in its place");
            assert_eq!(open().item(ID).expect("is there"), item(VALUE));
            let gone = through(Path::new("/nowhere/guard")).put(&item("other"));
            assert!(matches!(gone, Err(VaultError::NoWriter { .. })));
            assert_eq!(open().item(ID).expect("is as it was"), item(VALUE));
        }
        "removes" => {
            through(&writer).remove(ID).expect("is removed");
            through(&writer)
                .remove(ID)
                .expect("is not there, which is fine");
            assert!(matches!(open().item(ID), Err(VaultError::NoItem(ID))));
            through(&writer).put(&item(VALUE)).expect("is kept");
            through(Path::new("/nowhere/guard"))
                .remove(ID)
                .expect("is removed by this process");
            assert!(matches!(open().item(ID), Err(VaultError::NoItem(ID))));
        }
        "is locked" => {
            let refused = through(&writer).put(&item("other"));
            assert!(matches!(refused, Err(VaultError::Locked)), "{refused:?}");
            let refused = through(&writer).remove(ID);
            assert!(matches!(refused, Err(VaultError::Locked)), "{refused:?}");
        }
        other => panic!("there is no case `{other}`"),
    }
}

fn item(value: &str) -> Item {
    Item {
        id: ID,
        label: "TOKEN of a test".to_owned(),
        value: Held::Text(SecretText::new(value.to_owned())),
        homes: Vec::new(),
    }
}

/// The guard, behind a program that writes down what it was started with and what the guard says.
fn watched(home: &Home) -> (PathBuf, PathBuf) {
    let seen = home.beside("seen");
    let script = format!(
        "#!/bin/sh\n{{ printf '%s\\n' \"$@\"; /usr/bin/env; }} >> '{seen}'\nexec '{guard}' \"$@\" 2>> '{seen}'\n",
        seen = seen.display(),
        guard = guard().display(),
    );
    let path = home.write("watched", &script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("is ours");
    (path, seen)
}

fn run(home: &Home, bus: &Bus, writer: &Path, case: &str) {
    let output = Command::new(env::current_exe().expect("is known"))
        .args(["handover::case", "--exact", "--nocapture"])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.beside(""))
        .env("COUNTERSIGN_DATA_DIR", home.data())
        .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
        .env("WRITER", writer)
        .env(CASE, case)
        .output()
        .expect("this program can be started");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(output.status.success(), "`{case}` failed:\n{said}");
    assert!(said.contains("1 passed"), "`{case}` did not run:\n{said}");
}

#[test]
fn the_guard_keeps_and_removes_items_and_the_value_is_seen_nowhere() {
    let home = Home::new();
    let (writer, seen) = watched(&home);
    let bus = Bus::start();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keyring = Keyring::unlocked(&bus.address, folder.path());
    run(&home, &bus, &writer, "keeps");
    keyring.end();
    let locked = Keyring::locked(&bus.address, folder.path());
    run(&home, &bus, &writer, "is locked");
    locked.end();
    let _keyring = Keyring::unlocked(&bus.address, folder.path());
    run(&home, &bus, &writer, "removes");
    let seen = fs::read_to_string(seen).expect("it was started");
    assert!(seen.starts_with("--keep\n"), "{seen}");
    assert!(seen.contains("DBUS_SESSION_BUS_ADDRESS="));
    assert!(!seen.contains(VALUE) && !seen.contains("an earlier value"));
}

#[test]
fn what_is_no_item_is_refused_and_not_repeated() {
    let home = Home::new();
    let mut child = Command::new(guard())
        .arg("--keep")
        .env_clear()
        .env("HOME", home.beside(""))
        .env("COUNTERSIGN_DATA_DIR", home.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the guard can be started");
    let mut input = child.stdin.take().expect("it is piped");
    std::io::Write::write_all(&mut input, VALUE.repeat(4).as_bytes()).expect("is taken");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(119));
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        said,
        "record read the item that was handed over: it has no id\n"
    );
    assert!(output.stderr.is_empty());
}

#[test]
fn nobody_gets_a_picture_of_the_guards_memory_while_it_takes_an_item() {
    let home = Home::new();
    let mut child = Command::new(guard())
        .arg("--keep")
        .env_clear()
        .env("HOME", home.beside(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the guard can be started");
    let limits = format!("/proc/{}/limits", child.id());
    let begun = Instant::now();
    let is_kept_out = || {
        let limits = fs::read_to_string(&limits).unwrap_or_default();
        let mut lines = limits.lines();
        let core = lines.find(|line| line.starts_with("Max core file size"));
        core.is_some_and(|line| line.split_whitespace().filter(|word| *word == "0").count() == 2)
    };
    while !is_kept_out() {
        assert!(begun.elapsed() < DEADLINE, "waited too long for {limits}");
        std::thread::yield_now();
    }
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(119));
}
