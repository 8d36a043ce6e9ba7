//! Undoing a move: exactly, where a file is as we left it; else our edit alone; else saying why not.

use std::path::PathBuf;

use countersign_clients::read::text_syntax;
use countersign_confedit::{Document, Edit, Splice, Syntax};
use countersign_model::{Pointer, SecretId, SecretText, TextFormat};
use countersign_store::{FileState, MoveFile, MoveItem, MoveRow, MoveState};
use countersign_vault::{Held, VaultError};
use zeroize::Zeroizing;

use super::{
    carry::is_home,
    edits,
    means::{Means, MoveError},
    record::{self, Kept},
    texts::{self, Of, Step, Watcher},
};

/// Which value is written where the vault has another one than the file had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// What the file had.
    AsMoved,
    /// What the vault has.
    Present,
}

/// A credential whose value was changed in the vault after it was moved there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedValue {
    /// Its item.
    pub item: SecretId,
    /// The config it came from.
    pub path: PathBuf,
    /// The entry's name.
    pub entry: String,
    /// The name it stood under; empty where it had none.
    pub name: String,
    /// Whether a secret manager has it now, so that only the old value can be written.
    pub is_elsewhere: bool,
}

/// Why a file was not put back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable,
    /// A later move edited the same entry.
    #[error("a later move edited the same entry: undo that first (number {0})")]
    LaterMove(i64),
    /// What was written is not there any more, or has no place to go back to.
    #[error("it was changed since: {0}")]
    Changed(String),
    /// Its journal cannot be used.
    #[error("its journal cannot be used: {0}")]
    Journal(&'static str),
    /// The vault does not have what was replaced.
    #[error("the vault does not have what was replaced: failed to {0}")]
    Vault(String),
    /// Writing failed.
    #[error("failed to {0}")]
    Write(String),
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUndone {
    /// The config.
    pub path: PathBuf,
    /// What happened.
    pub outcome: Outcome,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is byte by byte what it was.
    Exact,
    /// Our edit was taken out; what else changed since stays.
    OwnEdit,
    /// It was never written, and holds nothing of ours.
    NothingOfOurs,
    /// It was not touched.
    Left(Why),
}

/// What undoing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    /// Nothing yet: which values are to be written?
    Asks(Vec<ChangedValue>),
    /// Every file that could be put back is.
    Files(Vec<FileUndone>),
}

/// Undoes a move. Files that cannot be put back are left alone, and can be undone later.
///
/// # Errors
/// [`MoveError`].
pub fn undo(
    means: &Means<'_>,
    id: i64,
    values: Option<Values>,
    watcher: Watcher<'_>,
) -> Result<Undone, MoveError> {
    if !means.setup.is_own_home {
        return Err(MoveError::NotOwnHome);
    }
    let _alone = means.alone()?;
    let row = means.setup.store.move_by_id(id)?;
    let row = row.filter(|row| row.state == MoveState::Done);
    if row.is_none() {
        return Err(MoveError::NoMove(id));
    }
    let files = means.setup.store.move_files(id)?;
    if values.is_none() {
        let changed = changed_values(means, &files)?;
        if !changed.is_empty() {
            return Ok(Undone::Asks(changed));
        }
    }
    means.setup.store.set_move_state(id, MoveState::Undoing)?;
    watcher(Step::Recorded);
    let done = back(
        means,
        id,
        &files,
        values.unwrap_or(Values::AsMoved),
        watcher,
    )?;
    let is_left = |file: &FileUndone| matches!(file.outcome, Outcome::Left(_));
    let state = if done.iter().any(is_left) {
        MoveState::Done
    } else {
        MoveState::Undone
    };
    means.setup.store.set_move_state(id, state)?;
    watcher(Step::Done);
    Ok(Undone::Files(done))
}

/// Puts back what of a move is not put back yet, and cleans the vault up behind it.
pub(super) fn back(
    means: &Means<'_>,
    id: i64,
    files: &[MoveFile],
    values: Values,
    watcher: Watcher<'_>,
) -> Result<Vec<FileUndone>, MoveError> {
    let mut done = Vec::new();
    let mut restored = Vec::new();
    for (ordinal, file) in files.iter().enumerate() {
        texts::discard(file)?;
        let of = Of { id, ordinal, file };
        let outcome = match file.state {
            FileState::Restored => Ok(Outcome::Exact),
            _ => one(means, of, values, watcher),
        };
        let outcome = outcome.unwrap_or_else(Outcome::Left);
        let is_restored = !matches!(outcome, Outcome::Left(_));
        let state = if is_restored {
            FileState::Restored
        } else {
            FileState::Written
        };
        means
            .setup
            .store
            .set_move_file_state(id, ordinal, state, None)?;
        if is_restored {
            restored.push(file);
        }
        done.push(FileUndone {
            path: PathBuf::from(&file.path),
            outcome,
        });
    }
    watcher(Step::Cleaning);
    for file in restored.into_iter().filter(|file| !refers(file)) {
        clean(means, file)?;
    }
    Ok(done)
}

