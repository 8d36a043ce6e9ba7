//! Files that are there and cannot be read as they should: each gives its reason, none hangs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use countersign_clients::{
    Catalog, Pattern,
    files::{self, FILE_BYTES_MAX, Found, Gap, MATCHES_MAX},
    read::{self, Row},
};
use countersign_model::{
    ConfigId, ConfigState, LocationConfidence, Os, Position, ReadFailure, Reader, Scope,
    WritePolicy,
};
use tempfile::TempDir;

#[test]
fn nothing_is_absent_and_not_a_failure() {
    let folder = folder();
    assert!(matches!(
        files::read(&folder.path().join("mcp.json")),
        Found::Absent
    ));
    let file = written(&folder, "file", b"{}");
    assert!(matches!(files::read(&file.join("mcp.json")), Found::Absent));
    assert!(files::stat(&folder.path().join("mcp.json")).is_none());
}

#[test]
fn reads_a_file_of_the_limit_and_refuses_one_byte_more() {
    let folder = folder();
    let mut text = vec![b' '; usize::try_from(FILE_BYTES_MAX).expect("fits")];
    text[..2].copy_from_slice(b"{}");
    let file = written(&folder, "mcp.json", &text);
    assert!(matches!(files::read(&file), Found::Text(content) if content.text.len() == text.len()));
    text.push(b' ');
    fs::write(&file, &text).expect("writes");
    let failure = failure(&file);
    assert_eq!(
        failure,
        ReadFailure::TooLarge {
            bytes: FILE_BYTES_MAX + 1
        }
    );
    assert_eq!(failure.to_string(), "16.0 MiB, over the limit of 16 MiB");
}

#[test]
fn says_where_a_text_is_not_utf_8() {
    let folder = folder();
    let check = |bytes: &[u8], offset: usize, line: u32, column: u32| {
        let file = written(&folder, "mcp.json", bytes);
        let position = Position { line, column };
        assert_eq!(failure(&file), ReadFailure::NotUtf8 { offset, position });
    };
    check(b"\xFF{}", 0, 1, 1);
    check(b"{\n  \"a\": \"\xE9\"\n}", 10, 2, 9);
    check(
        "{\n\"größe\": \""
            .as_bytes()
            .iter()
            .chain(b"\xC3(")
            .copied()
            .collect::<Vec<_>>()
            .as_slice(),
        14,
        2,
        11,
    );
    // As an editor on Windows may save it.
    check(b"\xFF\xFE{\0}\0", 0, 1, 1);
    check(b"{}\n\xF0\x9F", 3, 2, 1);
}

#[test]
fn a_byte_order_mark_shifts_no_place() {
    let folder = folder();
    let text = "\u{FEFF}{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"npx\"}\n  }\n}";
    let file = written(&folder, "mcp.json", text.as_bytes());
    let Found::Text(content) = files::read(&file) else {
        panic!("is readable");
    };
    let reading = parsed(&content.text, "cursor");
    assert_eq!(reading.state, ConfigState::Read);
    assert_eq!(reading.entries[0].position, Position { line: 3, column: 5 });
}

#[test]
fn a_folder_in_the_place_of_a_file_is_named() {
    let folder = folder();
    let path = folder.path().join("mcp.json");
    fs::create_dir(&path).expect("is made");
    assert_eq!(failure(&path), ReadFailure::NotAFile { kind: "a folder" });
}

#[test]
fn nesting_without_end_is_refused_at_its_place_in_every_format() {
    let refused = |client: &str, text: &str| match parsed(text, client).state {
        ConfigState::Failed(failure) => failure,
        other => panic!("{other:?}"),
    };
    let json = format!("{{\"mcpServers\":\n{}", "[".repeat(200));
    assert_eq!(
        refused("cursor", &(json + &"]".repeat(200) + "}")),
        ReadFailure::TooDeep {
            position: Position {
                line: 2,
                column: 129
            }
        }
    );
    for client in ["cursor", "zed", "openclaw", "codex", "goose"] {
        for opening in ["[", "{\"a\":", "a = [", "- ", "{", "[[", "a.", "? "] {
            let failure = refused(client, &opening.repeat(100_000));
            assert!(
                failure.position().is_some(),
                "{client}: {opening}: {failure:?}"
            );
        }
    }
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let uses = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{uses}]\n"));
    }
    let state = parsed(&text, "goose").state;
    assert!(
        matches!(state, ConfigState::Failed(ReadFailure::TooMany { .. })),
        "{state:?}"
    );
}

