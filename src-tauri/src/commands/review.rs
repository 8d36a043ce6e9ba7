use countersign_core::{
    desk::Judged,
    json::{AnswerView, ReviewView},
};
use tauri::State;

use crate::{failure::Failure, shell::App};

/// Returns what is known of what the server of an entry tells the model.
#[tauri::command(async)]
pub(crate) fn review(app: State<'_, App>, entry: &str) -> Result<ReviewView, Failure> {
    Ok(app.desk.review(entry)?)
}

/// Asks the server of an entry, because the user wants it.
#[tauri::command(async)]
pub(crate) fn ask(app: State<'_, App>, entry: &str, network: bool) -> Result<AnswerView, Failure> {
    Ok(app.desk.ask_server(entry, network)?)
}

/// Decides on what the server of an entry tells the model.
#[tauri::command(async)]
pub(crate) fn judge(app: State<'_, App>, judged: Judged) -> Result<(), Failure> {
    Ok(app.desk.judge(&judged)?)
}
