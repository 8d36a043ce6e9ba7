//! The same with a real Secret Service: unlocked, locked, gone.

use std::time::{Duration, Instant};

use countersign_tests::{keyring::Keyring, window::Bus};

use crate::scene::{Scene, TOKENS};

/// A locked keyring is said to be locked within this time, on a machine that is not busy.
const LOCKED: Duration = Duration::from_secs(20);

#[test]
fn values_go_to_the_keyring_and_servers_get_them_from_there() {
    let mut scene = Scene::bare();
    let before = scene.texts();
    let bus = Bus::start();
    scene.home.set("DBUS_SESSION_BUS_ADDRESS", &bus.address);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let keyring = Keyring::unlocked(&bus.address, folder.path());
    scene
        .run(&["secrets", "migrate", "--all"])
        .fine()
        .says("moved to the keyring");
    assert!(!scene.home.data().join("vault.bin").exists());
    scene.start(".claude.json", "github", "");
    let (_, environment) = scene.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], TOKENS[0]);
    keyring.end();

    let locked = Keyring::locked(&bus.address, folder.path());
    let begun = Instant::now();
    let output = scene.start(".claude.json", "github", "");
    assert_eq!(output.status.code(), Some(122));
    scene
        .run(&["secrets", "undo"])
        .exits(3)
        .complains("it is locked");
    assert!(begun.elapsed() < LOCKED, "nothing waits for a password");
    assert_eq!(scene.status()["vault"]["state"], "locked");
    locked.end();

    scene
        .run(&["secrets", "undo"])
        .exits(3)
        .complains("keyring");
    assert_eq!(scene.status()["vault"]["state"], "none");

    let _keyring = Keyring::unlocked(&bus.address, folder.path());
    scene.run(&["secrets", "undo"]).fine();
    assert_eq!(scene.texts(), before);
}