#[test]
fn two_stars_stop_at_their_depth_and_pass_other_peoples_code() {
    let folder = folder();
    let mut deep = folder.path().join("root");
    for level in 0..12 {
        fs::create_dir_all(deep.join("node_modules/x")).expect("is made");
        for place in [
            "mcp.json",
            "node_modules/mcp.json",
            "node_modules/x/mcp.json",
        ] {
            fs::write(deep.join(place), "{}").expect("writes");
        }
        deep.push(format!("level{level}"));
    }
    let found = expanded(&folder, "root/**/mcp.json");
    assert_eq!(found.len(), 9, "the root and eight levels: {found:?}");
    assert!(
        found
            .iter()
            .all(|path| !path.to_string_lossy().contains("node_modules"))
    );
}

#[test]
fn a_star_stands_for_one_name_and_for_no_more_files_than_the_bound() {
    let folder = folder();
    for index in 0..MATCHES_MAX + 5 {
        written(&folder, &format!("{index}.json"), b"{}");
    }
    written(&folder, "other.toml", b"");
    fs::create_dir(folder.path().join("inner")).expect("is made");
    written(&folder, "inner/deep.json", b"{}");
    let many = everything(&folder, "*.json");
    assert_eq!(many.paths.len(), MATCHES_MAX);
    assert_eq!(many.gap, Some(Gap::TooMany), "that there are more is told");
    assert_eq!(
        expanded(&folder, "*/*.json"),
        [folder.path().join("inner/deep.json")]
    );
    assert_eq!(expanded(&folder, "none/*.json"), Vec::<PathBuf>::new());
    assert_eq!(
        expanded(&folder, "absent.json"),
        [folder.path().join("absent.json")]
    );
}

#[cfg(unix)]
mod unix {
    use std::{
        os::unix::{
            fs::{PermissionsExt, symlink},
            net::UnixListener,
            process::CommandExt,
        },
        process::Command,
    };

    use super::*;

    /// Tells the second process which file it may not read.
    const DENIED: &str = "COUNTERSIGN_TEST_DENIED_FILE";

    /// Who has no rights of their own, on every Unix.
    const NOBODY: u32 = 65_534;

