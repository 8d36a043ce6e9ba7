//! Rules over configs, entries, documents, the machine, and what servers tell a model.
//!
//! One rule, one file, one idea; its name is the same in code, fixture, documentation and output. A
//! rule is a pure function of what was read: it starts nothing, asks nobody, and shows no secret,
//! since everything it sees of a value is masked already.
//!
//! ```
//! use countersign_rules::{RULES, rule};
//!
//! let unpinned = rule("unpinned-package").expect("there is such a rule");
//! assert!(!unpinned.meta.remedy.is_empty());
//! assert!(RULES.len() >= 45);
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod addresses;
mod approval;
mod containers;
mod coverage;
mod credentials;
mod disguise;
mod document;
mod documents;
mod entry;
mod fetched;
mod file;
mod folders;
mod known_packages;
mod look;
mod machine;
mod neighbours;
mod paths;
mod program_text;
mod reading;
mod rule;
mod sarif;
mod surface;
mod surface_check;
mod surface_look;
mod surface_marks;
mod table;
mod tokens;
mod variables;
mod wanted;

pub use coverage::{COVERAGE, Coverage, Origin};
pub use credentials::Repeats;
pub use look::{
    Assessed, ConfigLook, DocumentLook, EntryLook, HeldCredential, HeldFile, MachineLook,
    OriginNotice, Running, Scene, SceneDocument,
};
pub use rule::{Check, Group, Hit, Meta, Reference, Rule};
pub use sarif::sarif;
pub use surface::learned_wording::{FEATURES, FEATURES_MIN, features};
pub use surface_check::{SURFACE_FINDINGS_MAX, check_surface};
pub use surface_look::{Neighbour, Seen, SurfaceFinding, SurfaceHit, SurfaceLook};
pub use table::{FINDINGS_MAX, RULES, check, rule};
pub use wanted::{DocumentKind, WANTED, Wanted};
