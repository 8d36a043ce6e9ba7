//! How files are named, how long they are, and what must not stand in them.

use std::{path::Path, process::Command, sync::LazyLock};

use crate::{none_of, output, read, root};

const RUST_LINES_MAX: usize = 600;
const TYPESCRIPT_LINES_MAX: usize = 600;
const SVELTE_LINES_MAX: usize = 400;
const BANNED_NAMES: [&str; 8] = [
    "common", "data", "helpers", "info", "manager", "misc", "service", "utils",
];
/// The only crates with blocks that the compiler does not check.
const UNSAFE_CRATES: [&str; 3] = ["crates/guard/", "crates/launch/", "crates/vault/"];

#[test]
fn files_are_short_enough_to_read() {
    let limit = |path: &str| match extension(path) {
        "rs" => Some(RUST_LINES_MAX),
        "ts" => Some(TYPESCRIPT_LINES_MAX),
        "svelte" => Some(SVELTE_LINES_MAX),
        _ => None,
    };
    let broken = files()
        .iter()
        .filter(|file| !is_generated_or_test(&file.path))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let limit = limit(&file.path).filter(|limit| lines >= *limit)?;
            Some(format!("{}: {lines} lines, limit {limit}", file.path))
        })
        .collect();
    none_of(broken, "files that want to be split");
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    let is_code = |path: &str| matches!(extension(path), "rs" | "ts" | "svelte");
    let broken = files()
        .iter()
        .filter(|file| is_code(&file.path) && !is_fixture(&file.path))
        .filter(|file| {
            let mut parts = file.path.split('/').map(stem);
            parts.any(|part| BANNED_NAMES.contains(&part.to_lowercase().as_str()))
        })
        .map(|file| file.path.clone())
        .collect();
    none_of(broken, "names without a meaning of their own");
}

#[test]
fn every_crate_opens_with_what_it_is_for() {
    let is_root = |path: &str| {
        let is_ours = path.starts_with("crates/") || path.starts_with("src-tauri/");
        is_ours && (path.ends_with("/src/lib.rs") || path.ends_with("/src/main.rs"))
    };
    let broken = files()
        .iter()
        .filter(|file| is_root(&file.path) && !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    none_of(broken, "crates without documentation");
}

#[test]
fn nothing_is_left_unfinished() {
    // Assembled here, so that this file does not hold them.
    let unfinished = ["to", "unimple"].map(|start| match start {
        "to" => format!("{start}do!("),
        _ => format!("{start}mented!("),
    });
    let broken = rust_lines()
        .filter(|line| unfinished.iter().any(|word| line.text.contains(word)))
        .map(|line| line.to_string())
        .collect();
    none_of(broken, "unfinished code");
}

#[test]
fn no_code_is_commented_out() {
    let broken = rust_lines()
        .filter(|line| looks_like_code(line.text))
        .map(|line| line.to_string())
        .collect();
    none_of(broken, "commented-out code");
}

#[test]
fn only_named_crates_hold_unsafe_code() {
    let keyword = format!("un{}", "safe");
    let is_used = |text: &str| {
        let code = text.split("//").next().unwrap_or_default();
        ["{", "fn ", "impl ", "extern "]
            .iter()
            .any(|next| code.contains(&format!("{keyword} {next}")))
    };
    let broken = rust_lines()
        .filter(|line| !UNSAFE_CRATES.iter().any(|home| line.path.starts_with(home)))
        .filter(|line| is_used(line.text))
        .map(|line| line.to_string())
        .collect();
    none_of(broken, "code that the compiler does not check");
}

#[test]
fn no_file_names_a_path_of_the_machine_it_was_written_on() {
    let places =
        [".cargo/", ".rustup/", ".npm/", ".cache/"].map(|folder| format!("/root/{folder}"));
    let broken = files()
        .iter()
        .filter(|file| !is_fixture(&file.path))
        .flat_map(lines_of)
        .filter(|line| places.iter().any(|place| line.text.contains(place)))
        .map(|line| line.to_string())
        .collect();
    none_of(broken, "paths of one machine");
}

#[test]
fn both_licences_are_there_in_full() {
    let apache = read("LICENSE-APACHE");
    assert!(apache.contains("Version 2.0, January 2004"));
    assert!(apache.contains("END OF TERMS AND CONDITIONS"));
    let mit = read("LICENSE-MIT");
    assert!(mit.contains("The Countersign authors"));
    assert!(mit.contains("THE SOFTWARE IS PROVIDED \"AS IS\""));
}

#[test]
fn the_changelog_is_kept() {
    let changelog = read("CHANGELOG.md");
    let heading = changelog.lines().find(|line| line.starts_with("## "));
    assert_eq!(heading, Some("## [Unreleased]"));
    let known = ["Added", "Changed", "Fixed", "Removed", "Security"];
    let broken = changelog
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .filter(|section| !known.contains(section))
        .map(str::to_owned)
        .collect();
    none_of(broken, "sections of the changelog");
}

/// A file that git tracks or would track, and that is text.
pub(crate) struct TextFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

struct Line<'a> {
    path: &'a str,
    number: usize,
    text: &'a str,
}

impl std::fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { path, number, text } = self;
        write!(f, "{path}:{number}: {}", text.trim())
    }
}

pub(crate) fn files() -> &'static [TextFile] {
    static FILES: LazyLock<Vec<TextFile>> = LazyLock::new(|| {
        let mut list = Command::new("git");
        // The clone may belong to another user than the one who runs the tests.
        list.args(["-c", "safe.directory=*", "ls-files", "-z", "--cached"])
            .args(["--others", "--exclude-standard"])
            .current_dir(root());
        let mut paths: Vec<_> = output(&mut list).split('\0').map(str::to_owned).collect();
        paths.sort();
        paths.dedup();
        paths
            .into_iter()
            .filter_map(|path| {
                let text = std::fs::read_to_string(root().join(&path)).ok()?;
                Some(TextFile { path, text })
            })
            .collect()
    });
    &FILES
}

fn rust_lines() -> impl Iterator<Item = Line<'static>> {
    files()
        .iter()
        .filter(|file| extension(&file.path) == "rs" && !is_fixture(&file.path))
        .flat_map(lines_of)
}

fn lines_of(file: &'static TextFile) -> impl Iterator<Item = Line<'static>> {
    (1..).zip(file.text.lines()).map(|(number, text)| Line {
        path: &file.path,
        number,
        text,
    })
}

fn extension(path: &str) -> &str {
    Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

/// A name up to its first dot.
fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

pub(crate) fn is_fixture(path: &str) -> bool {
    path.split('/').any(|part| part == "fixtures")
}

fn is_generated_or_test(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.any(|part| matches!(part, "fixtures" | "bindings" | "tests"))
        || path.contains(".test.")
        || path.contains(".spec.")
}

/// A comment that ends as a statement does and starts as one does.
fn looks_like_code(line: &str) -> bool {
    let Some(comment) = line.trim().strip_prefix("// ") else {
        return false;
    };
    let comment = comment.trim();
    let starts = [
        "let ", "use ", "pub ", "fn ", "if ", "for ", "while ", "match ", "return ", "self.",
        "assert", "println!", "#[", "}",
    ];
    let ends = comment.ends_with([';', '{', '}', ']']);
    ends && starts.iter().any(|start| comment.starts_with(start))
}

#[test]
fn tells_code_from_a_sentence() {
    assert!(looks_like_code("    // let x = 1;"));
    assert!(looks_like_code("// }"));
    assert!(!looks_like_code("// for each entry; see the table"));
    assert!(!looks_like_code("let x = 1; // why"));
}
