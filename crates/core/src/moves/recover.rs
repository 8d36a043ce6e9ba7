//! After a crash: what was begun is taken back, what was being undone is finished.

use countersign_store::{MoveRow, MoveState};

use super::{
    means::{Means, MoveError},
    texts::{Step, Watcher},
    undo::{self, FileUndone, Outcome, Values},
};
use crate::Setup;

/// What was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The move.
    pub id: i64,
    /// Whether it counts as made; else it is as if it had never been begun.
    pub is_done: bool,
    /// What became of its files.
    pub files: Vec<FileUndone>,
}

/// Returns whether a crash left something to mend. Cheap: it asks the database alone.
///
/// # Errors
/// [`MoveError::Store`].
pub fn is_needed(setup: &Setup) -> Result<bool, MoveError> {
    Ok(setup.store.moves()?.iter().any(is_unfinished))
}

fn is_unfinished(row: &MoveRow) -> bool {
    matches!(row.state, MoveState::Begun | MoveState::Undoing)
}

/// Mends what crashes left. Does nothing while another process is at it.
///
/// # Errors
/// [`MoveError`]: what is left is tried again at the next start.
pub fn recover(means: &Means<'_>, watcher: Watcher<'_>) -> Result<Vec<Recovered>, MoveError> {
    let Some(_alone) = means.try_alone()? else {
        return Ok(Vec::new());
    };
    let mut mended = Vec::new();
    for row in means.setup.store.moves()? {
        match row.state {
            MoveState::Begun => mended.push(take_back(means, row.id, watcher)?),
            MoveState::Undoing => mended.push(finish_undoing(means, row.id, watcher)?),
            MoveState::Done | MoveState::Undone | MoveState::Failed => {}
        }
    }
    Ok(mended)
}

/// Mends what a crash left, where something was left.
///
/// # Errors
/// [`MoveError`].
pub fn mend(setup: &Setup) -> Result<(), MoveError> {
    if setup.is_own_home && is_needed(setup)? {
        recover(&Means::ready(setup)?, &mut |_| {})?;
    }
    Ok(())
}

/// Takes a move back that was begun. What cannot be taken back counts as moved.
pub(super) fn take_back(
    means: &Means<'_>,
    id: i64,
    watcher: Watcher<'_>,
) -> Result<Recovered, MoveError> {
    let files = means.setup.store.move_files(id)?;
    let done = undo::back(means, id, &files, Values::AsMoved, watcher)?;
    settle(means, id, done, MoveState::Failed, watcher)
}

fn finish_undoing(
    means: &Means<'_>,
    id: i64,
    watcher: Watcher<'_>,
) -> Result<Recovered, MoveError> {
    let files = means.setup.store.move_files(id)?;
    // Which values were chosen is not known any more: what would need the answer waits for it.
    let asks = !undo::changed_values(means, &files)?.is_empty();
    let done = if asks {
        undo::only_clean(means, id, &files)?
    } else {
        undo::back(means, id, &files, Values::AsMoved, watcher)?
    };
    settle(means, id, done, MoveState::Undone, watcher)
}

/// Has the journal say what became of a move: made, where anything of it was left, else `otherwise`.
fn settle(
    means: &Means<'_>,
    id: i64,
    files: Vec<FileUndone>,
    otherwise: MoveState,
    watcher: Watcher<'_>,
) -> Result<Recovered, MoveError> {
    let is_done = is_any_left(&files);
    let state = if is_done { MoveState::Done } else { otherwise };
    means.setup.store.set_move_state(id, state)?;
    watcher(Step::Done);
    Ok(Recovered { id, is_done, files })
}

fn is_any_left(files: &[FileUndone]) -> bool {
    files
        .iter()
        .any(|file| matches!(file.outcome, Outcome::Left(_)))
}
