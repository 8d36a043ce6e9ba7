//! Taking entries back from references and vault, with or without a journal.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use countersign_clients::{Catalog, files, read::text_syntax};
use countersign_confedit::Document;
use countersign_model::{Config, Entry, EntryId, SecretId};
use countersign_store::{FileState, MoveFile, MoveState};
use countersign_vault::{Held, VaultError};
use zeroize::Zeroizing;

use super::{
    carry::is_home,
    means::{Means, MoveError},
    record,
    texts::{self, Of, Step, Watcher},
    undo::{self, Outcome, Undone, Values, Why},
    unwrap::{self, Back, Found},
    wrapped::{Wrapped, wrapped},
};
use crate::{
    Inventory,
    decide::{Origin, made_by},
    install::Installed,
    scan,
    setup::now_s,
};

/// What became of an entry that was to be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// Its config.
    pub path: PathBuf,
    /// Its name; `None` where the whole file is spoken of.
    pub entry: Option<String>,
    /// What happened.
    pub outcome: Outcome,
}

/// Takes entries back that go through guard or bridge: those that are named, or all. What cannot be
/// taken back stays as it is.
///
/// # Errors
/// [`MoveError`].
pub fn take_back(
    means: &Means<'_>,
    inventory: &Inventory,
    installed: &Installed,
    entries: Option<&[EntryId]>,
    watcher: Watcher<'_>,
) -> Result<Vec<TakenBack>, MoveError> {
    if !means.setup.is_own_home {
        return Err(MoveError::NotOwnHome);
    }
    let _alone = means.alone()?;
    let catalog = scan::catalog(means.setup, &mut Vec::new());
    let mut taken = Vec::new();
    for config in &inventory.configs {
        let wanted: Vec<(&Entry, Wrapped)> = config
            .entries
            .iter()
            .filter(|entry| entries.is_none_or(|entries| entries.contains(&entry.id)))
            .filter_map(|entry| Some((entry, wrapped(entry, installed)?)))
            .collect();
        if !wanted.is_empty() {
            taken.extend(file(means, &catalog, config, &wanted, watcher)?);
        }
    }
    settle_journal(means)?;
    Ok(taken)
}

/// Takes everything back: every move, then whatever still goes through guard or bridge, then the programs
/// themselves if nothing needs them.
///
/// # Errors
/// [`MoveError`].
pub fn leave(
    means: &Means<'_>,
    options: &scan::Options,
    installed: &Installed,
    watcher: Watcher<'_>,
) -> Result<Vec<TakenBack>, MoveError> {
    let mut taken = Vec::new();
    for row in means.setup.store.moves()? {
        if row.state != MoveState::Done {
            continue;
        }
        // What the vault has now is what works now.
        let undone = undo::undo(means, row.id, Some(Values::Present), watcher)?;
        let Undone::Files(files) = undone else {
            continue;
        };
        let is_back = |file: &undo::FileUndone| !matches!(file.outcome, Outcome::Left(_));
        taken.extend(files.into_iter().filter(is_back).map(|file| TakenBack {
            path: file.path,
            entry: None,
            outcome: file.outcome,
        }));
    }
    let inventory = scan_again(means, options)?;
    taken.extend(take_back(means, &inventory, installed, None, watcher)?);
    let is_left = |taken: &TakenBack| matches!(taken.outcome, Outcome::Left(_));
    if !taken.iter().any(is_left) {
        crate::install::remove(means.setup)?;
    }
    Ok(taken)
}

fn scan_again(means: &Means<'_>, options: &scan::Options) -> Result<Inventory, MoveError> {
    let options = scan::Options {
        without_running: true,
        ..options.clone()
    };
    let mut running = scan::RunningLook::default();
    Ok(scan::scan(
        means.setup,
        &options,
        &mut running,
        &scan::Progress::default(),
    )?)
}

fn file(
    means: &Means<'_>,
    catalog: &Catalog,
    config: &Config,
    wanted: &[(&Entry, Wrapped)],
    watcher: Watcher<'_>,
) -> Result<Vec<TakenBack>, MoveError> {
    let told = |entry: &Entry, outcome: Outcome| TakenBack {
        path: config.path.as_path().to_owned(),
        entry: Some(entry.name.clone()),
        outcome,
    };
    let left = |why: &Why| -> Vec<TakenBack> {
        let told = |(entry, _): &(&Entry, Wrapped)| told(entry, Outcome::Left(why.clone()));
        wanted.iter().map(told).collect()
    };
    let (text, syntax) = match (
        texts::present(&config.path.to_string_lossy()),
        text_syntax(config.format),
    ) {
        (Some(text), Some(syntax)) => (text, syntax),
        _ => return Ok(left(&Why::Unreadable)),
    };
    let Ok(document) = Document::parse(&text, syntax) else {
        return Ok(left(&Why::Unreadable));
    };
    let mut outcomes = Vec::new();
    let mut edits = Vec::new();
    let mut done = Vec::new();
    for (entry, wrapped) in wanted {
        let made = values(means, wrapped)?.and_then(|values| {
            unwrap::edits(&Back {
                entry,
                wrapped,
                root: document.root(),
                dialect: catalog.dialect(&entry.dialect),
                values: &values,
            })
        });
        match made.and_then(|made| {
            // One entry that cannot be written must not keep the others of its file.
            let alone = countersign_confedit::edit(&text, syntax, &made);
            alone.map(|_| made).map_err(|failure| failure.to_string())
        }) {
            Ok(made) => {
                edits.extend(made);
                done.push((*entry, wrapped));
                outcomes.push(told(entry, Outcome::OwnEdit));
            }
            Err(why) => outcomes.push(told(entry, Outcome::Left(Why::Changed(why)))),
        }
    }
    if done.is_empty() {
        return Ok(outcomes);
    }
    let edited = match countersign_confedit::edit(&text, syntax, &edits) {
        Ok(edited) => edited,
        Err(failure) => return Ok(left(&Why::Changed(failure.to_string()))),
    };
    if let Err(error) = write(means, config, &text, &edited.text, watcher) {
        return Ok(left(&Why::Write(error.to_string())));
    }
    for (entry, wrapped) in done {
        forget(means, config, entry, wrapped)?;
    }
    Ok(outcomes)
}

