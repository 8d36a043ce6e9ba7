//! Undoing a move of files that changed since.

use countersign_core::{
    decide::Origin,
    moves::{self, FileUndone, Means, Outcome, Request, Undone, Values, Why},
};
use countersign_model::{SecretText, references};
use countersign_vault::Held;

use crate::scene::{GITHUB, OTHER, Scene, undo, undo_with, values};

const CURSOR: &str = ".cursor/mcp.json";
const CODEX: &str = ".codex/config.toml";
const CLAUDE: &str = ".claude.json";
const VIBE: &str = ".vibe/config.toml";

fn cursor() -> String {
    format!(
        "{{\n  // mine\n  \"mcpServers\": {{\n    \"github\": {{\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"srv\"],\n      \"env\": {{ \"GITHUB_TOKEN\": \"{GITHUB}\" }} // keep\n    }}\n  }}\n}}\n"
    )
}

fn codex() -> String {
    format!(
        "[mcp_servers.github]\ncommand = \"npx\"\nargs = [\"-y\", \"srv\", \"--token\", \"{GITHUB}\"]\n\n[mcp_servers.github.env]\nGITHUB_TOKEN = '{OTHER}'\n"
    )
}

fn claude() -> String {
    format!(
        "{{\n\t\"numStartups\": 3,\n\t\"mcpServers\": {{\n\t\t\"remote\": {{\n\t\t\t\"type\": \"http\",\n\t\t\t\"url\": \"https://mcp.example.com/mcp\",\n\t\t\t\"headers\": {{\n\t\t\t\t\"Authorization\": \"Bearer {GITHUB}\"\n\t\t\t}}\n\t\t}}\n\t}}\n}}"
    )
}

fn outcomes(undone: Undone) -> Vec<FileUndone> {
    match undone {
        Undone::Files(files) => files,
        Undone::Asks(_) => panic!("no value was changed"),
    }
}

fn undone(means: &Means<'_>, id: i64) -> Vec<Outcome> {
    let files = outcomes(undo(means, id).expect("is tried"));
    files.into_iter().map(|file| file.outcome).collect()
}

/// Has somebody else put one text for another, which must be there once.
fn change(scene: &Scene, path: &str, old: &str, new: &str) {
    let text = scene.read(path);
    assert_eq!(text.matches(old).count(), 1, "`{old}` in {text}");
    scene.write(path, &text.replace(old, new));
}

