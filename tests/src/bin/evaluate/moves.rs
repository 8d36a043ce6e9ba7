//! Moving the credentials of a config and taking the move back: nothing but what was moved may change.

use std::{
    collections::{HashMap, hash_map::Entry},
    error::Error,
    fs,
    path::Path,
};

use countersign_core::{
    Setup,
    decide::Origin,
    install,
    moves::{self, Means, Outcome, Request, Undone},
    scan::{self, Machine, Options, Progress, RunningLook},
};
use countersign_model::{Os, SecretId, references};
use countersign_vault::{Held, Seal, Vault};
use serde_json::Value;

/// What came of one config.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moved {
    /// Credentials that went into the vault.
    pub(crate) credentials: usize,
    /// Why credentials stayed, by the reasons' codes.
    pub(crate) kept: Vec<&'static str>,
    /// Whether everything but what was moved stayed the same, where the text is JSON.
    pub(crate) is_whole: bool,
    /// Whether the same bytes are there after undoing.
    pub(crate) is_restored: bool,
}

/// Moves what a text holds and takes it back, in a home of nobody and with a vault in memory.
pub(crate) fn there_and_back(path: &str, text: &str) -> Result<Moved, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("home");
    let relative = path.trim_start_matches(['/', '~', '.', '\\']);
    let name = if relative.is_empty() || relative.contains("..") {
        "mcp.json"
    } else {
        path.trim_start_matches(['/', '~'])
    };
    let file = home.join("project").join(name);
    fs::create_dir_all(file.parent().ok_or("no folder")?)?;
    fs::write(&file, text)?;
    let machine = Machine::new(Os::current(), &home.to_string_lossy(), []);
    let setup = Setup::new(machine, folder.path().join("own"), true)?;
    let options = Options {
        files: vec![file.clone()],
        without_running: true,
        ..Options::default()
    };
    let inventory = scan::scan(
        &setup,
        &options,
        &mut RunningLook::default(),
        &Progress::default(),
    )?;
    let means = Means {
        setup: &setup,
        vault: Vault::in_memory(),
        seal: Seal::random()?,
    };
    let request = Request {
        consents: true,
        ..Request::default()
    };
    let installed = install::place(&setup);
    let plan = moves::plan(&setup, &options, &inventory, &installed, &request)?;
    let mut moved = Moved {
        credentials: plan.moves(),
        kept: plan.kept.iter().map(|kept| kept.obstacle.code()).collect(),
        is_whole: true,
        is_restored: true,
    };
    if plan.files.is_empty() {
        return Ok(moved);
    }
    let done = moves::carry_out(&means, &plan, Origin::CommandLine, &mut |_| {})?;
    moved.is_whole = is_whole(
        &means.vault,
        &installed.guard,
        &installed.bridge,
        text,
        &file,
    )?;
    let undone = moves::undo(&means, done.id, None, &mut |_| {})?;
    let is_exact = match undone {
        Undone::Files(files) => files.iter().all(|file| file.outcome == Outcome::Exact),
        Undone::Asks(_) => false,
    };
    moved.is_restored = is_exact && fs::read(&file)? == text.as_bytes();
    Ok(moved)
}

/// Returns whether a JSON text is as before once references are values again and guard and bridge are
/// taken off; true for what is no JSON.
fn is_whole(
    vault: &Vault,
    guard: &str,
    bridge: &str,
    before: &str,
    file: &Path,
) -> Result<bool, Box<dyn Error>> {
    let Ok(before) = serde_json::from_str::<Value>(before.trim_start_matches('\u{feff}')) else {
        return Ok(true);
    };
    let after = fs::read_to_string(file)?;
    let mut after: Value = serde_json::from_str(after.trim_start_matches('\u{feff}'))?;
    let mut values = HashMap::new();
    fill(&mut after, vault, &mut values)?;
    unwrap(&mut after, guard, bridge, &before);
    Ok(after == before)
}

/// Puts the values in the place of the references.
fn fill(
    value: &mut Value,
    vault: &Vault,
    values: &mut HashMap<SecretId, String>,
) -> Result<(), Box<dyn Error>> {
    match value {
        Value::String(text) => {
            for (range, id) in references(text).into_iter().rev() {
                let value = match values.entry(id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(place) => {
                        let Held::Text(secret) = vault.item(id)?.value else {
                            return Err("the vault holds something else".into());
                        };
                        place.insert(secret.expose("it is compared").to_owned())
                    }
                };
                text.replace_range(range, value);
            }
        }
        Value::Array(items) => {
            for item in items {
                fill(item, vault, values)?;
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                fill(member, vault, values)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Takes guard and bridge off every entry, by what stood there before.
fn unwrap(after: &mut Value, guard: &str, bridge: &str, before: &Value) {
    let (Value::Object(members), Value::Object(old)) = (after, before) else {
        return;
    };
    let is = |value: Option<&Value>, program: &str| match value {
        Some(Value::String(text)) => text == program,
        Some(Value::Array(tokens)) => tokens.first().and_then(Value::as_str) == Some(program),
        _ => false,
    };
    for key in ["command", "cmd", "path"] {
        if is(members.get(key), guard) {
            take_guard_off(members, key, old);
        } else if is(members.get(key), bridge) {
            // The members that it takes the place of are compared through its own arguments.
            let text = Value::Object(members.clone()).to_string();
            let is_there = |value: &Value| match value {
                Value::String(value) => text.contains(
                    &Value::from(value.as_str()).to_string()[1..]
                        .trim_end_matches('"')
                        .to_owned(),
                ),
                _ => true,
            };
            let url = old
                .get("url")
                .or_else(|| old.get("httpUrl"))
                .or_else(|| old.get("serverUrl"));
            if url.is_none_or(is_there) {
                *members = old.clone();
            }
        }
    }
    for (key, value) in members.iter_mut() {
        if let Some(old) = old.get(key) {
            unwrap(value, guard, bridge, old);
        }
    }
}

fn take_guard_off(
    members: &mut serde_json::Map<String, Value>,
    key: &str,
    old: &serde_json::Map<String, Value>,
) {
    let own = |tokens: &[Value]| {
        tokens
            .iter()
            .position(|token| token == "--")
            .map(|at| at + 1)
    };
    if let Some(Value::Array(tokens)) = members.get_mut(key) {
        if let Some(own) = own(tokens) {
            tokens.drain(..own);
        }
        return;
    }
    let list = ["args", "arguments"]
        .into_iter()
        .find(|name| members.get(*name).is_some_and(Value::is_array));
    let Some(list) = list else { return };
    let Some(Value::Array(tokens)) = members.get_mut(list) else {
        return;
    };
    let Some(own) = own(tokens) else { return };
    let rest = tokens.split_off(own);
    let mut rest = rest.into_iter();
    let program = rest.next().unwrap_or_default();
    let arguments: Vec<Value> = rest.collect();
    if arguments.is_empty() && !old.contains_key(list) {
        members.remove(list);
    } else {
        members.insert(list.to_owned(), Value::Array(arguments));
    }
    members.insert(key.to_owned(), program);
}
