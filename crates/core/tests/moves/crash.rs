//! A crash at any step leaves the old or the new state, and the next start mends the rest.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use countersign_core::{
    decide::Origin,
    moves::{self, Means, Step, recover},
};
use countersign_model::references;
use countersign_store::MoveState;

use crate::scene::{GITHUB, OTHER, Scene};

const STEPS_MAX: usize = 100;

/// A busy machine may take long.
const DEADLINE: Duration = Duration::from_secs(60);

fn scene() -> Scene {
    let server = |value: &str| {
        format!(
            r#"{{ "mcpServers": {{ "x": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{value}" }} }} }} }}"#
        )
    };
    Scene::new(&[
        (".cursor/mcp.json", &server(GITHUB)),
        (".claude.json", &server(OTHER)),
    ])
}

/// Runs `act` and ends it at a step, as a crash would. Returns whether there was such a step.
fn crash_at(step: usize, act: impl FnOnce(&mut dyn FnMut(Step))) -> bool {
    let mut number = 0;
    let ended = catch_unwind(AssertUnwindSafe(|| {
        act(&mut |_| {
            assert_ne!(number, step, "the crash");
            number += 1;
        });
    }));
    ended.is_err()
}

fn texts(scene: &Scene) -> Vec<String> {
    [".cursor/mcp.json", ".claude.json"]
        .map(|path| scene.read(path))
        .into()
}

fn mend(means: &Means<'_>) {
    assert!(recover::is_needed(means.setup).expect("is asked"));
    let begun = Instant::now();
    // A process that another test is just starting holds a copy of every open file for a moment, and with it
    // the lock by which a move is alone.
    while recover::is_needed(means.setup).expect("is asked") {
        assert!(begun.elapsed() < DEADLINE, "it is not mended");
        recover::recover(means, &mut |_| {}).expect("is mended");
    }
}

fn check_whole(scene: &Scene, means: &Means<'_>, before: &[String]) {
    let now = texts(scene);
    assert_eq!(scene.files().len(), 2, "nothing is left beside the files");
    let is_old = now == before;
    let ids: Vec<_> = now
        .iter()
        .flat_map(|text| references(text).into_iter().map(|(_, id)| id))
        .collect();
    assert!(is_old || ids.len() == 2, "{now:?}");
    for id in ids {
        assert!(means.vault.item(id).is_ok(), "what is referred to is there");
    }
}

#[test]
fn a_move_that_crashes_is_taken_back() {
    let mut crashes = 0;
    for step in 0..STEPS_MAX {
        let scene = scene();
        let before = texts(&scene);
        let means = scene.means();
        let plan = scene.plan();
        let is_crashed = crash_at(step, |watcher| {
            let _ = moves::carry_out(&means, &plan, Origin::Window, watcher);
        });
        if !is_crashed {
            break;
        }
        crashes += 1;
        let is_done = scene.setup.store.moves().expect("is read")[0].state == MoveState::Done;
        if !is_done {
            mend(&means);
            assert_eq!(texts(&scene), before, "step {step}");
        }
        check_whole(&scene, &means, &before);
    }
    assert_eq!(crashes, 12, "steps of a move of two files");
}

#[test]
fn a_move_back_that_crashes_is_finished() {
    let mut crashes = 0;
    for step in 0..STEPS_MAX {
        let scene = scene();
        let before = texts(&scene);
        let means = scene.means();
        let id = scene.carry_out(&means).id;
        let is_crashed = crash_at(step, |watcher| {
            let _ = moves::undo(&means, id, None, watcher);
        });
        if !is_crashed {
            break;
        }
        crashes += 1;
        if scene.setup.store.moves().expect("is read")[0].state == MoveState::Undoing {
            mend(&means);
        }
        assert_eq!(texts(&scene), before, "step {step}");
        check_whole(&scene, &means, &before);
    }
    assert_eq!(crashes, 11, "steps of undoing a move of two files");
}

#[test]
fn mending_that_crashes_is_mended() {
    for first in [1, 4, 6, 10] {
        for second in 0..4 {
            let scene = scene();
            let before = texts(&scene);
            let means = scene.means();
            let plan = scene.plan();
            assert!(crash_at(first, |watcher| {
                let _ = moves::carry_out(&means, &plan, Origin::Window, watcher);
            }));
            crash_at(second, |watcher| {
                let _ = recover::recover(&means, watcher);
            });
            if recover::is_needed(&scene.setup).expect("is asked") {
                mend(&means);
            }
            assert_eq!(texts(&scene), before);
            check_whole(&scene, &means, &before);
        }
    }
}

#[test]
fn a_move_that_another_process_is_making_is_left_alone() {
    let scene = scene();
    let means = scene.means();
    let plan = scene.plan();
    let mut mended = None;
    moves::carry_out(&means, &plan, Origin::Window, &mut |step| {
        if step == Step::Written(0) {
            mended = Some(recover::recover(&means, &mut |_| {}).expect("answers"));
        }
    })
    .expect("is carried out");
    assert_eq!(mended, Some(Vec::new()));
    assert!(texts(&scene).iter().all(|text| !text.contains("ghp_")));
}