#[test]
fn what_was_added_since_stays() {
    let scene = Scene::new(&[(CURSOR, &cursor()), (CODEX, &codex())]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let server = "\"mcpServers\": {\n    \"new\": { \"command\": \"node\" },";
    change(&scene, CURSOR, "\"mcpServers\": {", server);
    change(&scene, CURSOR, " } // keep", ", \"LOG\": \"1\" } // keep");
    let table = "[mcp_servers.new]\nurl = \"https://new\"\n\n[mcp_servers.github]";
    change(&scene, CODEX, "[mcp_servers.github]", table);
    let ids = references(&(scene.read(CURSOR) + &scene.read(CODEX)));
    assert_eq!(
        undone(&means, moved.id),
        [Outcome::OwnEdit, Outcome::OwnEdit]
    );
    let expect = cursor()
        .replace("\"mcpServers\": {", server)
        .replace(" } // keep", ", \"LOG\": \"1\" } // keep");
    assert_eq!(scene.read(CURSOR), expect);
    assert_eq!(
        scene.read(CODEX),
        codex().replace("[mcp_servers.github]", table)
    );
    assert!(ids.iter().all(|(_, id)| means.vault.item(*id).is_err()));
}

#[test]
fn a_file_that_its_client_wrote_anew_is_put_back_in_meaning() {
    let scene = Scene::new(&[(CURSOR, &cursor()), (CLAUDE, &claude())]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let mut file: serde_json::Value = serde_json::from_str(&scene.read(CLAUDE)).expect("is JSON");
    file["numStartups"] = 4.into();
    scene.write(
        CLAUDE,
        &serde_json::to_string_pretty(&file).expect("is JSON"),
    );
    let files = undone(&means, moved.id);
    assert!(files.contains(&Outcome::Exact) && files.contains(&Outcome::OwnEdit));
    let text = scene.read(CLAUDE);
    let back: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let mut expect: serde_json::Value = serde_json::from_str(&claude()).expect("is JSON");
    expect["numStartups"] = 4.into();
    assert_eq!(back, expect);
    assert!(!text.contains('\t'), "{text}");
}

#[test]
fn an_entry_of_a_list_is_put_back_at_another_index() {
    let before = format!(
        "[[mcp_servers]]\nname = \"a\"\ntransport = \"stdio\"\ncommand = \"npx\"\nargs = [\"srv\"]\nenv = {{ GITHUB_TOKEN = \"{GITHUB}\" }}\n"
    );
    let scene = Scene::new(&[(VIBE, &before)]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let new = "[[mcp_servers]]\nname = \"b\"\ntransport = \"stdio\"\ncommand = \"node\"\n\n";
    let text = format!("{new}{}", scene.read(VIBE));
    scene.write(VIBE, &text);
    assert_eq!(undone(&means, moved.id), [Outcome::OwnEdit]);
    assert_eq!(scene.read(VIBE), format!("{new}{before}"));
}

#[test]
fn an_entry_that_was_changed_where_it_was_edited_is_left_and_named() {
    let scene = Scene::new(&[(CURSOR, &cursor()), (CODEX, &codex())]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    change(
        &scene,
        CURSOR,
        "\"GITHUB_TOKEN\", \"--\"",
        "\"A,GITHUB_TOKEN\", \"--\"",
    );
    let left = scene.read(CURSOR);
    let files = outcomes(undo(&means, moved.id).expect("is tried"));
    let whys: Vec<_> = files
        .iter()
        .filter_map(|file| match &file.outcome {
            Outcome::Left(why) => Some(why),
            _ => None,
        })
        .collect();
    let [why @ Why::Changed(_)] = whys[..] else {
        panic!("{files:?}");
    };
    assert_eq!(
        why.to_string(),
        "it was changed since: failed to find in `mcpServers/github/args/3` what was written \
         there: it is another string"
    );
    assert_eq!(scene.read(CURSOR), left);
    assert_eq!(values(&means, &left), [GITHUB], "it works as before");
    assert_eq!(scene.read(CODEX), codex());
    scene.write(CURSOR, &left.replace("A,GITHUB_TOKEN", "GITHUB_TOKEN"));
    assert!(
        !undone(&means, moved.id)
            .iter()
            .any(|outcome| matches!(outcome, Outcome::Left(_)))
    );
    assert_eq!(scene.read(CURSOR), cursor());
}

#[test]
fn a_file_that_cannot_be_read_is_left() {
    let scene = Scene::new(&[(CURSOR, &cursor())]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    change(&scene, CURSOR, "// mine", "{");
    let left = scene.read(CURSOR);
    let outcomes = undone(&means, moved.id);
    assert!(
        matches!(&outcomes[..], [Outcome::Left(Why::Changed(why))] if why.starts_with("failed to read the text: ")),
        "{outcomes:?}"
    );
    assert_eq!(scene.read(CURSOR), left);
}

#[test]
fn one_of_two_moves_is_undone_and_the_other_works_on() {
    let entry = |name: &str, value: &str| {
        format!(
            "    \"{name}\": {{ \"command\": \"npx\", \"args\": [\"srv\"], \"env\": {{ \"GITHUB_TOKEN\": \"{value}\" }} }}"
        )
    };
    let file = |entries: &[String]| {
        format!(
            "{{\n  \"mcpServers\": {{\n{}\n  }}\n}}\n",
            entries.join(",\n")
        )
    };
    let scene = Scene::new(&[(CURSOR, &file(&[entry("a", GITHUB)]))]);
    let means = scene.means();
    let first = scene.carry_out(&means);
    let text = scene.read(CURSOR);
    let text = text.replacen(
        "}\n  }\n}",
        &format!("}},\n{}\n  }}\n}}", entry("b", OTHER)),
        1,
    );
    scene.write(CURSOR, &text);
    let second = scene.carry_out(&means);
    assert_eq!(values(&means, &scene.read(CURSOR)), [GITHUB, OTHER]);
    assert_eq!(undone(&means, first.id), [Outcome::OwnEdit]);
    let text = scene.read(CURSOR);
    assert!(text.contains(&entry("a", GITHUB)), "{text}");
    assert_eq!(values(&means, &text), [OTHER], "the other is untouched");
    assert_eq!(undone(&means, second.id), [Outcome::OwnEdit]);
    assert_eq!(
        scene.read(CURSOR),
        file(&[entry("a", GITHUB), entry("b", OTHER)])
    );
}

#[test]
fn a_move_that_a_later_one_builds_on_waits_for_it() {
    let scene = Scene::new(&[(CODEX, &codex().replace(GITHUB, "none"))]);
    let means = scene.means();
    let first = scene.carry_out(&means);
    change(&scene, CODEX, "\"none\"", &format!("\"{GITHUB}\""));
    let second = scene.carry_out(&means);
    let both = scene.read(CODEX);
    assert_eq!(
        undone(&means, first.id),
        [Outcome::Left(Why::LaterMove(second.id))]
    );
    assert_eq!(scene.read(CODEX), both);
}

#[test]
fn entries_that_share_a_credential_are_put_back_one_by_one() {
    let scene = Scene::new(&[(CURSOR, &cursor()), (CLAUDE, &claude())]);
    let means = scene.means();
    let plan = scene.plan_of(&Request {
        joins: true,
        ..Request::default()
    });
    let moved = moves::carry_out(&means, &plan, Origin::Window, &mut |_| {}).expect("is made");
    let id = references(&scene.read(CURSOR))[0].1;
    assert_eq!(references(&scene.read(CLAUDE))[0].1, id, "they are joined");
    change(&scene, CLAUDE, "\"args\": [\"--", "\"args\": [\"-v\", \"--");
    let files = undone(&means, moved.id);
    assert!(files.contains(&Outcome::Exact), "{files:?}");
    assert_eq!(scene.read(CURSOR), cursor());
    assert_eq!(values(&means, &scene.read(CLAUDE)), [GITHUB], "it works on");
    change(&scene, CLAUDE, "\"-v\", ", "");
    undo(&means, moved.id).expect("is undone");
    assert_eq!(scene.read(CLAUDE), claude());
    assert!(means.vault.item(id).is_err());
}

#[test]
fn the_present_value_is_written_into_a_file_that_changed_since() {
    let scene = Scene::new(&[(CURSOR, &cursor())]);
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let id = references(&scene.read(CURSOR))[0].1;
    let mut item = means.vault.item(id).expect("is kept");
    item.value = Held::Text(SecretText::new("ghp_new".to_owned()));
    means.vault.put(&item).expect("is kept");
    change(&scene, CURSOR, "// mine", "// ours");
    undo_with(&means, moved.id, Values::Present);
    assert_eq!(
        scene.read(CURSOR),
        cursor().replace(GITHUB, "ghp_new").replace("mine", "ours")
    );
}
