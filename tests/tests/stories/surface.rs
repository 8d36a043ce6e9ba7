//! What a server tells the model, as documents: shown, compared word by word, checked in a build.

use countersign_surface::{Builder, ItemKind, export};
use countersign_tests::Home;
use serde_json::{Value, json};

use crate::{pinned, server, servers, status};

fn mail(description: &str) -> Value {
    json!({
        "name": "send_mail",
        "description": description,
        "inputSchema": {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"]}
    })
}

/// Keeps a surface of tools beside the home, and returns its path.
fn keep(home: &Home, name: &str, tools: &[Value]) -> String {
    let mut builder = Builder::new();
    let page = json!({ "tools": tools }).to_string();
    builder.page(ItemKind::Tool, &page).expect("is a list");
    let path = home.write_beside(name, &export(&builder.finish()));
    path.to_string_lossy().into_owned()
}

#[test]
fn shows_every_text_of_a_surface() {
    let home = Home::new();
    let file = keep(&home, "a.json", &[mail("Sends a mail.\u{200b}")]);
    home.countersign(&["surface", "show", &file])
        .fine()
        .says("1 tool")
        .says("tool send_mail")
        .says("Sends a mail.⟨U+200B⟩");
    let shown = home
        .countersign(&["surface", "show", &file, "--json"])
        .fine()
        .json();
    assert_eq!(shown["items"][0]["description"], "Sends a mail.\u{200b}");
    assert_eq!(shown["is_complete"], true);
}

#[test]
fn shows_what_changed_word_by_word_and_fails_where_it_is_asked_to() {
    let home = Home::new();
    let before = keep(&home, "a.json", &[mail("Sends a mail.")]);
    let after = keep(
        &home,
        "b.json",
        &[
            mail("Sends a mail to the boss."),
            json!({"name": "read_mail"}),
        ],
    );
    home.countersign(&["surface", "diff", &before, &after])
        .fine()
        .says("2 changes, at most capability")
        .says("capability tool read_mail added")
        .says("wording tool send_mail changed")
        .says("/description")
        .says("{+");
    home.countersign(&["surface", "diff", &before, &before])
        .fine()
        .says("nothing changed");
    for (limit, code) in [("wording", 1), ("capability", 1), ("hidden", 0)] {
        let asked = ["surface", "diff", &before, &after, "--fail-on", limit];
        home.countersign(&asked).exits(code);
    }
    let drift = home
        .countersign(&["surface", "diff", &before, &after, "--json"])
        .fine()
        .json();
    assert_eq!(drift["grade"], "capability");
    assert_eq!(drift["changes"][1]["fields"][0]["pointer"], "/description");
}

#[test]
fn a_build_checks_its_own_surface() {
    let home = Home::new();
    let approved = keep(
        &home,
        "approved.json",
        &[mail("Sends a mail."), json!({"name": "a"})],
    );
    let reordered = keep(
        &home,
        "same.json",
        &[json!({"name": "a"}), mail("Sends a mail.")],
    );
    let changed = keep(
        &home,
        "changed.json",
        &[mail("Sends mail."), json!({"name": "a"})],
    );
    home.countersign(&["surface", "verify", &reordered, "--against", &approved])
        .fine()
        .says("the same");
    home.countersign(&["surface", "verify", &changed, "--against", &approved])
        .exits(1)
        .says("changed")
        .says("Sends [-a -]mail.");
    home.countersign(&["surface", "verify", &approved])
        .fine()
        .says("whole");

    let text = std::fs::read_to_string(&approved).expect("is there");
    let forged = home.write_beside(
        "forged.json",
        &text.replace("Sends a mail.", "Sends it all."),
    );
    home.countersign(&["surface", "verify", &forged.to_string_lossy()])
        .exits(3)
        .complains("its digest is");
}

#[test]
fn an_approved_surface_that_changes_is_told_with_what_changed() {
    let home = pinned();
    home.countersign(&["approve", "notes"]).fine();
    let approved = keep(&home, "a.json", &[mail("Sends a mail.")]);
    home.countersign(&["review", "notes"])
        .exits(3)
        .complains("it was not asked yet");
    home.countersign(&["review", "notes", "--from", &approved])
        .fine()
        .says("nobody has decided on what it tells the model")
        .says("tool send_mail");
    assert_eq!(status(&home), "approved");
    home.countersign(&["review", "notes", "--approve"])
        .fine()
        .says("is what you approved");
    let trust = server(&home.report(), "notes")["trust"].clone();
    assert_eq!(trust["status"], "approved");
    assert!(
        !trust["not_compared"]
            .to_string()
            .contains("tells the model"),
        "{trust}"
    );

    // Another version of the same package, which the user approves before looking at its tools.
    home.write(
        ".cursor/mcp.json",
        &servers(r#""notes": {"command": "npx", "args": ["-y", "notes-mcp@1.1.0"], "env": {"NOTES_FOLDER": "/srv/notes"}}"#),
    );
    home.countersign(&["approve", "notes"]).fine();
    assert_eq!(status(&home), "approved");
    let spelled = keep(&home, "b.json", &[mail("Sends  a mail.")]);
    home.countersign(&["review", "notes", "--from", &spelled])
        .fine();
    assert_eq!(status(&home), "approved", "white space is no alarm");

    let changed = keep(&home, "c.json", &[mail("Sends a mail to the boss too.")]);
    home.countersign(&["review", "notes", "--from", &changed])
        .fine()
        .says("something else than you approved")
        .says("wording tool send_mail changed");
    assert_eq!(status(&home), "changed");
    home.countersign(&["show", "notes"])
        .fine()
        .says("description of `send_mail` changed on");

    home.countersign(&["review", "notes", "--reject", "--note", "copies the boss"])
        .fine();
    assert_eq!(status(&home), "changed");
    home.countersign(&["show", "notes"])
        .fine()
        .says("rejected what it tells the model: copies the boss");
    home.countersign(&["review", "notes", "--approve"]).fine();
    assert_eq!(status(&home), "approved");
    home.countersign(&["forget", "notes"]).fine();
    assert_eq!(status(&home), "unreviewed");
}

#[test]
fn an_approval_of_a_surface_that_something_else_wrote_is_not_used() {
    let home = pinned();
    home.countersign(&["approve", "notes"]).fine();
    let approved = keep(&home, "a.json", &[mail("Sends a mail.")]);
    home.countersign(&["review", "notes", "--from", &approved, "--approve"])
        .fine();
    let changed = keep(&home, "b.json", &[mail("Sends all mails to everybody.")]);
    home.countersign(&["review", "notes", "--from", &changed])
        .fine();
    assert_eq!(status(&home), "changed");
    let database =
        rusqlite::Connection::open(home.data().join("countersign.sqlite3")).expect("opens");
    let sql = "UPDATE surface_decisions SET digest = (SELECT digest FROM snapshots ORDER BY id DESC LIMIT 1)";
    database.execute(sql, []).expect("is written");
    drop(database);
    assert_eq!(status(&home), "approved");
    home.countersign(&["show", "notes"])
        .fine()
        .says("a stored approval was not used: its seal does not hold");
    home.countersign(&["review", "notes"])
        .fine()
        .says("nobody has decided on what it tells the model");
}

#[test]
fn only_a_whole_surface_is_approved_and_only_tools_that_are_there_are_left_out() {
    let home = pinned();
    let mut builder = Builder::new();
    builder
        .page(ItemKind::Tool, r#"{"tools":[{"name":"a"},{}]}"#)
        .expect("is a list");
    let cut = home.write_beside("cut.json", &export(&builder.finish()));
    home.countersign(&[
        "review",
        "notes",
        "--from",
        &cut.to_string_lossy(),
        "--approve",
    ])
    .exits(3)
    .complains("not whole");
    let whole = keep(
        &home,
        "a.json",
        &[mail("Sends a mail."), json!({"name": "a"})],
    );
    let exported = home.beside("exported.json").to_string_lossy().into_owned();
    home.countersign(&["review", "notes", "--from", &whole, "--export", &exported])
        .fine();
    home.countersign(&["surface", "verify", &exported, "--against", &whole])
        .fine()
        .says("the same");
    let asked = [
        "review",
        "notes",
        "--from",
        &whole,
        "--approve",
        "--leave-out",
    ];
    home.countersign(&[&asked[..], &["b"]].concat())
        .exits(3)
        .complains("there is none");
    home.countersign(&[&asked[..], &["a"]].concat())
        .fine()
        .says("left out a");
}

/// A server that tells what it was given.
#[cfg(target_os = "linux")]
const TELLING: &str = r#"#!/bin/sh
while IFS= read -r line; do
  id=${line#*\"id\":}
  id=${id%%[,\}]*}
  case $line in
    *'"server/discover"'*)
      printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"unknown"}}\n' "$id" ;;
    *'"initialize"'*)
      printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"telling","version":"1"}}}\n' "$id" ;;
    *'"tools/list"'*)
      seen=no
      [ -e "$1/.cursor/mcp.json" ] && seen=yes
      printf '{"jsonrpc":"2.0","id":%s,"result":{"tools":[{"name":"tell","description":"token %s, home seen: %s"}]}}\n' "$id" "$TELLING_TOKEN" "$seen" ;;
  esac
done
"#;

#[cfg(target_os = "linux")]
#[test]
fn a_server_is_asked_without_its_credential_and_without_the_home() {
    let mut home = Home::new();
    home.set("PATH", "/usr/bin:/bin");
    let script = home.write_beside("telling/server.sh", TELLING);
    let folder = home.path().to_string_lossy().into_owned();
    let token = "ghp_7Qm2Xv9Lr4Tz8Nc1Kb6Wy3Hd5Jf0Gs2Pa9Ee";
    let entry = json!({
        "command": "sh",
        "args": [script.to_string_lossy(), folder],
        "env": {"TELLING_TOKEN": token},
    });
    home.write(
        ".cursor/mcp.json",
        &servers(&format!("\"telling\": {entry}")),
    );
    home.countersign(&["review", "telling", "--ask"])
        .fine()
        .says("token placeholder, home seen: no")
        .says("the network is closed")
        .never_says(token);
    home.countersign(&["review", "telling", "--approve"]).fine();
    home.countersign(&["review", "telling", "--ask"])
        .fine()
        .says("what it tells the model is what you approved");
}
