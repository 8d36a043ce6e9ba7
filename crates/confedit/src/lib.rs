//! One tree for every format that clients keep their configs in, with the place of every value.
//!
//! Text comes in, a [`Document`] goes out: maps, lists and scalars with byte ranges, and what the
//! text says twice. The crate sees no file paths. Everything is bounded: [`DEPTH_MAX`] levels,
//! [`NODES_MAX`] values, aliases included.
//!
//! ```
//! use countersign_confedit::{Document, Syntax};
//!
//! let document = Document::parse("{\n  \"a\": {\"b\": 1, \"b\": 2}\n}", Syntax::JSON)?;
//! let b = document.root().get("a").and_then(|a| a.get("b")).expect("stands there");
//! assert_eq!(b.as_text(), Some("2"));
//! assert_eq!(document.position(b.span.start), (2, 22));
//! assert_eq!(document.duplicates().len(), 1);
//! # Ok::<(), countersign_confedit::ParseFailure>(())
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod document;
mod edit;
mod json;
mod lines;
mod node;
mod toml;
mod yaml;

pub use document::{Document, Duplicate, ParseFailure, Syntax};
pub use edit::{
    Anchor, Change, ChangeKind, EDITS_MAX, Edit, EditFailure, Edited, Found, Path, Reason,
    RevertFailure, Side, Splice, UndoFailure, Value, edit, revert, undo,
};
pub use lines::Lines;
pub use node::{Kind, Member, Node};

/// Levels of nesting that are read.
pub const DEPTH_MAX: usize = 128;

/// Values that are read from one document, counting each use of a YAML alias.
pub const NODES_MAX: usize = 2_000_000;
