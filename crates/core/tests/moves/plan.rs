//! What a plan moves, what it leaves, and that it shows no value.

use std::process::Command;

use countersign_core::moves::{Obstacle, Request};

use countersign_store::Settings;

use crate::scene::{GITHUB, OTHER, Scene};

fn server(extra: &str) -> String {
    format!(
        r#"{{ "mcpServers": {{ "github": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{GITHUB}" }}{extra} }} }} }}"#
    )
}

/// Plans for one file, and returns the codes of what keeps its credentials there.
fn obstacles(path: &str, text: &str) -> Vec<&'static str> {
    let plan = Scene::new(&[(path, text)]).plan();
    assert_eq!(plan.files.len() + plan.kept.len(), 1, "{plan:?}");
    plan.kept.iter().map(|kept| kept.obstacle.code()).collect()
}

#[test]
fn no_value_is_in_what_a_plan_shows() {
    let remote = format!(
        r#"{{ "mcpServers": {{ "r": {{ "url": "https://mcp.example.com/?api_key={GITHUB}", "headers": {{ "X-Api-Key": "{OTHER}" }} }} }} }}"#
    );
    let scene = Scene::new(&[(".cursor/mcp.json", &remote), (".claude.json", &server(""))]);
    let plan = scene.plan();
    assert_eq!(plan.moves(), 3);
    let shown = format!("{plan:?}");
    let lines: Vec<&str> = plan
        .files
        .iter()
        .flat_map(|file| file.diff.iter().map(|line| line.text.as_str()))
        .collect();
    for secret in [GITHUB, OTHER] {
        assert!(!shown.contains(secret) && !lines.concat().contains(secret));
    }
    assert!(
        lines.iter().any(|line| line.contains("countersign:")),
        "{lines:?}"
    );
}

#[test]
fn looking_at_a_plan_writes_nothing() {
    let scene = Scene::new(&[(".claude.json", &server(""))]);
    let before = scene.files();
    scene.plan();
    assert_eq!(scene.files(), before);
}

#[test]
fn what_the_client_fills_in_stays() {
    let expands = server("").replace("[\"srv\"]", "[\"${HOME}/srv\"]");
    assert_eq!(obstacles(".cursor/mcp.json", &expands), ["client-expands"]);
    assert_eq!(obstacles(".cursor/mcp.json", &server("")), [""; 0]);
}

#[test]
fn a_file_with_two_members_of_one_name_is_not_edited() {
    let twice = server("").replace("\"args\"", "\"command\": \"npx\", \"args\"");
    assert_eq!(obstacles(".cursor/mcp.json", &twice), ["duplicate-keys"]);
}

#[test]
fn one_entry_or_one_credential_can_be_moved_alone() {
    let two = format!(
        r#"{{ "mcpServers": {{
          "a": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{GITHUB}", "API_KEY": "{OTHER}" }} }},
          "b": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{GITHUB}" }} }} }} }}"#
    );
    let scene = Scene::new(&[(".cursor/mcp.json", &two)]);
    assert_eq!(scene.plan().moves(), 3);
    let inventory = scene.scan();
    let (_, entry) = inventory
        .entries()
        .find(|(_, entry)| entry.name == "b")
        .expect("is there");
    let one = scene.plan_of(&Request {
        entries: Some(vec![entry.id.clone()]),
        ..Request::default()
    });
    assert_eq!(
        (one.moves(), one.files[0].entries[0].name.as_str()),
        (1, "b")
    );
    let place = one.files[0].entries[0].moves[0].spot.pointer.clone();
    let only = scene.plan_of(&Request {
        pointers: Some(vec![place]),
        ..Request::default()
    });
    assert_eq!(only.moves(), 1);
}

#[test]
fn equal_values_share_an_item_only_where_that_is_asked_for() {
    let two = format!(
        r#"{{ "mcpServers": {{
          "a": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{GITHUB}" }} }},
          "b": {{ "command": "npx", "args": ["srv"], "env": {{ "GITHUB_TOKEN": "{GITHUB}" }} }} }} }}"#
    );
    let scene = Scene::new(&[(".cursor/mcp.json", &two)]);
    let ids = |joins: bool| {
        let plan = scene.plan_of(&Request {
            joins,
            ..Request::default()
        });
        let entries = &plan.files[0].entries;
        (entries[0].moves[0].id, entries[1].moves[0].id)
    };
    let (one, other) = ids(false);
    assert_ne!(one, other);
    let (one, other) = ids(true);
    assert_eq!(one, other);
}

fn git(scene: &Scene, arguments: &[&str]) {
    let ended = Command::new("git")
        .args(["-c", "user.name=dev", "-c", "user.email=dev@example.com"])
        .args(arguments)
        .current_dir(scene.path("shop"))
        .env("HOME", scene.path(""))
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git is installed");
    assert!(ended.status.success(), "git {arguments:?}");
}

#[test]
fn a_file_that_git_tracks_or_would_track_stays() {
    let scene = Scene::new(&[("shop/.mcp.json", &server(""))]);
    scene
        .setup
        .store
        .keep_settings(&Settings {
            folders: vec![scene.path("shop").to_string_lossy().into_owned()],
            ..Settings::default()
        })
        .expect("is kept");
    let obstacle = || {
        let plan = scene.plan();
        plan.kept.first().map(|kept| kept.obstacle.clone())
    };
    assert_eq!(obstacle(), None);
    git(&scene, &["init", "-q"]);
    assert_eq!(obstacle(), Some(Obstacle::WouldBeTracked));
    git(&scene, &["add", "-A"]);
    assert_eq!(obstacle(), Some(Obstacle::Tracked));
    git(&scene, &["rm", "-q", "--cached", ".mcp.json"]);
    scene.write("shop/.gitignore", ".mcp.json\n");
    assert_eq!(obstacle(), None);
}
