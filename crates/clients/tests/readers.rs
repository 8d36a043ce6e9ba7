//! What each client tolerates, what is said twice, and what is where something else should be.

#[path = "readers/configs.rs"]
mod configs;
#[path = "readers/members.rs"]
mod members;
mod reading;

use countersign_clients::{Catalog, read::Reading};
use countersign_model::{ConfigFault, ConfigState, Effect, Entry, Position, ReadFailure, Start};

#[test]
fn a_client_of_strict_json_refuses_what_others_tolerate() {
    let comment = "{\n  // ours\n  \"mcpServers\": {\"a\": {\"command\": \"npx\"}}\n}";
    let comma = "{\n  \"mcpServers\": {\"a\": {\"command\": \"npx\"},}\n}";
    for (text, line, column) in [(comment, 2, 3), (comma, 2, 41)] {
        let reading = read("claude-code", ".claude.json", text);
        assert_eq!(
            reading.state,
            ConfigState::Read,
            "its servers are still seen"
        );
        let [ConfigFault::ClientRefuses { position, .. }] = reading.faults.as_slice() else {
            panic!("{:?}", reading.faults);
        };
        assert_eq!(*position, Position { line, column }, "{text}");
        let effect = &reading.entries[0].effects[0];
        assert!(
            matches!(effect, Effect::Refused(why) if why.contains("strict JSON")),
            "{effect:?}"
        );
    }
}

#[test]
fn a_client_of_json_with_comments_takes_comments_and_commas() {
    let servers = "{\"a\": {\"command\": \"npx\", /* last */},}";
    for (client, ending, key) in [
        ("vscode", "Code/User/mcp.json", "servers"),
        ("zed", "zed/settings.json", "context_servers"),
        ("gemini-cli", ".gemini/settings.json", "mcpServers"),
        ("opencode", "opencode.jsonc", "mcp"),
    ] {
        let text = format!("// top\r\n{{\r\n  \"{key}\": {servers},\r\n}}\r\n");
        let reading = read(client, ending, &text);
        assert_eq!(reading.state, ConfigState::Read, "{client}");
        assert!(reading.faults.is_empty(), "{client}: {:?}", reading.faults);
        assert_eq!(reading.entries[0].effects, [Effect::Active], "{client}");
        assert_eq!(reading.entries[0].position.line, 3, "{client}");
    }
}

#[test]
fn json5_is_taken_only_from_a_client_that_reads_it() {
    let text = "{mcp: {servers: {a: {command: 'npx', args: ['-y', 'probe',],},},},}";
    assert_eq!(read("openclaw", "openclaw.json", text).entries.len(), 1);
    for (client, ending) in [("cursor", ".cursor/mcp.json"), ("zed", "zed/settings.json")] {
        let position = syntax_error(&read(client, ending, text));
        assert_eq!(position, Position { line: 1, column: 2 }, "{client}");
    }
}

#[test]
fn one_file_is_refused_by_one_of_its_readers_and_taken_by_another() {
    let catalog = Catalog::built_in();
    let rows = [
        reading::location(&catalog, "vscode", "{PROJECT}/.vscode/mcp.json"),
        reading::location(&catalog, "visual-studio", "{PROJECT}/.vscode/mcp.json"),
    ];
    let text = "{\"servers\": {\"a\": {\"type\": \"stdio\", \"command\": \"npx\"},}}";
    let reading = reading::by_rows(&catalog, &rows, text);
    let words: Vec<_> = reading.entries[0]
        .effects
        .iter()
        .map(Effect::word)
        .collect();
    assert_eq!(words, ["active", "refused"]);
    assert!(matches!(
        reading.faults[0],
        ConfigFault::ClientRefuses { .. }
    ));
}

#[test]
fn of_a_key_that_stands_twice_the_last_holds_and_both_are_named() {
    let text = "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"first\"},\n    \
                \"b\": {\"command\": \"npx\", \"command\": \"uvx\"},\n    \
                \"a\": {\"command\": \"last\"}\n  }\n}";
    let reading = read("cursor", ".cursor/mcp.json", text);
    let started: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| (entry.name.as_str(), command(entry)))
        .collect();
    assert_eq!(started, [("a", "last".to_owned()), ("b", "uvx".to_owned())]);
    assert_eq!(reading.entries[0].position, Position { line: 5, column: 5 });
    let places: Vec<_> = reading.faults.iter().map(duplicate).collect();
    let expected = [
        ("/mcpServers/b/command".to_owned(), (4, 11), (4, 29)),
        ("/mcpServers/a".to_owned(), (3, 5), (5, 5)),
    ];
    assert_eq!(places, expected);
}