/// Cleans up behind the files of a move that are put back, and leaves the others for another time.
pub(super) fn only_clean(
    means: &Means<'_>,
    id: i64,
    files: &[MoveFile],
) -> Result<Vec<FileUndone>, MoveError> {
    let mut done = Vec::new();
    for (ordinal, file) in files.iter().enumerate() {
        texts::discard(file)?;
        let (state, outcome) = if refers(file) || !record::is_row_sealed(&means.seal, file) {
            let why = Why::Changed("a value was changed since".to_owned());
            (FileState::Written, Outcome::Left(why))
        } else {
            clean(means, file)?;
            (FileState::Restored, Outcome::OwnEdit)
        };
        means
            .setup
            .store
            .set_move_file_state(id, ordinal, state, None)?;
        done.push(FileUndone {
            path: PathBuf::from(&file.path),
            outcome,
        });
    }
    Ok(done)
}

/// Returns whether a file still refers to what was taken out of it, as far as can be seen.
pub(super) fn refers(file: &MoveFile) -> bool {
    let Some(text) = texts::present(&file.target) else {
        return true;
    };
    let mut items = file
        .items
        .iter()
        .filter_map(|item| SecretId::parse(&item.item));
    items.any(|id| text.contains(&id.reference()))
}

/// Puts one file back.
fn one(
    means: &Means<'_>,
    of: Of<'_>,
    values: Values,
    watcher: Watcher<'_>,
) -> Result<Outcome, Why> {
    let file = of.file;
    if !record::is_row_sealed(&means.seal, file) {
        return Err(Why::Journal("it was changed by something else"));
    }
    let text = texts::present(&file.target).ok_or(Why::Unreadable)?;
    if record::is_text_of(&means.seal, &text, &file.before_mac) {
        return Ok(Outcome::Exact);
    }
    if file.state != FileState::Written && !refers(file) {
        return Ok(Outcome::NothingOfOurs);
    }
    let kept = kept_of(means, file)?;
    let splices = record::splices_of(&file.splices, &kept)
        .ok_or(Why::Journal("what it says does not belong together"))?;
    let syntax = TextFormat::parse(&file.syntax)
        .and_then(text_syntax)
        .ok_or(Why::Journal("its format is not known"))?;
    let is_as_left = record::is_text_of(&means.seal, &text, &file.after_mac);
    let old = if is_as_left {
        countersign_confedit::undo(&text, &splices)
            .map_err(|error| Why::Changed(error.to_string()))?
    } else {
        if let Some(later) = later_move(means, of).map_err(|error| Why::Write(error.to_string()))? {
            return Err(Why::LaterMove(later));
        }
        own_edit(&text, syntax, &splices)?
    };
    let old = match values {
        Values::AsMoved => old,
        Values::Present => with_present_values(means, file, &kept, old, syntax)?,
    };
    let put = texts::put(
        means,
        of,
        &old,
        |present| *present == **text,
        FileState::Restored,
        watcher,
    );
    put.map_err(|error| Why::Write(error.to_string()))?;
    Ok(if is_as_left && values == Values::AsMoved {
        Outcome::Exact
    } else {
        Outcome::OwnEdit
    })
}

fn kept_of(means: &Means<'_>, file: &MoveFile) -> Result<Kept, Why> {
    let id = SecretId::parse(&file.raw).ok_or(Why::Journal("its id is none"))?;
    let text = means
        .vault
        .raw(id)
        .map_err(|error| Why::Vault(error.to_string()))?;
    Kept::from_text(&text).ok_or(Why::Journal("what the vault keeps of it is something else"))
}

/// Takes our edit out of a text that changed since.
fn own_edit(text: &str, syntax: Syntax, splices: &[Splice]) -> Result<Zeroizing<String>, Why> {
    countersign_confedit::revert(text, syntax, splices)
        .map(|reverted| reverted.text)
        .map_err(|failure| Why::Changed(format!("failed to {}", chain(&failure))))
}

/// Returns an error with its causes.
fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", chain(cause)),
        None => error.to_string(),
    }
}

