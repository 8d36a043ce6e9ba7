//! Writing one file of a move, forth and back.

use std::path::{Path, PathBuf};

use countersign_clients::{
    files::{self, Found},
    write::{self, WriteFailure},
};
use countersign_store::{FileState, MoveFile};
use zeroize::Zeroizing;

use super::means::{Means, MoveError};

/// How far a move is, for whoever shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The journal knows what will be done.
    Recorded,
    /// The vault has everything.
    Kept,
    /// The new text of a file, counted from 0, is about to be put beside it.
    Staging(usize),
    /// It stands beside the file.
    Staged(usize),
    /// It has taken the file's place.
    Written(usize),
    /// The journal knows that.
    Journalled(usize),
    /// The files are done, and what is no longer needed is about to be removed from the vault.
    Cleaning,
    /// The journal knows that all is done.
    Done,
}

/// Is told of every step.
pub type Watcher<'caller> = &'caller mut dyn FnMut(Step);

/// A file of a move.
#[derive(Clone, Copy)]
pub(super) struct Of<'row> {
    /// The move.
    pub(super) id: i64,
    /// The file's number in it, from 0.
    pub(super) ordinal: usize,
    /// Its row.
    pub(super) file: &'row MoveFile,
}

/// Reads a file as it is; `None` where it cannot be read.
pub(super) fn present(path: &str) -> Option<Zeroizing<String>> {
    match files::read(Path::new(path)) {
        Found::Text(content) => Some(content.text),
        Found::Absent | Found::Failed { .. } => None,
    }
}

/// Puts a text in the place of another, if that still stands there. The journal knows of the staged text
/// before it is on the disk.
pub(super) fn put(
    means: &Means<'_>,
    of: Of<'_>,
    text: &str,
    is_as_before: impl FnOnce(&str) -> bool,
    then: FileState,
    watcher: Watcher<'_>,
) -> Result<(), MoveError> {
    let Of { id, ordinal, file } = of;
    let target = Path::new(&file.target);
    let staged = staged(target, id, ordinal);
    let staged_name = staged.to_string_lossy().into_owned();
    let store = &means.setup.store;
    store.set_move_file_state(id, ordinal, FileState::Staged, Some(&staged_name))?;
    watcher(Step::Staging(ordinal));
    let outcome = || -> Result<(), WriteFailure> {
        let _lock = write::lock(target)?;
        write::discard(&staged)?;
        write::stage(&staged, text)?;
        watcher(Step::Staged(ordinal));
        write::commit(&staged, target, is_as_before)
    }();
    if outcome.is_err() {
        // The first failure is the one to tell; what is left here is discarded at the next start.
        let _ = write::discard(&staged);
    }
    outcome?;
    watcher(Step::Written(ordinal));
    store.set_move_file_state(id, ordinal, then, None)?;
    watcher(Step::Journalled(ordinal));
    Ok(())
}

/// Removes a staged text that a crash left.
pub(super) fn discard(file: &MoveFile) -> Result<(), MoveError> {
    match &file.staged {
        // Only a name that is made here is ever removed.
        Some(staged) if staged.ends_with(write::STAGED_SUFFIX) => {
            Ok(write::discard(Path::new(staged))?)
        }
        _ => Ok(()),
    }
}

fn staged(target: &Path, id: i64, ordinal: usize) -> PathBuf {
    write::beside(target, &format!("{id}-{ordinal}"))
}