#[test]
fn a_whole_container_that_stands_twice_counts_once() {
    let text = "{\"mcpServers\": {\"a\": {\"command\": \"npx\"}}, \"mcpServers\": {\"b\": {\"command\": \"npx\"}}}";
    let reading = read("claude-desktop", "claude_desktop_config.json", text);
    assert_eq!(names(&reading), ["b"]);
    assert_eq!(duplicate(&reading.faults[0]).0, "/mcpServers");
    let yaml = "extensions:\n  a: {type: stdio, cmd: npx}\n  a: {type: stdio, cmd: uvx}\n";
    let reading = read("goose", "goose/config.yaml", yaml);
    assert_eq!(command(&reading.entries[0]), "uvx");
    assert_eq!(
        duplicate(&reading.faults[0]),
        ("/extensions/a".to_owned(), (2, 3), (3, 3))
    );
    // TOML itself forbids it.
    let toml = "[mcp_servers.a]\ncommand = \"npx\"\n[mcp_servers.a]\ncommand = \"uvx\"\n";
    assert_eq!(
        syntax_error(&read("codex", ".codex/config.toml", toml)).line,
        3
    );
}

#[test]
fn a_broken_text_fails_at_its_place_and_is_never_empty() {
    let cases: &[(&str, &str, &str, (u32, u32))] = &[
        ("cursor", ".cursor/mcp.json", "", (1, 1)),
        ("cursor", ".cursor/mcp.json", "  \n\n", (1, 1)),
        ("cursor", ".cursor/mcp.json", "\u{FEFF}", (1, 1)),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"npx\"\n",
            (3, 10),
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\"mcpServers\": {}} trailing",
            (1, 20),
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\"mcpServers\": {\"a\" {}}}",
            (1, 21),
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\"mcpServers\": {} \"x\": 1}",
            (1, 18),
        ),
        (
            "cursor",
            ".cursor/mcp.json",
            "{\"a\": \"line\nend\"}",
            (1, 12),
        ),
        ("cursor", ".cursor/mcp.json", "{\"a\": 01}", (1, 8)),
        ("cursor", ".cursor/mcp.json", "{\"a\": \"\\x\"}", (1, 8)),
        (
            "cursor",
            ".cursor/mcp.json",
            "mcpServers:\n  a: 1\n",
            (1, 1),
        ),
        ("cursor", ".cursor/mcp.json", "<<<<<<< HEAD\n{}", (1, 1)),
        (
            "codex",
            ".codex/config.toml",
            "[mcp_servers.a\ncommand = 1",
            (1, 15),
        ),
        (
            "codex",
            ".codex/config.toml",
            "[mcp_servers.a]\ncommand = npx\n",
            (2, 11),
        ),
        (
            "goose",
            "goose/config.yaml",
            "extensions:\n  a: {\n",
            (3, 1),
        ),
        (
            "goose",
            "goose/config.yaml",
            "extensions:\n\ta: b\n",
            (2, 2),
        ),
    ];
    for (client, ending, text, place) in cases {
        let reading = read(client, ending, text);
        let position = syntax_error(&reading);
        assert_eq!(
            (position.line, position.column),
            *place,
            "{client}: {text:?}: {:?}",
            reading.state
        );
        assert!(reading.entries.is_empty());
    }
}

#[test]
fn a_document_of_another_type_is_no_clean_file() {
    for (text, words) in [
        ("\"text\"", "a string"),
        ("7", "a number"),
        ("true", "a truth value"),
    ] {
        let reading = read("cursor", ".cursor/mcp.json", text);
        let ConfigState::Failed(ReadFailure::WrongType { message, position }) = reading.state
        else {
            panic!("{:?}", reading.state);
        };
        assert_eq!(message, format!("{words} where a map should be"));
        assert_eq!(position, Position::START);
    }
    for (text, words) in [
        ("\"x\"", "a string"),
        ("7", "a number"),
        ("true", "a truth value"),
    ] {
        let reading = read(
            "cursor",
            ".cursor/mcp.json",
            &format!("{{\n  \"mcpServers\": {text}\n}}"),
        );
        let [
            ConfigFault::ContainerWrongType {
                pointer,
                found,
                position,
            },
        ] = reading.faults.as_slice()
        else {
            panic!("{:?}", reading.faults);
        };
        assert_eq!((pointer.as_str(), *found), ("/mcpServers", words));
        assert_eq!(*position, Position { line: 2, column: 3 });
    }
}

