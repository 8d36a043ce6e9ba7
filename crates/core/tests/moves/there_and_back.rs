//! What a move writes, and that undoing it gives back every byte.

use std::fs;

use countersign_core::moves::{MoveError, Outcome, Undone, Values};
use countersign_model::{SecretText, references};
use countersign_vault::Held;

use crate::scene::{GITHUB, OTHER, Scene, undo, undo_with, values};

const CURSOR: &str = ".cursor/mcp.json";
const CODEX: &str = ".codex/config.toml";
const CLAUDE: &str = ".claude.json";

fn cursor() -> String {
    format!(
        "\u{feff}{{\r\n\t// mine\r\n\t\"mcpServers\": {{\r\n\t\t\"github\": {{\r\n\t\t\t\"command\": \"npx\",\r\n\t\t\t\"args\": [\"-y\", \"@modelcontextprotocol/server-github@2025.4.8\"],\r\n\t\t\t\"env\": {{ \"GITHUB_TOKEN\": \"{GITHUB}\", \"LOG\": \"debug\" }} // keep\r\n\t\t}},\r\n\t}}\r\n}}\r\n"
    )
}

fn codex() -> String {
    format!(
        "model = \"gpt\" # mine\n\n[mcp_servers.github]\ncommand = \"npx\"\nargs = [\"-y\", \"srv\", \"--token\", \"{GITHUB}\"]\n\n[mcp_servers.github.env]\nGITHUB_TOKEN = '{OTHER}'\n"
    )
}

fn claude() -> String {
    format!(
        r#"{{
  "numStartups": 3,
  "mcpServers": {{
    "remote": {{
      "type": "http",
      "url": "https://mcp.example.com/mcp",
      "headers": {{ "Authorization": "Bearer {GITHUB}", "X-Team": "blue" }}
    }},
    "plain": {{ "type": "stdio", "command": "npx", "args": ["-y", "srv"], "env": {{}} }}
  }}
}}"#
    )
}

fn three() -> Scene {
    Scene::new(&[(CURSOR, &cursor()), (CODEX, &codex()), (CLAUDE, &claude())])
}

#[test]
fn nothing_secret_is_left_in_any_file_and_undoing_gives_back_every_byte() {
    let scene = three();
    let before = scene.files();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    assert_eq!((moved.files, moved.credentials), (3, 4));
    for (path, bytes) in scene.files() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("ghp_"), "{}: {text}", path.display());
    }
    let undone = undo(&means, moved.id).expect("is undone");
    let Undone::Files(files) = undone else {
        panic!("no value was changed");
    };
    assert!(
        files.iter().all(|file| file.outcome == Outcome::Exact),
        "{files:?}"
    );
    assert_eq!(scene.files(), before);
}

#[test]
fn an_entry_stays_readable_behind_the_guard() {
    let scene = three();
    let means = scene.means();
    scene.carry_out(&means);
    let text = scene.read(CURSOR);
    let home = scene.path("").to_string_lossy().into_owned();
    assert!(text.starts_with("\u{feff}{\r\n\t// mine\r\n"), "{text}");
    assert!(
        text.contains(&format!(
            "\"command\": \"{home}.local/lib/countersign/countersign-guard\""
        )),
        "{text}"
    );
    assert!(
        text.contains("\"--env\", \"GITHUB_TOKEN,LOG\", \"--\", \"npx\", \"-y\""),
        "{text}"
    );
    assert!(text.contains("\"LOG\": \"debug\" } // keep"), "{text}");
    assert_eq!(values(&means, &text), [GITHUB]);
    let text = scene.read(CODEX);
    assert!(text.starts_with("model = \"gpt\" # mine\n"), "{text}");
    assert_eq!(values(&means, &text), [GITHUB, OTHER]);
}

