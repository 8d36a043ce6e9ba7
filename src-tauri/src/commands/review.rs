use countersign_core::{desk::Judged, json::ReviewView};
use tauri::State;

use crate::{failure::Failure, shell::App};

/// Returns what is known of what the server of an entry tells the model.
#[tauri::command(async)]
pub(crate) fn review(app: State<'_, App>, entry: &str) -> Result<ReviewView, Failure> {
    Ok(app.desk.review(entry)?)
}

/// Decides on what the server of an entry tells the model.
#[tauri::command(async)]
pub(crate) fn judge(app: State<'_, App>, judged: Judged) -> Result<(), Failure> {
    Ok(app.desk.judge(&judged)?)
}
