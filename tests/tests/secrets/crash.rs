//! A move that is killed at any step leaves the old or the new state, and the next start mends the rest.

use std::{os::unix::process::ExitStatusExt, process::Command};

use crate::scene::{Scene, TOKENS};

const STEPS_MAX: usize = 200;

/// Runs the mover until it kills itself at a step; returns whether it came to that step.
fn killed_at(scene: &Scene, what: &str, step: usize) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mover"));
    command.args([what, &step.to_string()]);
    scene.home.environment(&mut command);
    let output = command.output().expect("it can be started");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.signal() {
        Some(9) => true,
        None if output.status.success() => false,
        other => panic!("{what} at {step} ended with {other:?}: {error}"),
    }
}

/// Leaves two files, so that a run has few steps.
fn small() -> Scene {
    let scene = Scene::new();
    for path in scene.texts().into_keys() {
        let name = path.to_string_lossy().into_owned();
        if !name.ends_with(".claude.json") && !name.ends_with(".codex/config.toml") {
            std::fs::write(&path, "{}").expect("is ours");
        }
    }
    scene
}

#[test]
fn a_killed_move_is_taken_back_at_the_next_start() {
    let mut kills = 0;
    for step in 0..STEPS_MAX {
        let scene = small();
        let before = scene.texts();
        if !killed_at(&scene, "migrate", step) {
            break;
        }
        kills += 1;
        if step == 4 {
            // A scan mends nothing, and says so.
            let ran = scene.run(&["scan", "--no-running"]).fine();
            ran.says("a move of credentials was cut off");
        }
        let status = scene.status();
        assert_eq!(status["unfinished"], serde_json::Value::Null, "step {step}");
        let state = status["moves"][0]["state"].as_str().unwrap_or("none");
        let after = scene.texts();
        match state {
            "done" => {
                let text: String = after.into_values().collect();
                assert!(TOKENS.iter().all(|&token| !text.contains(token)));
                scene
                    .run(&["secrets", "doctor"])
                    .exits(1)
                    .says("is not there");
                scene.run(&["secrets", "undo"]).fine();
                assert_eq!(scene.texts(), before, "step {step}");
            }
            "failed" | "none" => assert_eq!(after, before, "step {step}"),
            other => panic!("step {step} left a move that is {other}"),
        }
        check_nothing_beside(&scene);
    }
    assert_eq!(kills, 12, "steps of a move of two files");
}

#[test]
fn a_killed_undo_is_finished_at_the_next_start() {
    let mut kills = 0;
    for step in 0..STEPS_MAX {
        let scene = small();
        let before = scene.texts();
        assert!(!killed_at(&scene, "migrate", STEPS_MAX));
        if !killed_at(&scene, "undo", step) {
            break;
        }
        kills += 1;
        let status = scene.status();
        assert_eq!(status["unfinished"], serde_json::Value::Null, "step {step}");
        assert_eq!(status["moves"][0]["state"], "undone", "step {step}");
        assert_eq!(scene.texts(), before, "step {step}");
        check_nothing_beside(&scene);
    }
    assert_eq!(kills, 11, "steps of undoing a move of two files");
}

/// Checks that no temporary file of ours is left.
fn check_nothing_beside(scene: &Scene) {
    let left = scene
        .home
        .state()
        .into_keys()
        .find(|path| path.to_string_lossy().contains("countersign-new"));
    assert_eq!(left, None);
}
