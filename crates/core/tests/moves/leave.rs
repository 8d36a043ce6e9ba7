//! Taking entries back without a journal, and values that are set, bound anew, or missing.

use countersign_core::{
    install,
    moves::{self, Means, MoveError, Outcome, TakenBack, Why, wrapped},
};
use countersign_model::{EntryId, SecretText, references};
use countersign_vault::VaultError;

use crate::scene::{GITHUB, OTHER, Scene, values};

const FILES: [&str; 4] = [
    ".cursor/mcp.json",
    ".codex/config.toml",
    ".claude.json",
    ".config/opencode/opencode.json",
];

fn scene() -> Scene {
    let cursor = format!(
        r#"{{ "mcpServers": {{ "github": {{ "command": "npx", "args": ["srv", "--token={GITHUB}"], "env": {{ "API_KEY": "{OTHER}" }} }} }} }}"#
    );
    let codex = format!(
        "[mcp_servers.github]\ncommand = \"npx\"\nargs = [\"srv\"]\n[mcp_servers.github.env]\nGITHUB_TOKEN = \"{GITHUB}\"\n"
    );
    let claude = format!(
        r#"{{ "mcpServers": {{ "r": {{ "type": "http", "url": "https://mcp.example.com/mcp", "headers": {{ "Authorization": "Bearer {GITHUB}" }} }} }} }}"#
    );
    let opencode = format!(
        r#"{{ "mcp": {{ "gh": {{ "type": "local", "command": ["npx", "srv"], "environment": {{ "GITHUB_TOKEN": "{GITHUB}" }} }} }} }}"#
    );
    Scene::new(&[
        (FILES[0], &cursor),
        (FILES[1], &codex),
        (FILES[2], &claude),
        (FILES[3], &opencode),
    ])
}

fn leave(scene: &Scene, means: &Means<'_>) -> Vec<TakenBack> {
    let installed = install::place(&scene.setup);
    moves::leave(means, &Scene::options(), &installed, &mut |_| {}).expect("can leave")
}

fn take_back(scene: &Scene, means: &Means<'_>, entries: Option<&[EntryId]>) -> Vec<TakenBack> {
    let installed = install::place(&scene.setup);
    moves::take_back(means, &scene.scan(), &installed, entries, &mut |_| {}).expect("is tried")
}

/// Reads a file as its entry would be used, without regard to how it is written.
fn meaning(scene: &Scene, path: &str) -> serde_json::Value {
    let text = scene.read(path);
    if path.ends_with("toml") {
        text.into()
    } else {
        serde_json::from_str(&text).expect("is JSON")
    }
}

#[test]
fn leaving_gives_back_every_byte_where_the_journal_is_there() {
    let scene = scene();
    let before = scene.files();
    let means = scene.means();
    assert_eq!(scene.carry_out(&means).credentials, 5);
    let taken = leave(&scene, &means);
    assert!(
        taken
            .iter()
            .all(|taken| !matches!(taken.outcome, Outcome::Left(_))),
        "{taken:?}"
    );
    assert_eq!(scene.files(), before);
}

#[test]
fn leaving_without_a_journal_restores_every_entry_from_its_references() {
    let scene = scene();
    let before: Vec<_> = FILES.map(|path| meaning(&scene, path)).into();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    let ids: Vec<_> = FILES
        .iter()
        .flat_map(|path| references(&scene.read(path)))
        .map(|(_, id)| id)
        .collect();
    scene.setup.store.forget_move(moved.id).expect("is lost");
    let taken = leave(&scene, &means);
    assert_eq!(taken.len(), 4, "{taken:?}");
    assert!(
        taken.iter().all(|taken| taken.outcome == Outcome::OwnEdit),
        "{taken:?}"
    );
    let after: Vec<_> = FILES.map(|path| meaning(&scene, path)).into();
    assert_eq!(after, before);
    for id in ids {
        assert!(
            matches!(means.vault.item(id), Err(VaultError::NoItem(_))),
            "{id:?}"
        );
    }
    assert!(scene.setup.store.moves().expect("is read").is_empty());
}

