//! Declares every command of the window, so that each needs a permission of its own.

use tauri_build::{AppManifest, Attributes};

/// The commands, as `src/commands.rs` registers them and `capabilities/main.json` permits them.
const COMMANDS: &[&str] = &[
    "report",
    "entries",
    "rescan",
    "cancel",
    "places",
    "explain",
    "approve",
    "deny",
    "forget",
    "suppress",
    "unsuppress",
    "stanza",
    "review",
    "ask",
    "judge",
    "credentials",
    "move_credentials",
    "undo_move",
    "take_back",
    "leave",
    "set_value",
    "bind_entry",
    "history",
    "cancel_history",
    "make_vault",
    "unlock_vault",
    "lock_vault",
    "repair_programs",
    "open_page",
    "settings",
    "add_list",
    "remove_list",
    "restore_list",
    "refresh_lists",
    "add_folder",
    "remove_folder",
    "choose_folder",
    "choose_file",
    "open_file",
    "autostart",
    "set_autostart",
];

fn main() {
    let attributes = Attributes::new().app_manifest(AppManifest::new().commands(COMMANDS));
    tauri_build::try_build(attributes).expect("the app's own configuration is complete");
}
