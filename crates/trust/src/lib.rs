//! What a server is, and whether it may run.
//!
//! Pure: from a command line or address to an [identity](identify), from identity and lists to a
//! [verdict](evaluate). Files, caches and the clock are arguments. Nothing a server says about
//! itself is used.
//!
//! ```
//! use countersign_model::{Argument, Command, Start};
//! use countersign_trust::{Subject, identify};
//!
//! let tokens = ["-y", "@scope/server@1.4.2"].map(Argument::plain);
//! let command = Command {
//!     program: Argument::plain("npx"),
//!     arguments: tokens.to_vec(),
//!     places: Vec::new(),
//! };
//! let server = identify(&Subject::new(&Start::Command(command)));
//! assert_eq!(server.identity.name().as_deref(), Some("pkg:npm/%40scope/server"));
//! assert_eq!(server.pin.to_string(), "1.4.2, dependencies float");
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

pub mod allowlist;
mod evaluate;
mod identity;
mod surface;
mod updates;

pub use allowlist::{Allowlist, Approval, Denial};
pub use evaluate::{Decision, Facts, Lists, PersonalDecision, TeamList, evaluate};
pub use identity::{
    Question, Subject, Surroundings, complete, identify, parse_image, parse_npm, parse_pypi,
    questions,
};
pub use surface::{SurfaceStanding, with_surface};
pub use updates::{COOL_DOWN_S, Offered, Said, UpdateSign, UpdateVerdict, Watched, updates};