/// Returns another move that edited one of the same entries since: what it wrote builds on this one.
fn later_move(means: &Means<'_>, of: Of<'_>) -> Result<Option<i64>, MoveError> {
    let store = &means.setup.store;
    let is_later = |row: &MoveRow| row.id > of.id && row.state == MoveState::Done;
    for row in store.moves()?.into_iter().filter(is_later) {
        let files = store.move_files(row.id)?;
        let builds_on_it = |file: &MoveFile| {
            file.target == of.file.target
                && file.state == FileState::Written
                && has_entry_of(file, of.file)
        };
        if files.iter().any(builds_on_it) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Returns whether two moves edited one entry. Of a list, it may have got another index between them.
fn has_entry_of(file: &MoveFile, other: &MoveFile) -> bool {
    let is_same = |one: &MoveItem, other: &MoveItem| {
        one.entry_pointer == other.entry_pointer || one.entry == other.entry
    };
    file.items
        .iter()
        .any(|one| other.items.iter().any(|other| is_same(one, other)))
}

/// Returns the credentials of a move that have another value in the vault than they had in their files.
pub(super) fn changed_values(
    means: &Means<'_>,
    files: &[MoveFile],
) -> Result<Vec<ChangedValue>, MoveError> {
    let mut changed = Vec::new();
    let open = files
        .iter()
        .filter(|file| file.state != FileState::Restored);
    for file in open {
        // What cannot be read here is told when the file is put back.
        let Ok(kept) = kept_of(means, file) else {
            continue;
        };
        for item in &file.items {
            let Some(id) = SecretId::parse(&item.item) else {
                continue;
            };
            let present = match means.vault.item(id) {
                Ok(present) => present.value,
                Err(VaultError::NoItem(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let is_same =
                matches!(&present, Held::Text(text) if Some(text) == kept.values.get(&id));
            if !is_same {
                changed.push(ChangedValue {
                    item: id,
                    path: PathBuf::from(&file.path),
                    entry: item.entry.clone(),
                    name: item.name.clone(),
                    is_elsewhere: matches!(present, Held::Elsewhere(_)),
                });
            }
        }
    }
    Ok(changed)
}

/// Puts the vault's values in the places of those that a text had.
fn with_present_values(
    means: &Means<'_>,
    file: &MoveFile,
    kept: &Kept,
    text: Zeroizing<String>,
    syntax: Syntax,
) -> Result<Zeroizing<String>, Why> {
    let document =
        Document::parse(&text, syntax).map_err(|error| Why::Changed(error.to_string()))?;
    let mut edits = Vec::new();
    for item in &file.items {
        let Some(id) = SecretId::parse(&item.item) else {
            continue;
        };
        let (Some(old), Ok(present)) = (kept.values.get(&id), means.vault.item(id)) else {
            continue;
        };
        let Held::Text(new) = present.value else {
            continue;
        };
        if new != *old {
            let pointer = Pointer::parse(&item.pointer).ok_or(Why::Journal("a place is none"))?;
            edits.push(replaced(&document, edits::path(&pointer), old, &new)?);
        }
    }
    let edited = countersign_confedit::edit(&text, syntax, &edits)
        .map_err(|error| Why::Changed(error.to_string()))?;
    Ok(edited.text)
}

fn replaced(
    document: &Document,
    at: Vec<String>,
    old: &SecretText,
    new: &SecretText,
) -> Result<Edit, Why> {
    let why = "it is put back into its file";
    let old = old.expose(why);
    let found = edits::find(document.root(), &at).and_then(|node| {
        let start = node.as_str()?.find(old)?;
        Some(start..start + old.len())
    });
    let range = found.ok_or_else(|| Why::Changed("a value is not where it was".to_owned()))?;
    Ok(Edit::ReplaceText {
        at,
        range,
        with: Zeroizing::new(new.expose(why).to_owned()),
    })
}

/// Has the vault forget what a file that was put back does not need any more, and binds what was bound
/// anew to what it was bound to before.
pub(super) fn clean(means: &Means<'_>, file: &MoveFile) -> Result<(), MoveError> {
    let vault = &means.vault;
    for item in &file.items {
        let Some(id) = SecretId::parse(&item.item) else {
            continue;
        };
        let mut kept = match vault.item(id) {
            Ok(kept) => kept,
            Err(VaultError::NoItem(_)) => continue,
            Err(error) => return Err(error.into()),
        };
        kept.homes
            .retain(|home| !(home.file == file.path && home.pointer == item.pointer));
        if kept.homes.is_empty() {
            vault.remove(id)?;
        } else {
            vault.put(&kept)?;
        }
    }
    if let Ok(kept) = kept_of(means, file) {
        for (id, binding) in kept.bound {
            bind_as_before(means, file, id, &binding)?;
        }
    }
    if let Some(raw) = SecretId::parse(&file.raw) {
        vault.remove_raw(raw)?;
    }
    Ok(())
}

fn bind_as_before(
    means: &Means<'_>,
    file: &MoveFile,
    id: SecretId,
    binding: &countersign_model::Binding,
) -> Result<(), MoveError> {
    let mut item = match means.vault.item(id) {
        Ok(item) => item,
        Err(VaultError::NoItem(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let entries: Vec<&str> = file
        .items
        .iter()
        .map(|item| item.entry_pointer.as_str())
        .collect();
    let mut homes = Vec::new();
    for mut home in item.homes {
        if entries
            .iter()
            .any(|entry| is_home(&home, &file.path, entry))
        {
            home.binding = binding.clone();
        }
        if !homes.contains(&home) {
            homes.push(home);
        }
    }
    item.homes = homes;
    Ok(means.vault.put(&item)?)
}