/// Returns the values of an entry's references, or why one cannot be had.
fn values(means: &Means<'_>, wrapped: &Wrapped) -> Result<Result<Found, String>, MoveError> {
    let mut found = BTreeMap::new();
    for reference in &wrapped.references {
        let id = reference.id;
        match means.vault.item(id) {
            Ok(item) => match item.value {
                Held::Text(text) => {
                    found.insert(id, text);
                }
                Held::Elsewhere(elsewhere) => {
                    return Ok(Err(format!(
                        "{} has the value of {}, which has to be written there by hand",
                        elsewhere.name(),
                        name(&reference.name, id)
                    )));
                }
            },
            Err(VaultError::NoItem(_)) => {
                return Ok(Err(format!(
                    "the vault has no value of {}",
                    name(&reference.name, id)
                )));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Ok(found))
}

fn name(name: &str, id: SecretId) -> String {
    if name.is_empty() {
        id.reference()
    } else {
        name.to_owned()
    }
}

/// Writes a file that is taken back. A row without credentials stands in the journal meanwhile, so that a
/// crash leaves no text beside the file.
fn write(
    means: &Means<'_>,
    config: &Config,
    before: &str,
    after: &Zeroizing<String>,
    watcher: Watcher<'_>,
) -> Result<(), MoveError> {
    let path = config.path.as_path();
    let target = files::target(path).unwrap_or_else(|| path.to_owned());
    let mut row = MoveFile {
        path: path.to_string_lossy().into_owned(),
        target: target.to_string_lossy().into_owned(),
        syntax: config.format.name().to_owned(),
        state: FileState::Planned,
        staged: None,
        before_mac: record::text_mac(&means.seal, before),
        after_mac: record::text_mac(&means.seal, after),
        splices: "[]".to_owned(),
        raw: String::new(),
        seal: Vec::new(),
        items: Vec::new(),
    };
    row.seal = record::sign_row(&means.seal, &row);
    let store = &means.setup.store;
    let rows = std::slice::from_ref(&row);
    let id = store.begin_move(now_s(), &made_by(Origin::Window), rows)?;
    watcher(Step::Recorded);
    let of = Of {
        id,
        ordinal: 0,
        file: &row,
    };
    let put = texts::put(
        means,
        of,
        after,
        |present| present == before,
        FileState::Restored,
        watcher,
    );
    store.forget_move(id)?;
    put
}

/// Has the vault forget what belonged to an entry alone.
fn forget(
    means: &Means<'_>,
    config: &Config,
    entry: &Entry,
    wrapped: &Wrapped,
) -> Result<(), MoveError> {
    let path = config.path.to_string_lossy();
    for reference in &wrapped.references {
        let mut item = match means.vault.item(reference.id) {
            Ok(item) => item,
            Err(VaultError::NoItem(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        item.homes
            .retain(|home| !is_home(home, &path, entry.pointer.as_str()));
        if item.homes.is_empty() {
            means.vault.remove(reference.id)?;
        } else {
            means.vault.put(&item)?;
        }
    }
    Ok(())
}

/// Ends moves of which no file refers to anything any more.
fn settle_journal(means: &Means<'_>) -> Result<(), MoveError> {
    let store = &means.setup.store;
    for row in store.moves()? {
        if row.state != MoveState::Done {
            continue;
        }
        let files = store.move_files(row.id)?;
        let is_over = |file: &MoveFile| {
            file.state == FileState::Restored
                || Path::new(&file.target).exists() && !undo::refers(file)
        };
        if files.iter().all(is_over) {
            for (ordinal, file) in files.iter().enumerate() {
                if let Some(raw) = SecretId::parse(&file.raw) {
                    means.vault.remove_raw(raw)?;
                }
                store.set_move_file_state(row.id, ordinal, FileState::Restored, None)?;
            }
            store.set_move_state(row.id, MoveState::Undone)?;
        }
    }
    Ok(())
}
