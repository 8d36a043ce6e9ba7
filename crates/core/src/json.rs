//! What the front ends show: the view models of the window, and the JSON that the command line prints.
//!
//! One [`Report`] is one scan. Its form has a version ([`FORMAT`]) and a schema ([`schema`]); members
//! are added without a new version, never renamed or taken away. Nothing in it is a secret: values of
//! variables, headers, user info and queries never get here, arguments are masked in place.
//! Names, commands and messages hold untrusted text: whoever shows them reveals what is hidden in them.

mod client;
mod config;
mod credentials;
mod entry;
mod finding;
mod history;
mod process;
mod report;
mod review;
mod server;
mod settings;
mod summary;
mod surface;
mod trust;

pub use client::{ClientView, PlaceView, places};
pub use config::{ConfigView, FailureView, FaultView, ReaderView};
pub use credentials::{
    ChangedValueView, CheckView, CredentialsView, DiffLineView, DoctorView, EntryPlanView,
    FilePlanView, FileUndoneView, GuardedView, KeptView, MoveFileView, MoveView, MovedView,
    PlanView, ProgramView, ReferenceView, SpotView, UndoneView, VaultView,
};
pub(crate) use entry::mark as entry_mark;
pub use entry::{ClientEffect, EntryView, TokenView, ValueView};
pub use finding::{Excerpt, FindingView, RuleView, SuppressionView};
pub use history::{HistoryView, PastCredentialView};
pub use process::ProcessView;
pub(crate) use report::count;
pub use report::{ListView, Product, Report, report};
pub use review::{AnswerView, ReviewView, SurfaceDecisionView, SurfaceFindingView};
pub(crate) use server::id as row_id;
pub use server::{Action, Chip, Group, ServerView, Tone};
pub use settings::{DecisionView, SettingsView, SourceView, settings};
pub use summary::{Clause, Filter, Summary};
pub use surface::{
    ChangeView, CountView, DriftView, FieldChangeView, ItemView, SegmentView, SurfaceView,
};
pub use trust::{IdentityView, NamedText, PinState, PinView, SealView, StatusView, TrustView};

/// The version of the credentials' form.
pub const CREDENTIALS_FORMAT: u32 = 1;

/// The group of the findings that are about credentials.
pub const CREDENTIALS_GROUP: &str = countersign_rules::Group::Credentials.name();

/// The version of the report's form.
pub const FORMAT: u32 = 1;

/// Returns the JSON Schema (2020-12) of [`Report`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