#[test]
fn one_entry_is_taken_back_and_the_others_stay() {
    let scene = scene();
    let means = scene.means();
    scene.carry_out(&means);
    let codex = scene.read(FILES[1]);
    let inventory = scene.scan();
    let id = |file: &str| {
        let (_, entry) = inventory
            .entries()
            .find(|(config, _)| config.path.ends_with(file))
            .expect("is there");
        entry.id.clone()
    };
    let taken = take_back(&scene, &means, Some(&[id(FILES[0])]));
    assert_eq!(taken.len(), 1);
    assert!(scene.read(FILES[0]).contains(GITHUB));
    assert_eq!(scene.read(FILES[1]), codex);
    assert_eq!(values(&means, &codex), [GITHUB]);
}

#[test]
fn what_the_vault_does_not_have_stays_and_is_told() {
    let scene = scene();
    let means = scene.means();
    let moved = scene.carry_out(&means);
    scene.setup.store.forget_move(moved.id).expect("is lost");
    let text = scene.read(FILES[1]);
    means
        .vault
        .remove(references(&text)[0].1)
        .expect("is removed");
    let taken = leave(&scene, &means);
    let left: Vec<_> = taken
        .iter()
        .filter(|taken| matches!(taken.outcome, Outcome::Left(Why::Changed(_))))
        .collect();
    assert_eq!(left.len(), 1, "{taken:?}");
    assert_eq!(left[0].entry.as_deref(), Some("github"));
    assert_eq!(scene.read(FILES[1]), text);
    assert!(scene.read(FILES[0]).contains(GITHUB));
}

#[test]
fn joined_entries_are_taken_back_one_by_one() {
    let scene = scene();
    let means = scene.means();
    let plan = scene.plan_of(&moves::Request {
        joins: true,
        ..moves::Request::default()
    });
    moves::carry_out(
        &means,
        &plan,
        countersign_core::decide::Origin::Window,
        &mut |_| {},
    )
    .expect("is carried out");
    let shared = references(&scene.read(FILES[1]))[0].1;
    assert_eq!(references(&scene.read(FILES[3]))[0].1, shared);
    let inventory = scene.scan();
    let (_, entry) = inventory
        .entries()
        .find(|(config, _)| config.path.ends_with(FILES[1]))
        .expect("is there");
    take_back(&scene, &means, Some(std::slice::from_ref(&entry.id)));
    assert!(scene.read(FILES[1]).contains(GITHUB));
    assert_eq!(values(&means, &scene.read(FILES[3])), [GITHUB]);
    let homes = means.vault.item(shared).expect("is kept").homes;
    assert!(
        homes.iter().all(|home| !home.file.ends_with(FILES[1])),
        "{homes:?}"
    );
}

#[test]
fn a_value_is_set_where_the_vault_has_none_and_bound_to_what_refers_to_it() {
    let scene = scene();
    let other_machine = scene.means();
    let means = scene.means();
    scene.carry_out(&other_machine);
    let id = references(&scene.read(FILES[1]))[0].1;
    let installed = install::place(&scene.setup);
    let set = |id| {
        let value = SecretText::new("new value".to_owned());
        moves::set_value(&means, &scene.scan(), &installed, id, value)
    };
    set(id).expect("is set");
    let made = means.vault.item(id).expect("is kept");
    let known = other_machine.vault.item(id).expect("is kept");
    assert_eq!(made.homes[0].binding, known.homes[0].binding);
    assert_eq!(values(&means, &scene.read(FILES[1])), ["new value"]);
    let nobody = countersign_model::SecretId::from_bytes([9; 16]);
    assert!(matches!(set(nobody), Err(MoveError::NoReference(_))));
}

#[test]
fn an_entry_that_was_changed_is_bound_anew_on_request() {
    let scene = scene();
    let means = scene.means();
    scene.carry_out(&means);
    let changed = scene
        .read(FILES[1])
        .replace("\"srv\"", "\"srv\", \"--verbose\"");
    scene.write(FILES[1], &changed);
    let installed = install::place(&scene.setup);
    let inventory = scene.scan();
    let (_, entry) = inventory
        .entries()
        .find(|(config, _)| config.path.ends_with(FILES[1]))
        .expect("is there");
    let asked = wrapped(entry, &installed)
        .expect("goes through the guard")
        .asked;
    let id = references(&changed)[0].1;
    let bound = || {
        means.vault.item(id).expect("is kept").homes[0]
            .binding
            .clone()
    };
    assert_eq!(bound().differences(&asked).len(), 1);
    moves::bind(&means, &inventory, &installed, &entry.id).expect("is bound");
    assert_eq!(bound(), asked);
}
