//! A first scan: what is found where, and what it says.

use countersign_tests::Home;
use serde_json::Value;

use crate::{findings, one, server, servers, texts};

/// A home with eight clients, one server each.
fn eight_clients() -> Home {
    Home::new()
        .with(".claude.json", &servers(&npx("claude")))
        .with(".cursor/mcp.json", &servers(&npx("cursor")))
        .with(
            "{config}/Code/User/mcp.json",
            "// Mine.\n{\"servers\": {\"vscode\": {\"url\": \"https://mcp.example.com/mcp\"}},}\n",
        )
        .with(
            ".codex/config.toml",
            "[mcp_servers.codex]\ncommand = \"uvx\"\nargs = [\"codex-mcp==1.0.0\"]\n",
        )
        .with(".gemini/settings.json", &servers(&npx("gemini")))
        .with(
            ".config/opencode/opencode.json",
            r#"{"mcp": {"opencode": {"type": "local", "command": ["npx", "-y", "opencode-mcp@1.0.0"]}}}"#,
        )
        .with(
            if cfg!(windows) { "{config}/Zed/settings.json" } else { ".config/zed/settings.json" },
            r#"{"context_servers": {"zed": {"command": "npx", "args": ["-y", "zed-mcp@1.0.0"]}}}"#,
        )
        .with("{config}/Claude/claude_desktop_config.json", &servers(&npx("desktop")))
}

fn npx(name: &str) -> String {
    format!(r#""{name}": {{"command": "npx", "args": ["-y", "{name}-mcp@1.0.0"]}}"#)
}

#[test]
fn finds_every_client_at_the_first_scan() {
    let home = eight_clients();
    home.countersign(&[])
        .fine()
        .says("8 servers in 8 clients. Nothing needs you")
        .says("Not reviewed 8")
        .says("claude npm claude-mcp 1.0.0, dependencies float Claude Code")
        .says("desktop npm desktop-mcp 1.0.0, dependencies float Claude Desktop")
        .says("codex pypi codex-mcp 1.0.0")
        .says("places and 0 projects looked at");
}

#[test]
fn keeps_the_others_in_sight_when_one_config_cannot_be_read() {
    let home = eight_clients().with(".cursor/mcp.json", "{\"mcpServers\": {");
    home.countersign(&["--no-running"])
        .fine()
        .says("7 servers in 7 clients.")
        .says("1 file could not be read")
        .says("Could not be read 1 ? ~/.cursor/mcp.json");
    home.countersign(&["--fail-on", "critical"])
        .exits(4)
        .says("7 servers");
    let report = home.report();
    assert_eq!(report["is_complete"], false);
    let config = one(&report, "configs", "path", "~/.cursor/mcp.json");
    assert_eq!(config["failure"]["code"], "syntax");
    assert_eq!(config["failure"]["line"], 1);
}

#[test]
fn fails_on_what_is_as_severe_as_asked_for() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(
            r#""inline": {"command": "python3", "args": ["-c", "import notes; notes.serve()"]}"#,
        ),
    );
    home.countersign(&["--fail-on", "high"])
        .exits(1)
        .says("inline-program");
    home.countersign(&["--fail-on", "critical"])
        .fine()
        .says("inline-program");
    home.countersign(&[]).fine().says("Needs you 1 ? inline");
}

#[test]
fn says_where_it_looked_when_nothing_is_there() {
    Home::new()
        .countersign(&[])
        .fine()
        .says("Looked in")
        .says("`countersign clients --places`");
}

#[test]
fn names_a_key_that_stands_twice() {
    let text = format!(
        "{{\"mcpServers\": {{\n  {},\n  {}\n}}}}",
        npx("a"),
        npx("a")
    );
    let home = Home::new().with(".cursor/mcp.json", &text);
    let report = home.report();
    let finding = findings(&report, "duplicate-key");
    assert_eq!(finding.len(), 1, "{report:#}");
    assert_eq!(finding[0]["file"], "~/.cursor/mcp.json");
    assert_eq!(finding[0]["line"], 3);
}

#[test]
#[cfg(unix)]
fn takes_a_linked_dotfile_for_one_config() {
    let home = Home::new().with("dotfiles/mcp.json", &servers(&npx("notes")));
    std::fs::create_dir_all(home.path().join(".cursor")).expect("the home is writable");
    let link = home.path().join(".cursor/mcp.json");
    std::os::unix::fs::symlink("../dotfiles/mcp.json", link).expect("the home is writable");
    let report = home.report();
    assert_eq!(texts(&report, "servers", "name"), ["notes"]);
    assert_eq!(texts(&report, "configs", "path"), ["~/.cursor/mcp.json"]);
    assert_eq!(report["configs"][0]["target"], "~/dotfiles/mcp.json");
}

#[test]
fn shows_one_file_of_two_clients_once() {
    let home = Home::new()
        .with(".claude.json", r#"{"projects": {"{home}/shop": {}}}"#)
        .with("shop/.mcp.json", &servers(&npx("notes")))
        .with("{config}/Code/User/settings.json", "{}");
    let report = home.report();
    let config = one(&report, "configs", "path", "~/shop/.mcp.json");
    let readers: Vec<&Value> = config["readers"]
        .as_array()
        .expect("it has readers")
        .iter()
        .filter(|reader| reader["is_present"] == true)
        .map(|reader| &reader["client"])
        .collect();
    assert!(
        readers.contains(&&Value::from("claude-code")),
        "{readers:?}"
    );
    assert!(readers.contains(&&Value::from("vscode")), "{readers:?}");
    let entries = texts(&report, "entries", "name");
    assert_eq!(entries, ["notes"]);
}

#[test]
fn marks_what_is_not_seen_in_names() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(
            r#""red\u001b[31m\u202Egnp\nnext": {"command": "npx", "args": ["x-mcp@1.0.0\u200B"]}"#,
        ),
    );
    for command in ["scan", "servers", "clients"] {
        home.countersign(&[command])
            .fine()
            .never_says("\u{1b}")
            .never_says("\u{202e}")
            .never_says("\u{200b}");
    }
    home.countersign(&["scan", "--all"])
        .fine()
        .says("red⟨U+001B⟩[31m⟨U+202E⟩gnp⏎next")
        .says("hidden-characters");
    home.countersign(&["show", "red\u{1b}[31m\u{202e}gnp\nnext"])
        .fine()
        .says("⟨U+200B⟩")
        .never_says("\u{1b}");
    home.countersign(&["show", "\u{1b}[31m"])
        .exits(3)
        .complains("⟨U+001B⟩[31m")
        .never_says("\u{1b}");
}

#[test]
fn finds_an_own_client_by_the_users_catalog() {
    let catalog = include_str!("../../../crates/clients/tests/data/own-catalog.json");
    let home = Home::new().with(
        ".house-agent/agent.json",
        r#"{"agent": {"servers": {"house": {"program": "npx", "args": ["-y", "house-mcp@1.0.0"]}}}}"#,
    );
    home.write_beside("own/clients/house.json", catalog);
    let report = home.report();
    assert_eq!(server(&report, "house")["clients"][0], "house-agent");
    assert_eq!(
        one(&report, "clients", "id", "house-agent")["name"],
        "House Agent"
    );
    home.countersign(&["clients"])
        .fine()
        .says("House Agent 1 server");
}