    #[test]
    fn a_file_without_permission_says_so() {
        let folder = folder();
        let everyone = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), everyone).expect("is ours");
        let file = written(&folder, "mcp.json", b"{}");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("is ours");
        let inside = folder.path().join("closed/mcp.json");
        fs::create_dir(folder.path().join("closed")).expect("is made");
        fs::write(&inside, "{}").expect("writes");
        let closed = fs::Permissions::from_mode(0o000);
        fs::set_permissions(folder.path().join("closed"), closed).expect("is ours");
        if !rustix::process::geteuid().is_root() {
            assert_eq!(failure(&file), ReadFailure::Denied);
            assert_eq!(failure(&inside), ReadFailure::Denied);
        } else {
            // Root may read everything: the same look is made by a process without rights, from a
            // copy that it may start.
            let program = folder.path().join("look");
            fs::copy(std::env::current_exe().expect("runs"), &program).expect("is copied");
            for path in [&file, &inside] {
                let status = Command::new(&program)
                    .args([
                        "--ignored",
                        "--exact",
                        "unix::is_denied_to_a_process_without_rights",
                    ])
                    .env(DENIED, path)
                    .uid(NOBODY)
                    .gid(NOBODY)
                    .status();
                let status = status.expect("a user without rights may start the test program");
                assert!(status.success(), "{}", path.display());
            }
        }
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path().join("closed"), open).expect("is ours");
    }

    #[test]
    #[ignore = "is started by `a_file_without_permission_says_so`, as another user"]
    fn is_denied_to_a_process_without_rights() {
        let path = std::env::var_os(DENIED).expect("is started with it");
        let path = Path::new(&path);
        assert_eq!(failure(path), ReadFailure::Denied);
        let folder = path.parent().expect("is in a folder");
        let gap = files::expand(&Pattern::new(&format!("{}/*.json", folder.display()))).gap;
        let is_listed = fs::read_dir(folder).is_ok();
        let expected = (!is_listed).then(|| Gap::Unlisted(folder.to_owned()));
        assert_eq!(gap, expected, "a folder that cannot be listed is told");
    }

    #[test]
    fn a_linked_dotfile_is_read_and_says_where_it_leads() {
        let folder = folder();
        fs::create_dir(folder.path().join("dotfiles")).expect("is made");
        let real = written(&folder, "dotfiles/mcp.json", b"{}");
        let first = folder.path().join("first.json");
        let second = folder.path().join("second.json");
        symlink("dotfiles/mcp.json", &first).expect("links");
        symlink(&first, &second).expect("links");
        for path in [&first, &second] {
            let Found::Text(content) = files::read(path) else {
                panic!("is readable");
            };
            let target = fs::canonicalize(&real).expect("is there");
            assert_eq!(files::target(path), Some(target));
            assert_eq!(content.facts.bytes, 2);
        }
        // A link to the folder above counts as well.
        symlink("dotfiles", folder.path().join("linked")).expect("links");
        let linked = folder.path().join("linked/mcp.json");
        assert!(matches!(files::read(&linked), Found::Text(_)));
        assert!(files::target(&linked).is_some());
    }

    #[test]
    fn links_in_a_circle_and_links_to_nothing_differ() {
        let folder = folder();
        let path = |name: &str| folder.path().join(name);
        symlink("b.json", path("a.json")).expect("links");
        symlink("a.json", path("b.json")).expect("links");
        symlink("self.json", path("self.json")).expect("links");
        symlink("gone.json", path("to-nothing.json")).expect("links");
        for circle in ["a.json", "b.json", "self.json"] {
            assert_eq!(
                failure(&path(circle)),
                ReadFailure::BrokenLink { is_loop: true }
            );
        }
        let failure = failure(&path("to-nothing.json"));
        assert_eq!(failure, ReadFailure::BrokenLink { is_loop: false });
        assert!(
            files::is_there(&path("to-nothing.json")),
            "is no absent file"
        );
    }

    #[test]
    fn what_is_no_file_is_named_and_never_waited_for() {
        let folder = folder();
        let socket = folder.path().join("socket.json");
        let _listener = UnixListener::bind(&socket).expect("binds");
        assert_eq!(failure(&socket), ReadFailure::NotAFile { kind: "a socket" });
        let device = folder.path().join("device.json");
        symlink("/dev/zero", &device).expect("links");
        assert_eq!(failure(&device), ReadFailure::NotAFile { kind: "a device" });
        let fifo = folder.path().join("fifo.json");
        make_fifo(&fifo);
        assert_eq!(failure(&fifo), ReadFailure::NotAFile { kind: "a FIFO" });
    }

    #[test]
    fn two_stars_follow_no_link_into_a_circle() {
        let folder = folder();
        fs::create_dir(folder.path().join("inner")).expect("is made");
        written(&folder, "inner/mcp.json", b"{}");
        symlink(folder.path(), folder.path().join("inner/again")).expect("links");
        let found = expanded(&folder, "**/mcp.json");
        assert_eq!(found, [folder.path().join("inner/mcp.json")]);
    }

    #[cfg(target_os = "linux")]
    fn make_fifo(path: &Path) {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("is made");
    }

    #[cfg(not(target_os = "linux"))]
    fn make_fifo(path: &Path) {
        let status = Command::new("mkfifo").arg(path).status().expect("runs");
        assert!(status.success());
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).expect("writes");
    path
}

fn failure(path: &Path) -> ReadFailure {
    match files::read(path) {
        Found::Failed { failure, .. } => failure,
        other => panic!("{} gave {other:?}", path.display()),
    }
}

fn expanded(folder: &TempDir, pattern: &str) -> Vec<PathBuf> {
    let expanded = everything(folder, pattern);
    assert_eq!(expanded.gap, None);
    expanded.paths
}

fn everything(folder: &TempDir, pattern: &str) -> files::Expanded {
    files::expand(&Pattern::new(
        &folder.path().join(pattern).to_string_lossy(),
    ))
}

/// Reads a text by the first location of a client.
fn parsed(text: &str, client: &str) -> read::Reading {
    let catalog = Catalog::built_in();
    let client = catalog.client(client).expect("is known");
    let location = &client.locations[0];
    let mut readers = vec![Reader {
        client: client.id.clone(),
        scope: Scope::User,
        project: None,
        confidence: LocationConfidence::Documented,
        write: WritePolicy::Editable,
        present: true,
        when: None,
        is_legacy: false,
    }];
    let row = Row {
        location,
        reader: 0,
    };
    let id = ConfigId::of(Path::new("/config"));
    read::read(text, &id, &[row], &mut readers, &catalog, Os::Linux)
}
