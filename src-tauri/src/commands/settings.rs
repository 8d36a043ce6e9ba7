use countersign_core::json::SettingsView;
use tauri::{AppHandle, Emitter, State};

use crate::{
    failure::Failure,
    shell::{App, WINDOW},
};

/// Returns what the user set and decided.
#[tauri::command(async)]
pub(crate) fn settings(app: State<'_, App>) -> Result<SettingsView, Failure> {
    Ok(app.desk.settings()?)
}

/// Adds a source of a team's list.
#[tauri::command(async)]
pub(crate) fn add_list(
    handle: AppHandle,
    app: State<'_, App>,
    kind: &str,
    at: &str,
) -> Result<(), Failure> {
    app.desk.add_list(kind, at)?;
    tell(&handle, &app)
}

/// Takes the source of a team's list away that was shown at a place.
#[tauri::command(async)]
pub(crate) fn remove_list(
    handle: AppHandle,
    app: State<'_, App>,
    index: usize,
    shown: &str,
) -> Result<(), Failure> {
    app.desk.remove_list(index, shown)?;
    tell(&handle, &app)
}

/// Adds the source again that was taken away.
#[tauri::command(async)]
pub(crate) fn restore_list(
    handle: AppHandle,
    app: State<'_, App>,
    shown: &str,
) -> Result<(), Failure> {
    app.desk.restore_list(shown)?;
    tell(&handle, &app)
}

/// Fetches the lists at addresses, and answers when that is done.
#[tauri::command]
pub(crate) async fn refresh_lists(app: State<'_, App>) -> Result<(), Failure> {
    super::report::scanned(&app).await
}

/// Adds a folder that is walked for projects.
#[tauri::command(async)]
pub(crate) fn add_folder(
    handle: AppHandle,
    app: State<'_, App>,
    path: &str,
) -> Result<(), Failure> {
    app.desk.add_folder(path)?;
    tell(&handle, &app)
}

/// Takes a folder away.
#[tauri::command(async)]
pub(crate) fn remove_folder(
    handle: AppHandle,
    app: State<'_, App>,
    path: &str,
) -> Result<(), Failure> {
    app.desk.remove_folder(path)?;
    tell(&handle, &app)
}

/// Sends the window what the user set and decided, after a change of it.
pub(super) fn tell(handle: &AppHandle, app: &App) -> Result<(), Failure> {
    let settings = app.desk.settings()?;
    handle
        .emit_to(WINDOW, "settings", settings)
        .map_err(|error| Failure::new("window", &error))
}
