//! The user's own decisions: what they bind to, what ends them, and what is no decision.

use countersign_tests::Home;
use rusqlite::Connection;

use crate::{findings, pinned, server, servers, status};

/// Rewrites a config of the home.
fn edit(home: &Home, from: &str, to: &str) {
    let path = home.path().join(".cursor/mcp.json");
    let text = std::fs::read_to_string(&path).expect("the config is there");
    assert!(text.contains(from), "{text}");
    std::fs::write(&path, text.replace(from, to)).expect("the home is writable");
}

fn approve(home: &Home) {
    home.countersign(&["approve", "notes", "--note", "read its source"])
        .fine()
        .says("◐ notes approved by you server pkg:npm/notes-mcp content 1.0.0")
        .says("`countersign forget notes` takes it back");
}

#[test]
fn approves_an_entry_as_it_is_and_forgets_it() {
    let home = pinned();
    assert_eq!(status(&home), "unreviewed");
    approve(&home);
    let report = home.report();
    let trust = &server(&report, "notes")["trust"];
    assert_eq!(trust["status"], "approved");
    assert_eq!(trust["glyph"], "◐");
    assert_eq!(trust["sentence"], "Approved by you.");
    assert_eq!(server(&report, "notes")["group"], "approved");
    home.countersign(&["settings"])
        .fine()
        .says("approved pkg:npm/notes-mcp made by countersign")
        .says("read its source");
    home.countersign(&["forget", "notes"])
        .fine()
        .says("1 decision about pkg:npm/notes-mcp taken back.");
    assert_eq!(status(&home), "unreviewed");
    home.countersign(&["forget", "notes"])
        .fine()
        .says("There is no decision of yours");
}

#[test]
fn tells_that_a_decision_was_made_outside_the_window() {
    let home = pinned();
    assert!(findings(&home.report(), "decision-elsewhere").is_empty());
    approve(&home);
    let report = home.report();
    let found = findings(&report, "decision-elsewhere");
    assert_eq!(found.len(), 1);
    let message = found[0]["message"].as_str().expect("it is a text");
    assert!(message.contains("by countersign ← "), "{message}");
}

#[test]
fn lets_a_denial_win_over_an_approval() {
    let home = pinned();
    approve(&home);
    home.countersign(&["deny", "notes", "--note", "sends notes away"])
        .fine()
        .says("notes denied by you in every version: pkg:npm/notes-mcp");
    let report = home.report();
    let trust = &server(&report, "notes")["trust"];
    assert_eq!(trust["status"], "denied");
    assert_eq!(trust["glyph"], "✕");
    home.countersign(&["--no-running"])
        .fine()
        .says("Needs you 1 ✕ notes")
        .says("sends notes away");
    home.countersign(&["deny", "notes"]).exits(2);
}

#[test]
fn refuses_to_approve_what_floats_and_says_what_to_write() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(r#""notes": {"command": "npx", "args": ["-y", "notes-mcp"]}, "inline": {"command": "sh", "args": ["-c", "a; b"]}"#),
    );
    home.countersign(&["approve", "notes"])
        .exits(3)
        .complains("error: failed to approve it as it is: it floats to newest")
        .complains("hint: name one version (or digest) in the config, and approve that");
    home.countersign(&["deny", "inline", "--note", "no"])
        .exits(3)
        .complains("hint: take the entry out of the config");
    // With the package in npx' own cache, the hint names its version.
    home.write(
        ".npm/_npx/0123456789abcdef/package.json",
        r#"{"dependencies": {"notes-mcp": "^1.4.0"}, "_npx": {"packages": ["notes-mcp"]}}"#,
    );
    home.write(
        ".npm/_npx/0123456789abcdef/node_modules/notes-mcp/package.json",
        r#"{"name": "notes-mcp", "version": "1.4.2"}"#,
    );
    home.write(".npm/_npx/0123456789abcdef/package-lock.json", "{}");
    home.countersign(&["approve", "notes"])
        .exits(3)
        .complains("write `notes-mcp@1.4.2` in the config");
}