#[test]
fn a_remote_entry_goes_through_the_bridge() {
    let scene = three();
    let means = scene.means();
    scene.carry_out(&means);
    let text = scene.read(CLAUDE);
    let file: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
    let entry = &file["mcpServers"]["remote"];
    assert_eq!(entry["type"], "stdio");
    assert!(
        entry.get("url").is_none() && entry.get("headers").is_none(),
        "{entry}"
    );
    let tokens: Vec<&str> = entry["args"]
        .as_array()
        .expect("is a list")
        .iter()
        .filter_map(|token| token.as_str())
        .collect();
    assert_eq!(tokens[2], "--header");
    assert!(
        tokens[3].starts_with("Authorization: Bearer countersign:"),
        "{tokens:?}"
    );
    assert_eq!(
        tokens[4..],
        [
            "--header",
            "X-Team: blue",
            "--",
            "https://mcp.example.com/mcp"
        ]
    );
    assert_eq!(values(&means, &text), [GITHUB]);
    assert_eq!(file["mcpServers"]["plain"]["command"], "npx");
}

#[test]
fn the_vault_keeps_nothing_once_a_move_is_undone() {
    let scene = three();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let ids: Vec<_> = references(&scene.read(CODEX))
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    undo(&means, moved.id).expect("is undone");
    for id in ids {
        assert!(means.vault.item(id).is_err(), "{id:?}");
    }
    assert!(matches!(undo(&means, moved.id), Err(MoveError::NoMove(_))));
}

#[test]
fn mode_and_links_stay() {
    let scene = Scene::new(&[("dotfiles/cursor.json", &cursor())]);
    fs::create_dir_all(scene.path(".cursor")).expect("is made");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let real = scene.path("dotfiles/cursor.json");
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("is set");
        symlink(&real, scene.path(CURSOR)).expect("is linked");
        let means = scene.means();
        let moved = scene.carry_out(&means);
        let link = fs::symlink_metadata(scene.path(CURSOR)).expect("is there");
        assert!(link.file_type().is_symlink());
        let mode = fs::metadata(&real).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        undo(&means, moved.id).expect("is undone");
        assert_eq!(scene.read("dotfiles/cursor.json"), cursor());
    }
}

#[test]
fn a_file_that_changed_after_the_plan_stops_the_whole_move() {
    let scene = three();
    let means = scene.means();
    let plan = scene.plan();
    scene.write(CLAUDE, &claude().replace("blue", "red"));
    let before = scene.files();
    let refused = countersign_core::moves::carry_out(
        &means,
        &plan,
        countersign_core::decide::Origin::Window,
        &mut |_| {},
    );
    assert!(matches!(refused, Err(MoveError::Changed(_))), "{refused:?}");
    assert_eq!(scene.files(), before);
}

#[test]
fn a_file_that_changes_during_the_move_takes_all_of_it_back() {
    let scene = three();
    let means = scene.means();
    let plan = scene.plan();
    let last = plan.files.last().expect("has files").path.clone();
    let mut written = 0;
    let refused = countersign_core::moves::carry_out(
        &means,
        &plan,
        countersign_core::decide::Origin::Window,
        &mut |step| {
            if matches!(step, countersign_core::moves::Step::Journalled(_)) {
                written += 1;
            }
            if written == 2 {
                written += 1;
                let text = fs::read_to_string(&last).expect("is read");
                fs::write(&last, text + "\n").expect("is written");
            }
        },
    );
    assert!(matches!(refused, Err(MoveError::Write(_))), "{refused:?}");
    for path in [CURSOR, CODEX, CLAUDE] {
        assert!(scene.read(path).contains("ghp_"), "{path}");
    }
    assert!(
        scene
            .setup
            .store
            .moves()
            .expect("is read")
            .iter()
            .all(|row| { row.state == countersign_store::MoveState::Failed })
    );
}

#[test]
fn a_value_that_was_changed_since_is_asked_about() {
    let scene = three();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let id = references(&scene.read(CURSOR))[0].1;
    let mut item = means.vault.item(id).expect("is kept");
    item.value = Held::Text(SecretText::new("ghp_new".to_owned()));
    means.vault.put(&item).expect("is kept");
    let asked = undo(&means, moved.id).expect("asks");
    let Undone::Asks(changed) = asked else {
        panic!("a value was changed: {asked:?}");
    };
    assert_eq!(changed.len(), 1);
    assert_eq!(
        (changed[0].entry.as_str(), changed[0].name.as_str()),
        ("github", "GITHUB_TOKEN")
    );
    assert!(
        !scene.read(CURSOR).contains("ghp_"),
        "nothing is written before the answer"
    );
    undo_with(&means, moved.id, Values::Present);
    assert_eq!(scene.read(CURSOR), cursor().replace(GITHUB, "ghp_new"));
    assert_eq!(scene.read(CODEX), codex());
}

