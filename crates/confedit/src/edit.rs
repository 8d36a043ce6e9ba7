//! Edits by splicing: what is outside of the edited values stays as it is, byte by byte.

mod arrange;
mod bracketed;
mod compare;
mod draft;
mod escapes;
mod json;
mod plan;
mod revert;
mod rows;
mod splice;
mod toml;
mod trivia;
mod value;
mod yaml;

use std::{fmt, ops::Range};

use zeroize::Zeroizing;

pub use revert::{Found, RevertFailure, revert};
pub use splice::{Anchor, Change, ChangeKind, Side, Splice, UndoFailure, undo};
pub use value::Value;

use crate::{Document, ParseFailure, Syntax};
use plan::Plan;

/// Keys, and indices of list elements as decimal numbers, from the root to a value.
pub type Path = Vec<String>;

/// Edits that are taken at once.
pub const EDITS_MAX: usize = 100_000;

/// One change to a text. All edits of one call name places in the text as it was before any of
/// them, in whatever order they are given.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts another value in the place of one.
    Replace {
        /// The value.
        at: Path,
        /// What is to stand there.
        with: Value,
    },
    /// Puts other text in the place of a part of a string. Several parts of one string may be
    /// replaced, as long as they do not overlap.
    ReplaceText {
        /// The string.
        at: Path,
        /// Bytes of the decoded text.
        range: Range<usize>,
        /// What is to stand there.
        with: Zeroizing<String>,
    },
    /// Puts elements at the front of a list, also of an empty one.
    Prepend {
        /// The list.
        at: Path,
        /// The elements, in order.
        items: Vec<Value>,
    },
    /// Takes elements from the front of a list.
    Shorten {
        /// The list.
        at: Path,
        /// How many elements.
        count: usize,
    },
    /// Puts a member into a map that has no member of that key, or whose member of that key is
    /// removed by the same call.
    Insert {
        /// The map.
        at: Path,
        /// The member it is to stand behind: one of the map, one that is removed by the same call,
        /// or one that an earlier edit of the call inserts. At the front without it.
        after: Option<String>,
        /// Its key.
        key: String,
        /// Its value.
        value: Value,
    },
    /// Takes a member out of a map, with its comma and the comment behind it on its line.
    Remove {
        /// The map.
        at: Path,
        /// The key of the member.
        key: String,
    },
}

impl Edit {
    /// Returns the value, list or map that the edit names.
    pub fn at(&self) -> &Path {
        match self {
            Self::Replace { at, .. }
            | Self::ReplaceText { at, .. }
            | Self::Prepend { at, .. }
            | Self::Shorten { at, .. }
            | Self::Insert { at, .. }
            | Self::Remove { at, .. } => at,
        }
    }
}

impl fmt::Debug for Edit {
    /// Shows kind and place; no text of a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = ShownPath(self.at());
        match self {
            Self::Replace { with, .. } => write!(f, "Replace({place}, {with:?})"),
            Self::ReplaceText { range, .. } => write!(f, "ReplaceText({place}, {range:?})"),
            Self::Prepend { items, .. } => write!(f, "Prepend({place}, {items:?})"),
            Self::Shorten { count, .. } => write!(f, "Shorten({place}, {count})"),
            Self::Insert {
                after, key, value, ..
            } => write!(f, "Insert({place}, after {after:?}, {key:?}, {value:?})"),
            Self::Remove { key, .. } => write!(f, "Remove({place}, {key:?})"),
        }
    }
}

/// A text that was edited.
#[derive(Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: Zeroizing<String>,
    /// What was put where, in the order of the text.
    pub splices: Vec<Splice>,
}

impl fmt::Debug for Edited {
    /// Shows places and lengths; no text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edited")
            .field("length", &self.text.len())
            .field("splices", &self.splices)
            .finish()
    }
}

/// Why a text was not edited. Nothing was written then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditFailure {
    /// The text cannot be read.
    #[error("read the text")]
    Parse(#[source] ParseFailure),
    /// A key stands twice in one map, so that it is not sure which one counts.
    #[error("tell which `{key}` counts in `{}`: it stands there twice", ShownPath(.path))]
    DuplicateKey {
        /// The map.
        path: Path,
        /// The key.
        key: String,
        /// Line and column of its last spelling, from 1.
        position: (u32, u32),
    },
    /// Nothing stands at the place.
    #[error("find `{}`", ShownPath(.path))]
    Missing {
        /// The place.
        path: Path,
    },
    /// The map has the member already.
    #[error("insert `{}`: it is there already", ShownPath(.path))]
    Present {
        /// The member.
        path: Path,
        /// Line and column of its value, from 1.
        position: (u32, u32),
    },
    /// The value is of another kind than the edit asks for.
    #[error("edit `{}`: it is {found}, not {expected}", ShownPath(.path))]
    Kind {
        /// The value.
        path: Path,
        /// Its line and column, from 1.
        position: (u32, u32),
        /// What it is, in words.
        found: &'static str,
        /// What it should be, in words.
        expected: &'static str,
    },
    /// Bytes that are not in the text, or that cut a character.
    #[error("find bytes {} to {} in the text of `{}`", .range.start, .range.end, ShownPath(.path))]
    Range {
        /// The string.
        path: Path,
        /// The bytes.
        range: Range<usize>,
    },
    /// Two edits of one call want the same value.
    #[error("make two edits of `{}` at once", ShownPath(.path))]
    Conflict {
        /// The value.
        path: Path,
    },
    /// More than [`EDITS_MAX`] edits.
    #[error("make more than {EDITS_MAX} edits at once")]
    TooMany,
    /// The text is laid out so that the edit has no safe place.
    #[error("edit `{}`: {reason}", ShownPath(.path))]
    Refused {
        /// The value.
        path: Path,
        /// Line and column, from 1.
        position: (u32, u32),
        /// What is in the way.
        reason: Reason,
    },
    /// The edited text, read again, is not what was asked for.
    #[error("keep everything but `{}` as it is", ShownPath(.path))]
    Altered {
        /// The first value that differs.
        path: Path,
    },
}

