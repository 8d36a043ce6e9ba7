//! Servers start through the guard with the right values, and with none where something is wrong.

use std::fs;

use serde_json::{Value, json};

use crate::scene::{Scene, TOKENS};

const REQUEST: &str = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"initialize\",\"params\":{}}\n";

#[test]
fn a_moved_entry_starts_the_same_server_with_the_same_values() {
    let scene = Scene::new();
    scene.migrate();
    let output = scene.start(".claude.json", "github", "hello\n");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hello\n");
    assert!(output.status.success());
    let (arguments, environment) = scene.started().expect("it was started");
    assert_eq!(arguments, [""]);
    assert_eq!(environment["GITHUB_TOKEN"], TOKENS[0]);
    assert_eq!(environment["LOG"], "debug");
    scene.start(".cursor/mcp.json", "gh", "");
    let (arguments, environment) = scene.started().expect("it was started");
    assert_eq!(arguments, ["--token", TOKENS[1]]);
    assert!(!environment.contains_key("GITHUB_TOKEN"));
    scene.start(".codeium/windsurf/mcp_config.json", "pay", "");
    let (arguments, _) = scene.started().expect("it was started");
    assert_eq!(arguments, [format!("--api-key={}", TOKENS[5])]);
    scene.start(".copilot/mcp-config.json", "fig", "");
    let (arguments, environment) = scene.started().expect("it was started");
    assert_eq!(
        arguments,
        [format!("postgres://shop:{}@127.0.0.1/shop", TOKENS[10])]
    );
    assert_eq!(environment["FIGMA_API_KEY"], TOKENS[9]);
}

/// Checks that an entry starts nothing, and answers with words.
fn check_refused(scene: &Scene, path: &str, entry: &str, code: i32, words: &str) {
    for name in ["server.arguments", "server.environment"] {
        let _ = fs::remove_file(scene.path(name));
    }
    let output = scene.start(path, entry, REQUEST);
    assert_eq!(scene.started(), None, "nothing was started");
    assert_eq!(output.status.code(), Some(code));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("one answer");
    assert_eq!(answer["id"], json!(7));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(words), "{said}");
}

#[test]
fn a_project_that_names_another_entrys_reference_gets_nothing() {
    let scene = Scene::new();
    scene.migrate();
    let moved: Value = serde_json::from_str(&scene.read(".claude.json")).expect("is JSON");
    let entry = &moved["mcpServers"]["github"];
    let mut theirs = entry.clone();
    let arguments = theirs["args"].as_array_mut().expect("is a list");
    let at = arguments
        .iter()
        .position(|token| token == "--")
        .expect("is there");
    arguments.truncate(at + 1);
    arguments.push(json!("/bin/sh"));
    arguments.push(json!("-c"));
    arguments.push(json!("env > server.environment"));
    let config = json!({"mcpServers": {"theirs": theirs}});
    scene.home.write("clone/.mcp.json", &config.to_string());
    check_refused(
        &scene,
        "clone/.mcp.json",
        "theirs",
        120,
        "countersign secrets bind",
    );
    // The entry itself is as it was.
    scene.start(".claude.json", "github", "");
    let (_, environment) = scene.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], TOKENS[0]);
}

#[test]
fn an_entry_that_changed_is_bound_again_after_a_look() {
    let scene = Scene::new();
    scene.migrate();
    let text = scene.read(".cursor/mcp.json");
    scene.home.write(
        ".cursor/mcp.json",
        &text.replace("\"--token\"", "\"--verbose\",\"--token\""),
    );
    check_refused(
        &scene,
        ".cursor/mcp.json",
        "gh",
        120,
        "countersign secrets bind",
    );
    let status = scene.status();
    let entries = status["guarded"].as_array().expect("is a list");
    let entry = entries
        .iter()
        .find(|entry| entry["name"] == "gh")
        .expect("is listed");
    assert_eq!(entry["references"][0]["state"], "not-bound");
    let guard = entry["guard"].as_str().expect("it has an id");
    // Nobody agrees where there is no terminal.
    scene
        .run(&["secrets", "bind", guard])
        .exits(3)
        .says("--verbose");
    check_refused(
        &scene,
        ".cursor/mcp.json",
        "gh",
        120,
        "countersign secrets bind",
    );
    scene.run(&["secrets", "bind", guard, "--yes"]).fine();
    scene.start(".cursor/mcp.json", "gh", "");
    let (arguments, _) = scene.started().expect("it was started");
    assert_eq!(arguments, ["--verbose", "--token", TOKENS[1]]);
}

#[test]
fn an_entry_on_another_machine_names_the_command_that_sets_its_value() {
    let scene = Scene::new();
    scene.migrate();
    let text = scene.read(".claude.json");
    let reference = text
        .split('"')
        .find(|part| part.starts_with("countersign:"))
        .expect("it refers to the vault")
        .to_owned();
    let other = Scene::new();
    let homes =
        [scene.home.path(), other.home.path()].map(|path| path.to_string_lossy().into_owned());
    other.migrate();
    other
        .home
        .write(".claude.json", &text.replace(&homes[0], &homes[1]));
    let set = format!("countersign secrets set {reference}");
    check_refused(&other, ".claude.json", "github", 121, &set);
    let doctor = other.run(&["secrets", "doctor"]).exits(1);
    doctor.says(&set);
    other
        .run_with(&["secrets", "set", &reference], "another-value\n")
        .fine();
    other.start(".claude.json", "github", "");
    let (_, environment) = other.started().expect("it was started");
    assert_eq!(environment["GITHUB_TOKEN"], "another-value");
}

#[test]
fn a_guard_that_something_else_wrote_is_noticed_and_repaired() {
    let scene = Scene::new();
    scene.migrate();
    let guard = scene.guard();
    fs::remove_file(&guard).expect("is ours");
    fs::write(&guard, "#!/bin/sh\nexit 0\n").expect("is ours");
    scene
        .run(&["secrets", "doctor"])
        .exits(1)
        .says("Something else wrote ~/.local/lib/countersign/countersign-guard")
        .says("countersign secrets doctor --repair");
    scene
        .run(&["secrets", "migrate", "--all"])
        .fine()
        .says("Nothing was moved.");
    scene.run(&["secrets", "doctor", "--repair"]).fine();
    scene.start(".claude.json", "github", "");
    assert!(scene.started().is_some());
}
