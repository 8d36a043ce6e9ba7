//! Starting the app: one instance, one window, one desk.

use std::sync::{Arc, Mutex};

use countersign_core::{
    Setup, SetupError,
    desk::{Desk, Told},
    json::{EntryView, Report},
};
use tauri::{
    AppHandle, Emitter, Manager, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
use tauri_plugin_autostart::{MacosLauncher, ManagerExt};
use tokio::sync::watch;

use crate::{commands, tray};

/// The only window.
pub(crate) const WINDOW: &str = "main";

/// Starts without showing the window, as at login.
const HIDDEN: &str = "--hidden";

/// Why the app did not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShellError {
    /// There is nothing to run on.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The toolkit failed.
    #[error("open the window")]
    Tauri(#[from] tauri::Error),
}

/// What the window and the tray are shown: the last report, with its entries beside it.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) report: Arc<Report>,
    pub(crate) entries: Vec<EntryView>,
}

/// What commands work on.
pub(crate) struct App {
    pub(crate) desk: Desk,
    pub(crate) shown: watch::Receiver<Option<Arc<Shown>>>,
}

/// Runs the app until it is quit.
pub(crate) fn run() -> Result<(), ShellError> {
    let setup = Arc::new(Setup::here(None, None)?);
    let builder = tauri::Builder::default()
        // First, so that a second start does nothing but show the first one's window.
        .plugin(tauri_plugin_single_instance::init(|app, _, _| show(app)))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_autostart::init(
            MacosLauncher::LaunchAgent,
            Some(vec![HIDDEN]),
        ))
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(commands::handler())
        .on_window_event(|window, event| {
            on_event(window.app_handle(), event);
        });
    let app = builder
        .setup(move |app| {
            let handle = app.handle().clone();
            tray::make(&handle)?;
            start_desk(&handle, Arc::clone(&setup));
            open_window(&handle)?;
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}

fn start_desk(handle: &AppHandle, setup: Arc<Setup>) {
    let (sender, shown) = watch::channel(None);
    let told = handle.clone();
    let sender = Mutex::new(sender);
    let desk = Desk::start(setup, move |word| match word {
        Told::Report(report) => {
            let mut report = *report;
            let entries = std::mem::take(&mut report.entries);
            let shown = Arc::new(Shown {
                report: Arc::new(report),
                entries,
            });
            tray::show(&told, &shown.report.summary);
            // A window that is closed is told when it asks.
            let _ = told.emit_to(WINDOW, "report", shown.report.as_ref());
            if let Ok(sender) = sender.lock() {
                sender.send_replace(Some(shown));
            }
        }
        Told::Progress(folders) => {
            let _ = told.emit_to(
                WINDOW,
                "progress",
                serde_json::json!({ "folders": folders }),
            );
        }
        Told::Failed(why) => {
            let failure = serde_json::json!({
                "code": "scan",
                "message": format!("Failed to {why}."),
                "hint": null,
            });
            let _ = told.emit_to(WINDOW, "problem", failure);
        }
    });
    handle.manage(App { desk, shown });
}

fn open_window(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let is_hidden = std::env::args().any(|argument| argument == HIDDEN);
    WebviewWindowBuilder::new(app, WINDOW, WebviewUrl::default())
        .title("Countersign")
        .inner_size(1180.0, 760.0)
        .min_inner_size(720.0, 480.0)
        .visible(!is_hidden)
        // A page of the window never leads anywhere else.
        .on_navigation(|url| matches!(url.scheme(), "tauri" | "http" | "https") && is_own(url))
        .build()
}

fn is_own(url: &tauri::Url) -> bool {
    match url.host_str() {
        Some("localhost") => url.scheme() == "tauri" || cfg!(debug_assertions),
        Some("tauri.localhost") => true,
        _ => false,
    }
}

/// Shows the window, in front of others.
pub(crate) fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(WINDOW) {
        // What the system refuses here is nothing the user could mend.
        let _ = window.show();
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

fn on_event(app: &AppHandle, event: &WindowEvent) {
    match event {
        WindowEvent::Focused(is_looking) => {
            if let Some(state) = app.try_state::<App>() {
                state.desk.looking(*is_looking);
            }
        }
        // Who starts the app at login wants it to watch; everybody else wants it to end.
        WindowEvent::CloseRequested { api, .. } if starts_at_login(app) => {
            api.prevent_close();
            if let Some(window) = app.get_webview_window(WINDOW) {
                let _ = window.hide();
            }
        }
        _ => {}
    }
}

fn starts_at_login(app: &AppHandle) -> bool {
    app.autolaunch().is_enabled().unwrap_or(false)
}
