use std::sync::Arc;

use countersign_core::json::{self, EntryView, PlaceView, Report, RuleView};
use tauri::State;

use crate::{failure::Failure, shell::App};

/// Returns the last report, without its entries; waits for the first one.
#[tauri::command]
pub(crate) async fn report(app: State<'_, App>) -> Result<Report, Failure> {
    let mut shown = app.shown.clone();
    let first = shown
        .wait_for(Option::is_some)
        .await
        .map_err(|error| Failure::new("scan", &error))?;
    let report = first.as_ref().map(|shown| Arc::clone(&shown.report));
    drop(first);
    report.map(Arc::unwrap_or_clone).ok_or(Failure {
        code: "scan",
        message: "Nothing was scanned yet.".to_owned(),
        hint: None,
    })
}

/// Returns the entries of one row of servers.
#[tauri::command]
pub(crate) fn entries(app: State<'_, App>, server: &str) -> Vec<EntryView> {
    let shown = app.shown.borrow();
    let entries = shown.iter().flat_map(|shown| &shown.entries);
    entries
        .filter(|entry| entry.server == server)
        .cloned()
        .collect()
}

/// Scans, lists at addresses included, and answers when that is done.
#[tauri::command]
pub(crate) async fn rescan(app: State<'_, App>) -> Result<(), Failure> {
    scanned(&app).await
}

/// Waits until a scan that is asked for now is done.
pub(super) async fn scanned(app: &App) -> Result<(), Failure> {
    let done = app.desk.rescan_and_tell(true).await;
    done.map_err(|error| Failure::new("scan", &error))
}

/// Ends a walk for projects that is under way.
#[tauri::command]
pub(crate) fn cancel(app: State<'_, App>) {
    app.desk.cancel();
}

/// Returns every place that is looked at.
#[tauri::command]
pub(crate) fn places(app: State<'_, App>) -> Vec<PlaceView> {
    json::places(app.desk.setup())
}

/// Explains a rule.
#[tauri::command]
pub(crate) fn explain(rule: &str) -> Option<RuleView> {
    RuleView::find(rule)
}
