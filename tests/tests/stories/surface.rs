//! What a server tells the model, as documents: shown, compared word by word, checked in a build.

use countersign_surface::{Builder, ItemKind, export};
use countersign_tests::Home;
use serde_json::{Value, json};

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
