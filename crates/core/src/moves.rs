//! Credentials in plain text: finding them, and moving them into the vault, in place.
//!
//! A [`plan`](plan::plan) says what would be done and why not; nothing is written by it. Applying it is
//! a transaction over the vault and many files, kept in a journal, and every step can be taken back.

mod diff;
mod edits;
mod guarded;
mod obstacle;
mod plan;
mod spot;

pub use diff::{DiffLine, DiffMark};
pub use edits::{Installed, Move};
pub use obstacle::{Obstacle, Tracking};
pub use plan::{EntryPlan, FilePlan, Kept, Plan, Request, plan};
pub use spot::{Spot, SpotKind, spots};
