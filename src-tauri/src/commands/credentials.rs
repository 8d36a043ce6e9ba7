use countersign_core::{
    desk::{Asked, CredentialsError, Key},
    json::{CredentialsView, HistoryView, MovedView, UndoneView},
    moves::Values,
    vault,
};
use countersign_model::SecretText;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Emitter, State};
use tauri_plugin_opener::OpenerExt;

use crate::{
    failure::{Failure, words},
    shell::{App, WINDOW},
};

impl From<CredentialsError> for Failure {
    fn from(error: CredentialsError) -> Self {
        Self {
            code: error.code(),
            message: words(&error),
            hint: error.hint().map(str::to_owned),
        }
    }
}

/// How far a move is.
#[derive(Clone, Copy, Serialize)]
struct MoveProgress {
    done: usize,
    total: usize,
}

/// Which values are written.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Choice {
    AsMoved,
    Present,
}

/// Shows the credentials of this machine.
#[tauri::command(async)]
pub(crate) fn credentials(app: State<'_, App>, consents: bool) -> Result<CredentialsView, Failure> {
    Ok(app.desk.credentials(consents)?)
}

/// Moves what was shown, or a part of it.
#[tauri::command(async)]
pub(crate) fn move_credentials(
    handle: AppHandle,
    app: State<'_, App>,
    request: Asked,
) -> Result<MovedView, Failure> {
    let moved = app.desk.move_credentials(&request, |done, total| {
        // A window that is closed has nothing to show it in.
        let _ = handle.emit_to(WINDOW, "move-progress", MoveProgress { done, total });
    })?;
    Ok(moved)
}

/// Undoes a move.
#[tauri::command(async)]
pub(crate) fn undo_move(
    app: State<'_, App>,
    id: u32,
    values: Option<Choice>,
) -> Result<UndoneView, Failure> {
    let values = values.map(|choice| match choice {
        Choice::AsMoved => Values::AsMoved,
        Choice::Present => Values::Present,
    });
    Ok(app.desk.undo_move(id, values)?)
}

/// Takes entries back.
#[tauri::command(async)]
pub(crate) fn take_back(app: State<'_, App>, entries: Vec<String>) -> Result<UndoneView, Failure> {
    Ok(app.desk.take_back(&entries)?)
}

/// Takes everything back.
#[tauri::command(async)]
pub(crate) fn leave(app: State<'_, App>) -> Result<UndoneView, Failure> {
    Ok(app.desk.leave()?)
}

/// Gives a reference another value.
#[tauri::command(async)]
pub(crate) fn set_value(
    app: State<'_, App>,
    reference: &str,
    value: String,
) -> Result<(), Failure> {
    Ok(app.desk.set_value(reference, SecretText::new(value))?)
}

/// Binds what an entry refers to, to what it asks for now.
#[tauri::command(async)]
pub(crate) fn bind_entry(app: State<'_, App>, entry: &str) -> Result<(), Failure> {
    Ok(app.desk.bind_entry(entry)?)
}

/// Searches what git keeps of an entry's file.
#[tauri::command(async)]
pub(crate) fn history(app: State<'_, App>, entry: &str) -> Result<HistoryView, Failure> {
    Ok(app.desk.history(entry)?)
}

/// Ends such a search.
#[tauri::command]
pub(crate) fn cancel_history(app: State<'_, App>) {
    app.desk.cancel_history();
}

/// Makes the encrypted file.
#[tauri::command(async)]
pub(crate) fn make_vault(app: State<'_, App>, key: Key) -> Result<(), Failure> {
    Ok(app.desk.make_vault(key)?)
}

/// Unlocks the encrypted file.
#[tauri::command(async)]
pub(crate) fn unlock_vault(app: State<'_, App>, passphrase: String) -> Result<(), Failure> {
    Ok(app.desk.unlock_vault(&SecretText::new(passphrase))?)
}

/// Locks the encrypted file.
#[tauri::command(async)]
pub(crate) fn lock_vault(app: State<'_, App>) -> Result<(), Failure> {
    Ok(app.desk.lock_vault()?)
}

/// Opens an issuer's page for replacing a credential. Nothing else is opened, whatever the window asks for.
#[tauri::command(async)]
pub(crate) fn open_page(handle: AppHandle, page: &str) -> Result<(), Failure> {
    if !vault::is_rotation_page(page) {
        return Err(CredentialsError::Gone(page.to_owned()).into());
    }
    handle
        .opener()
        .open_url(page, None::<&str>)
        .map_err(|error| Failure::new("open", &error))
}

/// Puts guard and bridge in their place.
#[tauri::command(async)]
pub(crate) fn repair_programs(app: State<'_, App>) -> Result<(), Failure> {
    Ok(app.desk.repair_programs()?)
}
