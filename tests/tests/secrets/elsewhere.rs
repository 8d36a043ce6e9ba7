//! Values that a secret manager has, and what git keeps of a file.

use std::fs;

use crate::scene::{Scene, TOKENS};

#[test]
fn a_reference_is_handed_to_a_secret_manager_and_asked_there_at_each_start() {
    let mut scene = Scene::new();
    scene.migrate();
    scene
        .run(&["secrets", "set", "github", "--from", "env:MY_TOKEN"])
        .fine()
        .says("an environment variable is asked for it");
    scene.home.set("MY_TOKEN", "from-the-environment");
    scene.start(".claude.json", "github", "");
    let (_, environment) = scene.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], "from-the-environment");
    scene
        .run(&["secrets", "set", "github", "--from", "nowhere://x"])
        .exits(3)
        .complains("failed to");
    scene
        .run(&["secrets", "undo"])
        .exits(3)
        .says("a secret manager has it now");
    scene.run(&["secrets", "undo", "--values", "old"]).fine();
    assert!(scene.read(".claude.json").contains(TOKENS[0]));
}

#[test]
fn the_history_of_a_file_outside_a_repository_is_not_searched() {
    let scene = Scene::new();
    let file = scene.path(".claude.json");
    scene
        .run(&["secrets", "history", &file.to_string_lossy()])
        .exits(3)
        .complains("it lies in no git repository");
}

#[test]
fn a_vault_with_a_passphrase_is_made_unlocked_and_locked() {
    let scene = Scene::bare();
    scene
        .run(&["vault", "lock"])
        .exits(3)
        .complains("only an encrypted file with a passphrase");
    let ran = scene.run_with(&["vault", "make"], "a long passphrase\n");
    if ran.code != 0 {
        // A machine whose kernel keeps no keys for a session says so, and a key file serves there.
        ran.complains("keep the vault unlocked");
        assert!(!fs::exists(scene.home.data().join("vault.bin")).expect("is asked"));
        return;
    }
    scene
        .run(&["vault"])
        .fine()
        .says("encrypted file (passphrase) ready");
    scene.run(&["vault", "lock"]).fine();
    scene
        .run(&["secrets", "migrate", "--all"])
        .exits(3)
        .complains("`countersign vault unlock`");
    scene
        .run_with(&["vault", "unlock"], "another passphrase\n")
        .exits(3)
        .complains("does not fit");
    scene
        .run_with(&["vault", "unlock"], "a long passphrase\n")
        .fine();
    scene.migrate();
    scene.start(".claude.json", "github", "");
    assert!(scene.started().is_some());
    scene.run(&["vault", "lock"]).fine();
    let output = scene.start(".claude.json", "github", "");
    assert_eq!(output.status.code(), Some(122));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("countersign vault unlock"), "{said}");
}
