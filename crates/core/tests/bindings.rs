//! The window's TypeScript types are those of the view models.
//!
//! `UPDATE_BINDINGS=1 cargo test -p countersign-core --features bindings --test bindings` writes them.

#![cfg(feature = "bindings")]

use std::{fs, path::Path};

use countersign_core::json::{
    AnswerView, CredentialsView, HistoryView, MovedView, PlaceView, Report, ReviewView, RuleView,
    SettingsView, UndoneView,
};
use ts_rs::TS;

#[test]
fn bindings_are_those_of_the_view_models() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = ts_rs::Config::new().with_out_dir(folder.path());
    Report::export_all(&config).expect("are written");
    SettingsView::export_all(&config).expect("are written");
    RuleView::export_all(&config).expect("are written");
    CredentialsView::export_all(&config).expect("are written");
    HistoryView::export_all(&config).expect("are written");
    AnswerView::export_all(&config).expect("are written");
    ReviewView::export_all(&config).expect("are written");
    MovedView::export_all(&config).expect("are written");
    UndoneView::export_all(&config).expect("are written");
    PlaceView::export_all(&config).expect("are written");
    let made = fs::read_to_string(folder.path().join("core.ts")).expect("was written");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/bindings/core.ts");
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        fs::create_dir_all(committed.parent().expect("has a folder")).expect("is made");
        fs::write(&committed, &made).expect("is written");
    }
    let kept = fs::read_to_string(&committed).unwrap_or_default();
    assert!(
        kept == made,
        "ui/src/bindings/core.ts is not what the view models say; write it with UPDATE_BINDINGS=1"
    );
}