#[test]
fn entries_of_a_wrong_type_are_there_and_refused() {
    let cases = [
        ("7", "the entry is a number, not a map"),
        ("null", "the entry is null, not a map"),
        ("[]", "the entry is a list, not a map"),
        ("{}", "neither a command nor an address"),
        ("{\"command\": \"\"}", "neither a command nor an address"),
        ("{\"command\": null}", "neither a command nor an address"),
        ("{\"url\": \" \"}", "neither a command nor an address"),
        (
            "{\"command\": true}",
            "`command` is a truth value, not a string",
        ),
        (
            "{\"url\": [\"https://x\"]}",
            "`url` is a list, not a string",
        ),
    ];
    for (entry, why) in cases {
        let reading = read(
            "cursor",
            ".cursor/mcp.json",
            &format!("{{\"mcpServers\": {{\"a\": {entry}}}}}"),
        );
        let effect = reading.entries[0].effects[0].clone();
        assert_eq!(effect, Effect::Refused(why.to_owned()), "{entry}");
    }
    let odd = "{\"mcpServers\": {\"a\": {\"command\": \"npx\", \"args\": \"-y probe\", \"env\": \"X=1\"}}}";
    let entry = &read("cursor", ".cursor/mcp.json", odd).entries[0];
    assert_eq!(entry.effects, [Effect::Active]);
    let said: Vec<_> = entry
        .faults
        .iter()
        .map(|fault| fault.message.as_str())
        .collect();
    assert_eq!(
        said,
        [
            "`args` is a string, not a list",
            "`env` is a string, not a map"
        ]
    );
}

#[test]
fn a_client_that_stops_at_one_bad_entry_uses_none_of_the_file() {
    let text = "[mcp_servers.good]\ncommand = \"npx\"\n\n[mcp_servers.bad]\nargs = [\"x\"]\n";
    let reading = read("codex", ".codex/config.toml", text);
    let effects: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| entry.effects[0].reason())
        .collect();
    let why = "the client refuses the whole file: `bad`: neither a command nor an address";
    assert_eq!(
        effects,
        [Some(why), Some("neither a command nor an address")]
    );
    let [ConfigFault::ClientRefuses { position, .. }] = reading.faults.as_slice() else {
        panic!("{:?}", reading.faults);
    };
    assert_eq!(
        *position,
        Position {
            line: 4,
            column: 14
        }
    );
    // Another client leaves out the bad one only.
    let json = "{\"mcpServers\": {\"good\": {\"command\": \"npx\"}, \"bad\": {}}}";
    let reading = read("cursor", ".cursor/mcp.json", json);
    let words: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| entry.effects[0].word())
        .collect();
    assert_eq!(words, ["active", "refused"]);
}

fn read(client: &str, ending: &str, text: &str) -> Reading {
    let catalog = Catalog::built_in();
    reading::by(&catalog, reading::location(&catalog, client, ending), text)
}

fn only(reading: Reading) -> Entry {
    assert_eq!(reading.state, ConfigState::Read);
    let [entry] = <[Entry; 1]>::try_from(reading.entries).expect("one entry");
    entry
}

fn names(reading: &Reading) -> Vec<&str> {
    reading
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect()
}

fn command(entry: &Entry) -> String {
    match &entry.start {
        Start::Command(command) => command.shown(),
        other => panic!("{other:?}"),
    }
}

fn syntax_error(reading: &Reading) -> Position {
    match &reading.state {
        ConfigState::Failed(ReadFailure::Syntax { position, .. }) => *position,
        other => panic!("{other:?}"),
    }
}

fn duplicate(fault: &ConfigFault) -> (String, (u32, u32), (u32, u32)) {
    match fault {
        ConfigFault::DuplicateKey(key) => (
            key.pointer.to_string(),
            (key.first.line, key.first.column),
            (key.last.line, key.last.column),
        ),
        other => panic!("{other:?}"),
    }
}