#[test]
fn the_old_value_is_written_where_that_is_the_answer() {
    let scene = three();
    let means = scene.means();
    let before = scene.files();
    let moved = scene.carry_out(&means);
    let id = references(&scene.read(CURSOR))[0].1;
    let mut item = means.vault.item(id).expect("is kept");
    item.value = Held::Text(SecretText::new("ghp_new".to_owned()));
    means.vault.put(&item).expect("is kept");
    undo_with(&means, moved.id, Values::AsMoved);
    assert_eq!(scene.files(), before);
}

#[test]
fn further_credentials_of_a_guarded_entry_are_moved_and_undone_alone() {
    let scene = Scene::new(&[(CODEX, &codex().replace(GITHUB, "none"))]);
    let means = scene.means();
    scene.carry_out(&means);
    let once = scene.read(CODEX);
    let more = once.replace("\"none\"", &format!("\"{GITHUB}\""));
    assert_ne!(once, more);
    scene.write(CODEX, &more);
    let second = scene.carry_out(&means);
    let twice = scene.read(CODEX);
    assert!(!twice.contains("ghp_"), "{twice}");
    assert_eq!(twice.matches("countersign-guard").count(), 1, "{twice}");
    let all = references(&twice);
    let bindings: Vec<_> = all
        .iter()
        .map(|(_, id)| means.vault.item(*id).expect("is kept").homes)
        .collect();
    assert!(
        bindings.iter().all(|homes| homes.len() == 1),
        "{bindings:?}"
    );
    assert_eq!(bindings[0][0].binding, bindings[1][0].binding);
    undo(&means, second.id).expect("is undone");
    assert_eq!(scene.read(CODEX), more);
    let left = references(&more)[0].1;
    let homes = means.vault.item(left).expect("is kept").homes;
    assert_ne!(
        homes[0].binding, bindings[0][0].binding,
        "it is bound as before"
    );
}

#[test]
fn a_row_that_something_else_wrote_is_not_followed() {
    let scene = three();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let after = scene.files();
    let other = countersign_core::moves::Means {
        setup: means.setup,
        vault: means.vault,
        seal: countersign_vault::Seal::random().expect("random numbers"),
    };
    let Undone::Files(files) = undo(&other, moved.id).expect("answers") else {
        panic!("no value was changed");
    };
    assert!(
        files
            .iter()
            .all(|file| matches!(file.outcome, Outcome::Left(_))),
        "{files:?}"
    );
    assert_eq!(scene.files(), after);
}

#[test]
fn what_was_approved_stays_approved_once_its_credentials_are_moved() {
    let scene = three();
    let approve = || {
        let inventory = scene.scan();
        for (_, entry) in inventory.entries() {
            let server = &inventory.assessed[&entry.id].server;
            // What floats cannot be approved, moved or not.
            let _ = countersign_core::decide::approve(
                &scene.setup,
                entry,
                server,
                "looked at",
                None,
                countersign_core::decide::Origin::Window,
            );
        }
    };
    let seen = || -> Vec<(String, String, String)> {
        let inventory = scene.scan();
        inventory
            .entries()
            .map(|(config, entry)| {
                let assessed = &inventory.assessed[&entry.id];
                (
                    format!("{} {}", config.path.display(), entry.name),
                    format!("{:?}", assessed.server.identity),
                    format!("{:?}", assessed.verdict.status),
                )
            })
            .collect()
    };
    approve();
    let before = seen();
    assert!(
        before
            .iter()
            .filter(|(_, _, status)| status == "Approved")
            .count()
            >= 2,
        "{before:?}"
    );
    let means = scene.means();
    scene.carry_out(&means);
    assert_eq!(seen(), before);
}

#[test]
fn nothing_is_found_where_everything_was_moved() {
    let scene = three();
    let means = scene.means();
    scene.carry_out(&means);
    let again = scene.plan();
    assert_eq!((again.moves(), again.kept.len()), (0, 0), "{again:?}");
}
