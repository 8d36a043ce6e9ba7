//! The local database: settings, the user's decisions, the journal of
//! moved credentials, surfaces that were seen and what was decided on
//! them, caches. One SQLite file in the data folder.
//!
//! Rows are this crate's own types; what they mean is decided elsewhere. [`foreign`] reads single
//! values of other programs' databases, without ever writing beside them.

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod database;
mod decisions;
pub mod foreign;
mod hashes;
mod journal;
mod lists;
mod settings;
mod snapshots;

pub use database::{Store, StoreError};
pub use decisions::{DecisionRow, NewDecision};
pub use hashes::FileStamp;
pub use journal::{FileState, MoveFile, MoveItem, MoveRow, MoveState};
pub use lists::ListRow;
pub use settings::{ListSource, Settings, SuppressionRow};
pub use snapshots::{
    LatestSurface, NewSnapshot, NewSurfaceDecision, SNAPSHOTS_MAX, SnapshotRow, SurfaceDecisionRow,
};
