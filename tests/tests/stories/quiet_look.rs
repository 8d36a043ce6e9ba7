//! Looking changes nothing: nothing is started, and nothing is written but the product's own data.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use countersign_tests::{Home, trap::Trap};

use crate::servers;

/// Every way to look.
const LOOKS: [&[&str]; 13] = [
    &[],
    &["scan", "--all"],
    &["--json"],
    &["--sarif"],
    &["show", "git"],
    &["show", "git", "--json"],
    &["servers"],
    &["servers", "--json"],
    &["clients"],
    &["clients", "--places"],
    &["explain", "inline-program"],
    &["settings"],
    &["allowlist", "add", "pinned"],
];

/// A home whose configs name every program of the trap, in one way or another.
fn tempting() -> Home {
    Home::new()
        .with(
            ".claude.json",
            r#"{"mcpServers": {
  "git": {"command": "git", "args": ["mcp"]},
  "pinned": {"command": "npx", "args": ["-y", "notes-mcp@1.0.0"]},
  "script": {"command": "node", "args": ["{home}/shop/server.js"]},
  "python": {"command": "python3", "args": ["-m", "notes"]},
  "image": {"command": "docker", "args": ["run", "-i", "acme/notes"]},
  "own": {"command": "{home}/shop/server.sh"},
  "shell": {"command": "sh", "args": ["-c", "touch {home}/started"]},
  "helper": {"type": "http", "url": "http://127.0.0.1:9/mcp", "headersHelper": "touch {home}/started"}
}, "projects": {"{home}/shop": {}}}"#,
        )
        .with(".cursor/mcp.json", &servers(r#""uv": {"command": "uvx", "args": ["notes"]}, "deno": {"command": "deno", "args": ["run", "a.ts"]}"#))
        .with("shop/.mcp.json", &servers(r#""bun": {"command": "bunx", "args": ["notes"]}"#))
        .with("shop/.claude/settings.json", r#"{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "sh -c ':'"}]}]}, "apiKeyHelper": "claude"}"#)
        .with("shop/.git/HEAD", "ref: refs/heads/main\n")
        .with("shop/.git/config", "[core]\n\tfsmonitor = touch {home}/started\n")
        .with("shop/server.js", "// Nothing.\n")
        .with("shop/server.sh", "#!/bin/sh\ntouch ../started\n")
        .with("shop/package.json", r#"{"scripts": {"prepare": "touch started"}}"#)
        .with(".codex/config.toml", "notify = [\"sh\"]\n[mcp_servers.broken\n")
}

#[test]
fn looking_starts_nothing_and_changes_no_file() {
    let home = tempting();
    let trap = Trap::set(&home);
    let before = home.state();
    assert!(before.len() > 12, "{:#?}", before.keys());
    for look in LOOKS {
        home.countersign(look).fine();
    }
    trap.was_not_sprung();
    let after = home.state();
    let changed: Vec<&PathBuf> = after
        .keys()
        .chain(before.keys())
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

#[test]
fn looking_writes_nothing_outside_the_own_folder() {
    let mut home = tempting();
    let temporary = home.beside("temporary");
    fs::create_dir_all(&temporary).expect("the folder is writable");
    for variable in ["TMPDIR", "TEMP", "TMP"] {
        home.set(variable, &temporary.to_string_lossy());
    }
    let before = everything(&home);
    for look in LOOKS {
        home.countersign(look).fine();
    }
    let own = home.data();
    let new: Vec<PathBuf> = everything(&home)
        .difference(&before)
        .filter(|path| !path.starts_with(&own))
        .cloned()
        .collect();
    assert!(new.is_empty(), "{new:#?}");
}

#[test]
fn deciding_changes_no_config_either() {
    let home = tempting();
    let trap = Trap::set(&home);
    let before = home.state();
    home.countersign(&["approve", "pinned"]).fine();
    home.countersign(&["deny", "uv", "--note", "no"]).fine();
    home.countersign(&[
        "quiet",
        "unpinned-package",
        "bun",
        "--reason",
        "x",
        "--until",
        "2999-01-01",
    ])
    .fine();
    home.countersign(&["forget", "pinned"]).fine();
    assert!(before == home.state());
    trap.was_not_sprung();
}

#[test]
#[cfg(unix)]
fn keeps_its_own_files_from_others() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempting();
    home.countersign(&["approve", "pinned"]).fine();
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&home.data()), 0o700);
    for path in home.own_files().keys() {
        assert_eq!(mode(path) & 0o022, 0, "{path:?}");
    }
    assert_eq!(mode(&home.data().join("seal.key")), 0o600);
}

/// Returns every path in and beside the home.
fn everything(home: &Home) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![home.beside("")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is readable") {
            let path = entry.expect("the folder is readable").path();
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.insert(path);
        }
    }
    found
}
