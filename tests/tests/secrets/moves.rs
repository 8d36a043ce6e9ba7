//! Planning, moving, taking back.

use std::{fs, os::unix::fs::PermissionsExt};

use serde_json::Value;

use crate::scene::{Scene, TOKENS, is_guard};

#[test]
fn one_command_moves_ten_files_of_four_formats_and_another_gives_every_byte_back() {
    let scene = Scene::new();
    let before = scene.texts();
    let ran = scene.run(&["secrets", "migrate", "--all"]).fine();
    let ran = ran.says("11 credentials moved to the encrypted file (key file), 10 files edited.");
    for token in TOKENS {
        let _ = ran.clone().never_says(token);
    }
    for (path, text) in scene.texts() {
        assert!(text.contains("countersign-guard"), "{}", path.display());
        let left = TOKENS.iter().find(|&&token| text.contains(token));
        assert_eq!(left, None, "in {}", path.display());
        let mode = fs::metadata(&path).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
    assert!(is_guard(&scene.guard()));
    let status = scene.status();
    assert_eq!(status["guarded"].as_array().map(Vec::len), Some(10));
    assert_eq!(status["plan"]["credentials"], 0);
    let ran = scene.run(&["secrets", "undo"]).fine();
    ran.says("as it was, byte for byte");
    assert_eq!(scene.texts(), before);
}

#[test]
fn planning_changes_nothing_and_shows_no_value() {
    let scene = Scene::new();
    let before = scene.home.state();
    for arguments in [
        &["secrets"] as &[&str],
        &["secrets", "list"],
        &["secrets", "list", "--json"],
        &["secrets", "plan"],
        &["secrets", "plan", "--json", "--join", "--consent"],
        &["secrets", "plan", "github"],
        &["secrets", "migrate", "--all", "--dry-run"],
        &["secrets", "status"],
    ] {
        let ran = scene.run(arguments).fine();
        for token in TOKENS {
            let _ = ran.clone().never_says(token);
        }
    }
    assert_eq!(scene.home.state(), before);
    let plan = scene.run(&["secrets", "plan", "--json"]).fine().json();
    assert_eq!(plan["credentials"], 11);
    let files = plan["files"].as_array().expect("is a list");
    assert_eq!(files.len(), 10);
    for file in files {
        let lines = file["diff"].as_array().expect("is a list");
        let has = |mark: &str| lines.iter().any(|line| line["mark"] == mark);
        assert!(has("removed") && has("added"), "{file}");
    }
    scene
        .run(&["secrets", "plan", "github"])
        .fine()
        .says("1 credential would go into the vault, 1 file would be edited.")
        .says("countersign:");
}

#[test]
fn moves_what_is_named_and_nothing_else() {
    let scene = Scene::new();
    let before = scene.texts();
    scene.run(&["secrets", "migrate", "github"]).fine();
    let changed: Vec<_> = scene
        .texts()
        .into_iter()
        .filter(|(path, text)| before.get(path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, [scene.path(".claude.json")]);
    scene
        .run(&["secrets", "migrate", "nobody"])
        .exits(3)
        .complains("failed to find an entry named `nobody`");
    scene.run(&["secrets", "migrate"]).exits(2);
    scene
        .run(&["secrets", "migrate", "github"])
        .fine()
        .says("Nothing was moved.");
}

#[test]
fn a_file_that_no_client_is_known_to_read_is_moved_once_the_user_agrees() {
    let scene = Scene::new();
    let text = format!(
        r#"{{"mcpServers": {{"own": {{"command": "srv", "env": {{"GITHUB_TOKEN": "{}"}}}}}}}}"#,
        TOKENS[0]
    );
    let file = scene.home.write("anywhere/my.json", &text);
    let name = file.to_string_lossy().into_owned();
    let migrate = ["secrets", "migrate", "own", "--file", &name];
    scene.run(&migrate).fine().says("Agree to editing it");
    assert_eq!(fs::read_to_string(&file).expect("is there"), text);
    let ran = scene.run(&[&migrate[..], &["--consent"]].concat()).fine();
    ran.says("1 credential moved");
    assert!(
        !fs::read_to_string(&file)
            .expect("is there")
            .contains(TOKENS[0])
    );
    scene.run(&["secrets", "undo"]).fine();
    assert_eq!(fs::read_to_string(&file).expect("is there"), text);
}

#[test]
fn an_entry_is_taken_back_alone_and_its_neighbours_stay_guarded() {
    let scene = Scene::new();
    let before = scene.texts();
    scene.migrate();
    scene.run(&["secrets", "take-back", "slack"]).fine();
    let codex = scene.path(".codex/config.toml");
    assert_eq!(scene.texts()[&codex], before[&codex]);
    assert_eq!(scene.status()["guarded"].as_array().map(Vec::len), Some(9));
    // What was taken back by hand is no obstacle for the rest of its move.
    scene.run(&["secrets", "undo"]).fine();
    assert_eq!(scene.texts(), before);
}

#[test]
fn leaving_restores_everything_even_without_a_journal() {
    for has_journal in [true, false] {
        let scene = Scene::new();
        let before = scene.texts();
        scene.migrate();
        let guard = scene.guard();
        if !has_journal {
            for name in [
                "countersign.sqlite3",
                "countersign.sqlite3-wal",
                "countersign.sqlite3-shm",
            ] {
                let _ = fs::remove_file(scene.home.data().join(name));
            }
        }
        scene
            .run(&["leave"])
            .fine()
            .says("Nothing refers to Countersign any more.");
        let after = scene.texts();
        if has_journal {
            assert_eq!(after, before);
        }
        for (path, text) in after {
            let is_ours = text.contains("countersign-guard") || text.contains("countersign:");
            assert!(!is_ours, "{}: {text}", path.display());
            for token in TOKENS
                .iter()
                .filter(|&&token| before[&path].contains(token))
            {
                assert!(text.contains(token), "{}: {text}", path.display());
            }
        }
        assert!(!guard.exists(), "the guard is gone");
    }
}

#[test]
fn leaving_says_what_it_could_not_restore() {
    let scene = Scene::new();
    scene.migrate();
    let data = scene.home.data();
    for name in ["countersign.sqlite3", "vault.bin", "vault.json"] {
        let _ = fs::remove_file(data.join(name));
    }
    let key = scene
        .home
        .beside("other-key")
        .to_string_lossy()
        .into_owned();
    scene.run(&["vault", "make", "--key-file", &key]).fine();
    let ran = scene.run(&["leave"]).exits(3);
    let ran = ran
        .says("left as it is")
        .says("keep it until they are taken back");
    ran.says(".codex/config.toml");
    assert!(
        scene
            .read(".codex/config.toml")
            .contains("countersign-guard")
    );
    // The entries go through it still.
    assert!(scene.guard().exists());
}

#[test]
fn without_a_keyring_and_without_a_choice_nothing_is_moved() {
    let scene = Scene::bare();
    let before = scene.home.state();
    scene
        .run(&["secrets", "migrate", "--all"])
        .exits(3)
        .complains("this session has none")
        .complains("`countersign vault make`");
    assert_eq!(scene.home.state(), before);
}

#[test]
fn what_git_tracks_stays_and_says_what_serves_instead() {
    let scene = Scene::new();
    let text = format!(
        r#"{{"mcpServers": {{"shop": {{"command": "./server", "env": {{"GITHUB_TOKEN": "{}"}}}}}}}}"#,
        TOKENS[0]
    );
    let file = scene.home.write("shop/.mcp.json", &text);
    scene.home.write("shop/.git/HEAD", "ref: refs/heads/main\n");
    scene.home.write("shop/.git/objects/info/x", "");
    scene.home.write("shop/.git/refs/heads/x", "");
    let shop = scene.home.path().join("shop");
    scene
        .run(&["settings", "add-folder", &shop.to_string_lossy()])
        .fine();
    let ran = scene.run(&["secrets", "migrate", "shop"]).fine();
    ran.says("Nothing was moved.")
        .says("Git would track this file")
        .says("${NAME}");
    assert_eq!(fs::read_to_string(file).expect("is there"), text);
}

#[test]
fn the_json_of_every_command_says_what_was_done() {
    let scene = Scene::new();
    let moved = scene
        .run(&["secrets", "migrate", "--all", "--json"])
        .fine()
        .json();
    assert_eq!(moved["moved"]["files"], 10);
    assert_eq!(moved["moved"]["credentials"], 11);
    let status = scene.status();
    let moves = status["moves"].as_array().expect("is a list");
    assert_eq!((moves.len(), &moves[0]["state"]), (1, &Value::from("done")));
    let doctor = scene.run(&["secrets", "doctor", "--json"]).fine().json();
    assert_eq!(doctor["is_fine"], true);
    let undone = scene.run(&["secrets", "undo", "--json"]).fine().json();
    let files = undone["files"].as_array().expect("is a list");
    assert!(
        files.len() == 10 && files.iter().all(|file| file["outcome"] == "exact"),
        "{undone}"
    );
    scene
        .run(&["secrets", "undo"])
        .exits(3)
        .complains("failed to find a move that can be taken back");
    let vault = scene.run(&["vault", "status", "--json"]).fine().json();
    assert_eq!(vault["state"], "ready");
}
