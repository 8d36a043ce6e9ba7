//! Projects by the clients' own lists, and looking at other places than the own home.

use countersign_tests::Home;
use serde_json::Value;

use crate::{one, servers, texts};

/// The config of one package in a project.
fn project(name: &str) -> String {
    let entry = format!(r#""{name}": {{"command": "npx", "args": ["-y", "{name}-mcp@1.0.0"]}}"#);
    servers(&entry)
}

#[test]
fn follows_the_projects_that_clients_list() {
    let home = Home::new()
        .with(".claude.json", r#"{"projects": {"{home}/work/claude": {}, "{home}/work/gone": {}}}"#)
        .with("work/claude/.mcp.json", &project("claude-project"))
        .with(".codex/config.toml", "[projects.\"{home}/work/codex\"]\ntrust_level = \"trusted\"\n")
        .with(
            "work/codex/.codex/config.toml",
            "[mcp_servers.codex-project]\ncommand = \"npx\"\nargs = [\"-y\", \"codex-mcp@1.0.0\"]\n",
        )
        .with("work/code/.vscode/mcp.json", r#"{"servers": {"code-project": {"url": "https://mcp.example.com/mcp"}}}"#)
        .with("work/unlisted/.mcp.json", &project("unlisted"));
    recently_opened(&home, "work/code");
    let report = home.report();
    assert_eq!(
        sorted(texts(&report, "servers", "name")),
        ["claude-project", "code-project", "codex-project"]
    );
    let projects: Vec<&str> = report["projects"]
        .as_array()
        .expect("there is a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(
        sorted(projects),
        ["~/work/claude", "~/work/code", "~/work/codex"]
    );
}

#[test]
fn walks_the_folders_that_are_set_or_given() {
    let home = Home::new().with("work/deep/shop/.mcp.json", &project("shop"));
    let folder = home.path().join("work");
    let folder = folder.to_string_lossy();
    home.countersign(&["--no-running"])
        .fine()
        .never_says("shop-mcp");
    home.countersign(&["scan", &folder, "--no-running"])
        .fine()
        .says("shop-mcp");
    home.countersign(&["settings", "add-folder", &folder])
        .fine()
        .says("work");
    home.countersign(&["--no-running"]).fine().says("shop-mcp");
    home.countersign(&["settings", "remove-folder", &folder])
        .fine();
    home.countersign(&["--no-running"])
        .fine()
        .never_says("shop-mcp");
}

#[test]
fn looks_at_another_home() {
    let home = Home::new().with(".cursor/mcp.json", &project("mine"));
    home.write_beside("other/.cursor/mcp.json", &project("theirs"));
    let other = home.beside("other").to_string_lossy().into_owned();
    home.countersign(&["scan", "--home", &other])
        .fine()
        .says("theirs-mcp")
        .never_says("mine-mcp")
        .says("Note: running servers were not looked at: another home was scanned");
    let missing = home.beside("missing").to_string_lossy().into_owned();
    home.countersign(&["scan", "--home", &missing])
        .exits(3)
        .complains("there is no such folder");
}

#[test]
#[cfg(target_os = "linux")]
fn looks_below_the_root_of_a_mounted_disk() {
    let home = Home::new();
    home.write_beside("disk/home/eve/.cursor/mcp.json", &project("theirs"));
    home.write_beside("disk/etc/claude-code/managed-mcp.json", &project("managed"));
    let [root, eve] =
        ["disk", "disk/home/eve"].map(|path| home.beside(path).to_string_lossy().into_owned());
    home.countersign(&["scan", "--root", &root, "--home", &eve])
        .fine()
        .says("theirs-mcp")
        .says("managed-mcp");
}

#[test]
fn looks_only_at_what_is_given_when_asked_to() {
    let home = Home::new()
        .with(".cursor/mcp.json", &project("mine"))
        .with("work/shop/.mcp.json", &project("shop"))
        .with("loose/mcp.json", &project("loose"));
    let [shop, loose] = ["work/shop", "loose/mcp.json"]
        .map(|path| home.path().join(path).to_string_lossy().into_owned());
    let ran = home
        .countersign(&["scan", "--only", &shop, "--json"])
        .fine();
    assert_eq!(texts(&ran.json(), "servers", "name"), ["shop"]);
    let ran = home
        .countersign(&["scan", "--only", &loose, "--json"])
        .fine();
    let report = ran.json();
    assert_eq!(texts(&report, "servers", "name"), ["loose"]);
    one(&report, "configs", "path", "~/loose/mcp.json");
    home.countersign(&["scan", "--only"]).exits(2);
    home.countersign(&["scan", &format!("{loose}.gone")])
        .exits(3)
        .complains("there is no such file or folder");
}

/// Writes the state that VS Code keeps of what was opened.
fn recently_opened(home: &Home, folder: &str) {
    let marker = home.write("{config}/Code/User/globalStorage/marker", "");
    let state = marker.with_file_name("state.vscdb");
    let connection = rusqlite::Connection::open(state).expect("the home is writable");
    let uri = format!(
        "file://{}/{folder}",
        home.path().to_string_lossy().replace('\\', "/")
    );
    let recent = format!(r#"{{"entries": [{{"folderUri": "{uri}"}}]}}"#);
    connection
        .execute_batch("CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)")
        .expect("a table can be made");
    connection
        .execute(
            "INSERT INTO ItemTable VALUES ('history.recentlyOpenedPathsList', ?1)",
            [recent],
        )
        .expect("a row can be added");
}

fn sorted(mut texts: Vec<&str>) -> Vec<&str> {
    texts.sort_unstable();
    texts
}
