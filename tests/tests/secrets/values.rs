//! New values, joined values, and what undoing makes of them.

use crate::scene::{Scene, TOKENS};

const NEW: &str = "ghp_Nw1Zs2Wx3Ed4Cr5Fv6Tg7By8Hn9Uj0MiKoLpQ";

#[test]
fn a_new_value_is_taken_from_standard_input_and_used_at_the_next_start() {
    let scene = Scene::new();
    scene.migrate();
    let ran = scene
        .run_with(&["secrets", "set", "github"], &format!("{NEW}\n"))
        .fine();
    ran.says("GITHUB_TOKEN of github").never_says(NEW);
    scene.start(".claude.json", "github", "");
    let (_, environment) = scene.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], NEW);
    scene
        .run_with(&["secrets", "set", "github"], "")
        .exits(3)
        .complains("it is empty");
}

/// What is in the memory of a process that takes a value is in no core dump.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_takes_a_value_leaves_no_core_dump() {
    use std::{
        process::Stdio,
        thread,
        time::{Duration, Instant},
    };
    const DEADLINE: Duration = Duration::from_secs(60);
    let scene = Scene::new();
    scene.migrate();
    let mut command = scene.home.command(&["secrets", "set", "github"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    let limits = format!("/proc/{}/limits", child.id());
    let has_none = || {
        let limits = std::fs::read_to_string(&limits).unwrap_or_default();
        let line = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        line.is_some_and(|line| line.split_whitespace().rev().nth(1) == Some("0"))
    };
    let begun = Instant::now();
    while !has_none() {
        assert!(begun.elapsed() < DEADLINE, "it may leave a core dump");
        thread::sleep(Duration::from_millis(20));
    }
    drop(child.stdin.take());
    child.wait().expect("it ends");
}

#[test]
fn a_reference_that_nothing_has_is_not_set() {
    let scene = Scene::new();
    let reference = format!("countersign:{}", "ab".repeat(16));
    scene
        .run_with(&["secrets", "set", &reference], "value\n")
        .exits(3)
        .complains("failed to find an entry that refers to");
    scene.migrate();
    scene
        .run_with(&["secrets", "set", "fig"], "value\n")
        .exits(3)
        .complains("failed to choose one of the references of `fig`")
        .complains("FIGMA_API_KEY");
    scene
        .run_with(&["secrets", "set", "fig", "FIGMA_API_KEY"], "value\n")
        .fine();
    scene
        .run_with(&["secrets", "set", "plain"], "value\n")
        .exits(3)
        .complains("failed to find a reference in `plain`");
}

#[test]
fn undoing_asks_which_of_two_values_is_written() {
    for (choice, value) in [("old", TOKENS[0]), ("present", NEW)] {
        let scene = Scene::new();
        let before = scene.texts();
        scene.migrate();
        let moved = scene.texts();
        scene.run_with(&["secrets", "set", "github"], NEW).fine();
        let ran = scene.run(&["secrets", "undo"]).exits(3);
        ran.says("Nothing was done").says("--values present");
        assert_eq!(scene.texts(), moved);
        scene.run(&["secrets", "undo", "--values", choice]).fine();
        let after = scene.texts();
        let claude = scene.path(".claude.json");
        assert!(after[&claude].contains(value));
        for (path, text) in &before {
            if *path != claude || choice == "old" {
                assert_eq!(after.get(path), Some(text), "{}", path.display());
            }
        }
    }
}

#[test]
fn undoing_one_of_two_joined_entries_leaves_the_other_working() {
    let scene = Scene::new();
    let text = scene.read(".claude.json");
    scene.home.write(".cursor/mcp.json", &text);
    scene.run(&["secrets", "migrate", "--all", "--join"]).fine();
    let ids = |path: &str| {
        let text = scene.read(path);
        let id = text
            .split('"')
            .find(|part| part.starts_with("countersign:"));
        id.expect("it refers to the vault").to_owned()
    };
    assert_eq!(ids(".claude.json"), ids(".cursor/mcp.json"));
    let status = scene.status();
    let entries = status["guarded"].as_array().expect("is a list");
    let cursor = entries
        .iter()
        .find(|entry| entry["file"] == "~/.cursor/mcp.json")
        .expect("is listed");
    let id = cursor["entry"].as_str().expect("it has an id");
    scene.run(&["secrets", "take-back", id]).fine();
    assert_eq!(scene.read(".cursor/mcp.json"), text);
    scene.start(".claude.json", "github", "");
    let (_, environment) = scene.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], TOKENS[0]);
}

#[test]
fn equal_names_in_three_places_never_share_an_item() {
    let scene = Scene::new();
    let text = scene.read(".claude.json");
    scene.home.write("one/.mcp.json", &text);
    scene.home.write("two/.mcp.json", &text);
    for folder in ["one", "two"] {
        let folder = scene.home.path().join(folder);
        scene
            .run(&["settings", "add-folder", &folder.to_string_lossy()])
            .fine();
    }
    scene.run(&["secrets", "migrate", "--all"]).fine();
    let mut ids: Vec<String> = [".claude.json", "one/.mcp.json", "two/.mcp.json"]
        .iter()
        .map(|path| {
            let text = scene.read(path);
            let id = text
                .split('"')
                .find(|part| part.starts_with("countersign:"));
            id.unwrap_or_else(|| panic!("{path}: {text}")).to_owned()
        })
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}