/// What is in the way of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Something other than blanks, comments and one comma stands between two members or elements.
    #[error("what stands around it is not understood")]
    Layout,
    /// It is a TOML table, or a list of tables, on lines of its own, which no plain value can
    /// take the place of.
    #[error("it is a table on lines of its own")]
    Table,
    /// It is made by dotted keys inside of an inline table.
    #[error("it is spelled by dotted keys")]
    DottedKeys,
    /// The TOML table has no lines that members could stand among: only tables inside of it have.
    #[error("the table has no lines of its own")]
    NoLines,
    /// What spells the TOML member stands in several places with others between.
    #[error("it is spelled in several places")]
    Spread,
    /// A YAML anchor or alias is on the way to it, or in it.
    #[error("an anchor or alias shares it with another place")]
    Anchor,
    /// It is, or stands beside, what a YAML merge key (`<<`) takes from elsewhere.
    #[error("a merge key (`<<`) takes part of it from elsewhere")]
    Merge,
    /// A YAML tag says how it is read.
    #[error("a tag says how it is read")]
    Tag,
    /// The format has no spelling for the value.
    #[error("the format cannot spell the new value")]
    Unspellable,
    /// Two edits touch the same bytes.
    #[error("another edit touches the same bytes")]
    Overlap,
}

/// Shows a path as it is written in messages: `mcpServers.github.args[0]`.
struct ShownPath<'path>(&'path [String]);

impl fmt::Display for ShownPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the root");
        }
        for (at, step) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("/")?;
            }
            f.write_str(step)?;
        }
        Ok(())
    }
}

/// Carries out edits by splicing the text, reads the result again, and compares it with the old
/// tree and the edits.
///
/// What [`revert`] would give back is compared as well, so that it is what was there or an error.
///
/// A string keeps its style of quotes where the new text allows it. A member that is removed takes
/// along its comma and the comment behind it on its line; every other comment stays.
///
/// # Errors
/// [`EditFailure`]; the text is edited as asked or not at all.
pub fn edit(text: &str, syntax: Syntax, edits: &[Edit]) -> Result<Edited, EditFailure> {
    let document = read(text, syntax)?;
    let plan = Plan::of(&document, edits)?;
    let edited = carry_out(&document, syntax, &plan)?;
    // What is noted of an edit must not give back anything else than what was there.
    if let Ok(reverted) = revert(&edited.text, syntax, &edited.splices) {
        let altered = |path| EditFailure::Altered { path };
        let before = Document::parse(&reverted.text, syntax).map_err(|_| altered(Vec::new()))?;
        compare::same(document.root(), before.root()).map_err(altered)?;
    }
    Ok(edited)
}

/// Reads a text that is to be edited.
fn read(text: &str, syntax: Syntax) -> Result<Document<'_>, EditFailure> {
    let document = Document::parse(text, syntax).map_err(EditFailure::Parse)?;
    match document.duplicates().first() {
        Some(duplicate) => Err(EditFailure::DuplicateKey {
            path: duplicate.path.clone(),
            key: duplicate.key.clone(),
            position: document.position(duplicate.last.start),
        }),
        None => Ok(document),
    }
}

fn carry_out(document: &Document<'_>, syntax: Syntax, plan: &Plan) -> Result<Edited, EditFailure> {
    let drafts = draft::write(document, syntax, plan)?;
    let edited = draft::assemble(document, drafts)?;
    verify(document, syntax, plan, &edited)?;
    Ok(edited)
}

/// Reads an edited text again and compares it with the old tree and what was planned.
fn verify(
    document: &Document<'_>,
    syntax: Syntax,
    plan: &Plan,
    edited: &Edited,
) -> Result<(), EditFailure> {
    let altered = |path| EditFailure::Altered { path };
    let after = Document::parse(&edited.text, syntax).map_err(|_| altered(Vec::new()))?;
    if let Some(duplicate) = after.duplicates().first() {
        return Err(altered(duplicate.path.clone()));
    }
    compare::expect(document.root(), plan, after.root(), syntax).map_err(altered)
}
