use tauri::{AppHandle, State};
use tauri_plugin_autostart::ManagerExt;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tauri_plugin_opener::OpenerExt;

use crate::{failure::Failure, shell::App};

/// Lets the user choose a folder.
#[tauri::command(async)]
pub(crate) fn choose_folder(handle: AppHandle) -> Option<String> {
    path(handle.dialog().file().blocking_pick_folder())
}

/// Lets the user choose a list.
#[tauri::command(async)]
pub(crate) fn choose_file(handle: AppHandle) -> Option<String> {
    let dialog = handle.dialog().file().add_filter("Allowlist", &["toml"]);
    path(dialog.blocking_pick_file())
}

fn path(chosen: Option<FilePath>) -> Option<String> {
    let path = chosen?.into_path().ok()?;
    Some(path.to_string_lossy().into_owned())
}

/// Opens a config that was found in the program that the user has for it. The window names it by its
/// id, so that it can open nothing else.
#[tauri::command(async)]
pub(crate) fn open_file(
    handle: AppHandle,
    app: State<'_, App>,
    config: &str,
) -> Result<(), Failure> {
    let path = app.desk.config_path(config)?;
    handle
        .opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|error| Failure::new("open", &error))
}

/// Returns whether the app starts at login.
#[tauri::command(async)]
pub(crate) fn autostart(handle: AppHandle) -> bool {
    handle.autolaunch().is_enabled().unwrap_or(false)
}

/// Lets the app start at login, or not.
#[tauri::command(async)]
pub(crate) fn set_autostart(handle: AppHandle, on: bool) -> Result<(), Failure> {
    let launch = handle.autolaunch();
    let done = if on {
        launch.enable()
    } else {
        launch.disable()
    };
    done.map_err(|error| Failure::new("autostart", &error))
}
