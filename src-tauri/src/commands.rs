//! What the window may ask for: convert, call the core, convert.

mod credentials;
mod decide;
mod report;
mod review;
mod settings;
mod system;

use tauri::{Wry, ipc::Invoke};

/// Returns the handler of every command that `build.rs` declares.
pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        report::report,
        report::entries,
        report::rescan,
        report::cancel,
        report::places,
        report::explain,
        decide::approve,
        decide::deny,
        decide::forget,
        decide::suppress,
        decide::unsuppress,
        decide::stanza,
        review::review,
        review::ask,
        review::judge,
        credentials::credentials,
        credentials::move_credentials,
        credentials::undo_move,
        credentials::take_back,
        credentials::leave,
        credentials::set_value,
        credentials::bind_entry,
        credentials::history,
        credentials::cancel_history,
        credentials::make_vault,
        credentials::unlock_vault,
        credentials::lock_vault,
        credentials::repair_programs,
        credentials::open_page,
        settings::settings,
        settings::add_list,
        settings::remove_list,
        settings::restore_list,
        settings::refresh_lists,
        settings::add_folder,
        settings::remove_folder,
        system::choose_folder,
        system::choose_file,
        system::open_file,
        system::autostart,
        system::set_autostart,
    ]
}