#[test]
fn calls_changed_what_is_no_longer_as_approved() {
    let changes = [
        ("notes-mcp@1.0.0", "notes-mcp@1.0.1"),
        ("NOTES_FOLDER", "NODE_OPTIONS"),
        (r#""-y", "#, r#""-y", "--verbose", "#),
        ("\"npx\"", "\"bunx\""),
    ];
    for (from, to) in changes {
        let home = pinned();
        approve(&home);
        edit(&home, from, to);
        assert_eq!(status(&home), "changed", "{from} → {to}");
        home.countersign(&["--no-running"])
            .fine()
            .says("Needs you 1 ◑ notes");
        edit(&home, to, from);
        assert_eq!(status(&home), "approved", "{to} → {from}");
    }
}

#[test]
fn keeps_an_approval_when_only_a_value_changes() {
    let home = pinned();
    approve(&home);
    edit(&home, "/srv/notes", "/srv/other");
    assert_eq!(status(&home), "approved");
}

#[test]
fn refuses_a_date_that_is_past() {
    let home = pinned();
    home.countersign(&["approve", "notes", "--until", "2020-01-31"])
        .exits(3)
        .complains("failed to approve until 2020-01-31, which is past");
    home.countersign(&["approve", "notes", "--until", "tomorrow"])
        .exits(2);
    assert_eq!(status(&home), "unreviewed");
}

#[test]
fn takes_no_forged_row_for_an_approval() {
    let home = pinned();
    approve(&home);
    let database = home.data().join("countersign.sqlite3");
    let connection = Connection::open(database).expect("the database is there");
    connection
        .execute("UPDATE decisions SET seal = zeroblob(length(seal))", [])
        .expect("it is writable");
    drop(connection);
    let report = home.report();
    let trust = &server(&report, "notes")["trust"];
    assert_eq!(trust["status"], "unreviewed", "{trust:#}");
    home.countersign(&["show", "notes"])
        .fine()
        .says("its seal does not hold: something else wrote it");
    home.countersign(&["settings"])
        .fine()
        .says("not used: its seal does not hold");
}

#[test]
fn takes_no_altered_row_for_an_approval() {
    let home = pinned();
    approve(&home);
    edit(&home, "notes-mcp@1.0.0", "notes-mcp@6.6.6");
    let database = home.data().join("countersign.sqlite3");
    let connection = Connection::open(database).expect("the database is there");
    connection
        .execute(
            "UPDATE decisions SET stanza = replace(stanza, '1.0.0', '6.6.6')",
            [],
        )
        .expect("it is writable");
    drop(connection);
    assert_eq!(status(&home), "unreviewed");
}

#[test]
fn asks_for_an_id_where_a_name_names_several_servers() {
    let home = pinned().with(
        ".claude.json",
        &servers(r#""notes": {"command": "npx", "args": ["-y", "other-notes-mcp@2.0.0"]}"#),
    );
    home.countersign(&["approve", "notes"])
        .exits(3)
        .complains("failed to choose one of the servers named `notes` hint: name it by its id:")
        .complains("npm other-notes-mcp");
    home.countersign(&["approve", "claude-code/notes"])
        .fine()
        .says("pkg:npm/other-notes-mcp");
    home.countersign(&["approve", "absent"])
        .exits(3)
        .complains("hint: `countersign servers` lists every server");
}

#[test]
fn keeps_a_finding_quiet_with_a_reason_and_an_end() {
    let home = Home::new().with(
        ".cursor/mcp.json",
        &servers(r#""notes": {"url": "http://notes.example.com/mcp"}"#),
    );
    home.countersign(&["--no-running"])
        .fine()
        .says("plain-http");
    home.countersign(&["quiet", "plain-http", "notes"]).exits(2);
    home.countersign(&["quiet", "plain-http", "notes", "--reason", "x"])
        .exits(2);
    let mut quiet = vec![
        "quiet",
        "plain-http",
        "notes",
        "--reason",
        "moves next week",
        "--until",
    ];
    quiet.push("2020-01-31");
    home.countersign(&quiet).exits(3).complains("2020-01-31");
    quiet.pop();
    quiet.push("2999-12-31");
    home.countersign(&quiet)
        .fine()
        .says("`plain-http` about notes is quiet until 2999-12-31.");
    home.countersign(&["--no-running"])
        .fine()
        .never_says("plain-http")
        .says("kept quiet: --all shows them");
    home.countersign(&["--fail-on", "medium", "--no-running"])
        .fine();
    home.countersign(&["--all", "--no-running"])
        .fine()
        .says("quiet until 2999-12-31: moves next week");
    home.countersign(&["quiet", "plain-http", "notes", "--undo"])
        .fine()
        .says("speaks again");
    home.countersign(&["--no-running"])
        .fine()
        .says("plain-http");
    home.countersign(&[
        "quiet",
        "no-such-rule",
        "notes",
        "--reason",
        "x",
        "--until",
        "2999-12-31",
    ])
    .exits(3);
}
