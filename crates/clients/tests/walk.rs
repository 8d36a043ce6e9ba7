//! Walking folders for projects: what is found, what is passed by, and what ends a walk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use countersign_clients::{
    Catalog, Machine,
    walk::{LEVELS_MAX, Markers, Progress, Walked, repository_above, walk},
};
use countersign_model::Os;
use tempfile::TempDir;

#[test]
fn finds_the_folders_that_hold_a_clients_file_or_folder() {
    let folder = folder();
    for path in [
        "a/.mcp.json",
        "b/c/.cursor/mcp.json",
        "d/opencode.json",
        "e/notes.txt",
    ] {
        write(&folder, path);
    }
    let walked = walked(&folder, &Progress::default());
    assert_eq!(below(&folder, &walked), ["a", "b/c", "d"]);
    assert!(!walked.is_partial);
}

#[test]
fn passes_by_what_other_people_wrote() {
    let folder = folder();
    for path in [
        "node_modules/x/.mcp.json",
        "target/.mcp.json",
        ".venv/lib/.mcp.json",
        ".git/.mcp.json",
        "real/.mcp.json",
    ] {
        write(&folder, path);
    }
    assert_eq!(
        below(&folder, &walked(&folder, &Progress::default())),
        ["real"]
    );
}

#[cfg(unix)]
#[test]
fn follows_no_link_and_ends_in_a_circle() {
    let folder = folder();
    let elsewhere = self::folder();
    write(&elsewhere, ".mcp.json");
    write(&folder, "a/.mcp.json");
    let link = |target: &Path, name: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(name)).expect("links");
    };
    link(elsewhere.path(), "away");
    link(folder.path(), "a/again");
    assert_eq!(
        below(&folder, &walked(&folder, &Progress::default())),
        ["a"]
    );
}

#[test]
fn says_that_it_stopped_at_a_bound() {
    let folder = folder();
    let deep = vec!["x"; LEVELS_MAX + 3].join("/");
    write(&folder, &format!("{deep}/.mcp.json"));
    let walked = walked(&folder, &Progress::default());
    assert!(walked.projects.is_empty());
    assert!(
        walked.is_partial,
        "nothing found is not the same as nothing there"
    );
}

#[test]
fn a_cancelled_walk_is_partial() {
    let folder = folder();
    write(&folder, "a/.mcp.json");
    let progress = Progress::default();
    progress.cancel();
    let walked = walked(&folder, &progress);
    assert!(walked.is_partial);
    assert!(walked.projects.is_empty());
}

#[test]
fn a_folder_that_is_not_there_holds_nothing() {
    let roots = [PathBuf::from("/no/such/folder")];
    let walked = walk(&roots, &markers(), &Progress::default());
    assert_eq!(walked, Walked::default());
}

#[test]
fn finds_the_repository_above_a_folder_and_stops_at_the_home() {
    let folder = folder();
    let home = folder.path();
    for path in [
        "repo/.git/HEAD",
        "repo/packages/app/.mcp.json",
        "loose/app/.mcp.json",
    ] {
        write(&folder, path);
    }
    fs::create_dir(home.join(".git")).expect("is made");
    let above = |path: &str| repository_above(&home.join(path), home);
    assert_eq!(above("repo/packages/app"), Some(home.join("repo")));
    assert_eq!(above("repo"), None, "it is one itself");
    assert_eq!(above("loose/app"), None, "the home is no project");
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn write(folder: &TempDir, path: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
    fs::write(path, "{}").expect("writes");
}

fn markers() -> Markers {
    Markers::of(
        &Catalog::built_in(),
        &Machine::new(Os::Linux, "/home/dev", []),
    )
}

fn walked(folder: &TempDir, progress: &Progress) -> Walked {
    walk(&[folder.path().to_owned()], &markers(), progress)
}

fn below(folder: &TempDir, walked: &Walked) -> Vec<String> {
    let shorten = |path: &PathBuf| {
        let path = path.strip_prefix(folder.path()).expect("is below");
        path.to_string_lossy().replace('\\', "/")
    };
    walked.projects.iter().map(shorten).collect()
}
