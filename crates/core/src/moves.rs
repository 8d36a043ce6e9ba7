//! Credentials in plain text: finding them, and moving them into the vault, in place.
//!
//! A [`plan`](plan::plan) says what would be done and why not; nothing is written by it. Applying it is
//! a transaction over the vault and many files, kept in a journal, and every step can be taken back.

mod ambient;
mod carry;
mod codes;
mod diff;
mod doctor;
mod edits;
mod gather;
mod guarded;
mod ids;
mod leave;
mod look;
mod means;
mod obstacle;
mod plan;
mod record;
pub mod recover;
mod shelf;
mod spot;
mod taken;
mod texts;
mod told;
mod undo;
mod unwrap;
mod values;
mod wrapped;

pub use carry::{Moved, carry_out};
pub(crate) use codes::{install_hint, vault_code, vault_hint};
pub(crate) use guarded::bridged_headers;

pub use diff::{DiffLine, DiffMark};
pub use doctor::doctor;
pub use edits::Move;
pub use leave::{TakenBack, leave, take_back};
pub use look::{guarded_views, look, mark, move_views, plan_view, program_views};
pub use means::{Means, MoveError};
pub use obstacle::{Obstacle, Tracking};
pub use plan::{EntryPlan, FilePlan, Kept, Plan, PlanError, Request, plan};
pub use shelf::vault_view;
pub use spot::{Spot, SpotKind, spots};
pub use texts::{Step, Watcher};
pub use undo::{ChangedValue, FileUndone, Outcome, Undone, Values, Why, undo};
pub use values::{bind, point_to, set_value};
pub use wrapped::{Reference, Through, Wrapped, wrapped};
