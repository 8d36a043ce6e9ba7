use countersign_core::desk::Seen;
use tauri::{AppHandle, State};

use super::settings::tell;
use crate::{failure::Failure, shell::App};

/// Approves entries as they were shown.
#[tauri::command(async)]
pub(crate) fn approve(
    handle: AppHandle,
    app: State<'_, App>,
    entries: Vec<Seen>,
    note: &str,
    until: Option<&str>,
) -> Result<(), Failure> {
    app.desk.approve(&entries, note, until)?;
    tell(&handle, &app)
}

/// Refuses the server of an entry.
#[tauri::command(async)]
pub(crate) fn deny(
    handle: AppHandle,
    app: State<'_, App>,
    entry: &str,
    note: &str,
) -> Result<(), Failure> {
    app.desk.deny(entry, note)?;
    tell(&handle, &app)
}

/// Takes back every decision about a server.
#[tauri::command(async)]
pub(crate) fn forget(handle: AppHandle, app: State<'_, App>, server: &str) -> Result<(), Failure> {
    app.desk.forget(server)?;
    tell(&handle, &app)
}

/// Keeps findings of a rule quiet.
#[tauri::command(async)]
pub(crate) fn suppress(
    app: State<'_, App>,
    rule: &str,
    entry: Option<&str>,
    config: Option<&str>,
    reason: &str,
    until: &str,
) -> Result<(), Failure> {
    Ok(app.desk.quiet(rule, entry, config, reason, until)?)
}

/// Lets findings of a rule speak again.
#[tauri::command(async)]
pub(crate) fn unsuppress(
    app: State<'_, App>,
    rule: &str,
    entry: Option<&str>,
    config: Option<&str>,
) -> Result<(), Failure> {
    Ok(app.desk.speak(rule, entry, config)?)
}

/// Writes an entry as a stanza for the team's list.
#[tauri::command(async)]
pub(crate) fn stanza(app: State<'_, App>, entry: &str) -> Result<String, Failure> {
    Ok(app.desk.stanza(entry)?)
}
