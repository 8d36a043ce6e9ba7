//! Taking an edit out of a text that somebody else changed since.

mod anchored;
mod fragment;
mod reflow;
mod search;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use zeroize::Zeroizing;

use super::{
    Change, ChangeKind, EditFailure, Edited, Path, ShownPath, Splice, Value, carry_out,
    plan::{Addition, Plan, extended},
    read,
};
use crate::{Document, Syntax};
use search::Search;

/// Why an edit was not taken out of a text. The text is then as it was. No variant holds a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RevertFailure {
    /// The text cannot be read, or there is no safe place for what stood there before.
    #[error(transparent)]
    Edit(#[from] EditFailure),
    /// What the splices say does not belong together.
    #[error("follow what is noted of the edit of `{}`", ShownPath(.path))]
    Splices {
        /// The value it says was edited.
        path: Path,
    },
    /// A value that was written, or what it was written into, is not there.
    #[error("find `{}`, which was edited", ShownPath(.path))]
    Missing {
        /// The first step that leads nowhere.
        path: Path,
    },
    /// Something else stands where something was written.
    #[error("find in `{}` what was written there: it is {found}", ShownPath(.path))]
    Differs {
        /// The first value that differs.
        path: Path,
        /// Its line and column, from 1.
        position: (u32, u32),
        /// What stands there.
        found: Found,
    },
    /// A member that was taken out is there again.
    #[error("put `{}` back: it is there again", ShownPath(.path))]
    Present {
        /// The member.
        path: Path,
        /// Line and column of its value, from 1.
        position: (u32, u32),
    },
    /// Several elements or members could be the one that was edited.
    #[error("tell which part of `{}` was edited", ShownPath(.path))]
    Ambiguous {
        /// The list or map.
        path: Path,
    },
    /// Looking for the edited values takes too long.
    #[error("find what was edited among {} values", search::VISITS_MAX)]
    TooMany,
}

/// What stands where something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// The same kind of value, with other content; the kind in words.
    Other(&'static str),
    /// Another kind of value.
    Kind {
        /// What it is, in words.
        found: &'static str,
        /// What was written, in words.
        expected: &'static str,
    },
    /// A list or map with another number of elements or members.
    Count {
        /// How many there are.
        found: usize,
        /// How many were written.
        expected: usize,
    },
    /// A member that was not written.
    Added,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other(kind) => match kind.split_once(' ') {
                Some((_, kind)) => write!(f, "another {kind}"),
                None => f.write_str(kind),
            },
            Self::Kind { found, expected } => write!(f, "{found}, not {expected}"),
            Self::Count { found, expected } => write!(f, "{found} long, not {expected}"),
            Self::Added => f.write_str("not part of it"),
        }
    }
}

/// One change that is to be taken back.
struct Undoing<'splice> {
    change: &'splice Change,
    /// What the change is found by.
    stands: Stands,
    /// What stood there before, with its raw text.
    old: Option<(Value, &'splice str)>,
}

/// What should stand where a change was made.
enum Stands {
    /// This value.
    Value(Value),
    /// This value under the last step of the path.
    Member(Value),
    /// These elements at the front of a list.
    Front(Vec<Value>),
    /// Nothing under the last step of the path.
    Nothing,
    /// Any list.
    List,
}

impl Stands {
    /// Returns whether the change is made to a member or an element of what stands at its path.
    fn is_inside(&self) -> bool {
        matches!(self, Self::Member(_) | Self::Nothing)
    }

    /// Returns whether this tells one place from another.
    fn is_strong(&self) -> bool {
        match self {
            Self::Value(_) | Self::Member(_) => true,
            Self::Front(values) => !values.is_empty(),
            Self::Nothing | Self::List => false,
        }
    }
}

/// Where changes are.
struct Places {
    /// For each change, the value, list or map that it edits, by its place in the text.
    of_changes: Vec<Path>,
    /// Recorded places with what stands there under another key or index.
    moved: BTreeMap<Path, Path>,
}

/// Takes an edit out of a text that was changed since [`edit`](super::edit()) left it: what was
/// written goes, what stood there before comes back, and what else changed stays as it is.
///
/// Each value is found by its place in the tree. Of a list, an element may have another index, and
/// of a map a member another key, where what was written tells it from all others. Raw text is put
/// back as it stood wherever the layout around it allows; else the old value is spelled in the
/// style that the text has there.
///
/// # Errors
/// [`RevertFailure`]; all of the edit is taken out or nothing.
pub fn revert(text_now: &str, syntax: Syntax, splices: &[Splice]) -> Result<Edited, RevertFailure> {
    let document = read(text_now, syntax)?;
    let undoings = undoings(syntax, splices)?;
    let places = Search::of(&document, &undoings).places()?;
    let plan = plan(&document, &undoings, &places, &|raw, above| {
        reflow::fitted(&document, syntax, raw, above)
    })?;
    if let Some(edited) = anchored::undo(&document, syntax, splices, &places, &plan) {
        return Ok(edited);
    }
    let edited = carry_out(&document, syntax, &plan);
    if let Ok(edited) = edited {
        return Ok(edited);
    }
    let plan = self::plan(&document, &undoings, &places, &|_, _| None)?;
    Ok(carry_out(&document, syntax, &plan)?)
}

/// Reads what splices say was written and replaced.
fn undoings(syntax: Syntax, splices: &[Splice]) -> Result<Vec<Undoing<'_>>, RevertFailure> {
    let changes = splices
        .iter()
        .flat_map(|splice| splice.changes.iter().map(move |change| (splice, change)));
    changes
        .map(|(splice, change)| {
            undoing(syntax, splice, change).ok_or_else(|| RevertFailure::Splices {
                path: change.path.clone(),
            })
        })
        .collect()
}

fn undoing<'splice>(
    syntax: Syntax,
    splice: &'splice Splice,
    change: &'splice Change,
) -> Option<Undoing<'splice>> {
    let new = splice.with.get(change.new.clone())?;
    let old = splice.replaced.get(change.old.clone())?;
    let (stands, old_value) = match &change.kind {
        ChangeKind::Replaced => (
            Stands::Value(fragment::value(new, syntax)?),
            Some(fragment::value(old, syntax)?),
        ),
        ChangeKind::Inserted => (
            Stands::Member(fragment::member(new, syntax, &change.path)?),
            None,
        ),
        ChangeKind::Removed { .. } => (
            Stands::Nothing,
            Some(fragment::member(old, syntax, &change.path)?),
        ),
        ChangeKind::Prepended { count } => {
            let values = fragment::elements(new, syntax, *count)?;
            (Stands::Front(values), None)
        }
        ChangeKind::Shortened { count } => {
            let values = fragment::elements(old, syntax, *count)?;
            (Stands::List, Some(Value::List(values)))
        }
    };
    Some(Undoing {
        change,
        stands,
        old: old_value.map(|value| (value, old)),
    })
}

/// Says how a raw text is to be spelled; nothing where the value is to be spelled anew. The path is
/// that of the value it is put over, or of the map it is put into.
type Spelling<'caller> = &'caller dyn Fn(&str, &Around<'_>) -> Option<Zeroizing<String>>;

/// Where a raw text is put back.
enum Around<'path> {
    /// Over the value.
    Over(&'path [String]),
    /// Into the map.
    Into(&'path [String]),
}

/// Plans the opposite of every change.
fn plan(
    document: &Document<'_>,
    undoings: &[Undoing<'_>],
    places: &Places,
    spelling: Spelling<'_>,
) -> Result<Plan, RevertFailure> {
    let mut plan = Plan::default();
    let all = || undoings.iter().zip(&places.of_changes);
    for (undoing, path) in all() {
        let (plan, node) = plan.at(document, path)?;
        match (&undoing.stands, undoing.change.path.last()) {
            (Stands::Member(_), Some(key)) => plan.remove(node, path, key)?,
            (Stands::Front(values), _) => plan.shorten(path, node, values.len())?,
            _ => {}
        }
    }
    for (undoing, path) in all() {
        let Some((value, raw)) = &undoing.old else {
            continue;
        };
        let (plan, node) = plan.at(document, path)?;
        match (&undoing.change.kind, undoing.change.path.last(), value) {
            (ChangeKind::Removed { behind }, Some(key), value) => {
                let addition = Addition {
                    key: key.clone(),
                    value: value.clone(),
                    spelling: spelling(raw, &Around::Into(path)),
                };
                let after = plan.place_behind(node, behind.as_deref());
                plan.insert(document, node, path, after.as_deref(), addition)?;
            }
            (ChangeKind::Shortened { .. }, _, Value::List(values)) => {
                plan.prepended.extend(values.iter().cloned());
            }
            _ => plan.replace(path, value.clone(), spelling(raw, &Around::Over(path)))?,
        }
    }
    plan.close(document.root(), &mut Vec::new())?;
    Ok(plan)
}

/// Returns the members that an edit put into maps.
fn inserted<'splice>(undoings: &[Undoing<'splice>]) -> BTreeSet<&'splice [String]> {
    undoings
        .iter()
        .filter(|undoing| matches!(undoing.stands, Stands::Member(_)))
        .map(|undoing| undoing.change.path.as_slice())
        .collect()
}

/// Returns the path of the value, list or map that a change edits, as it was recorded.
fn edited<'splice>(undoing: &Undoing<'splice>) -> &'splice [String] {
    match undoing.change.path.split_last() {
        Some((_, above)) if undoing.stands.is_inside() => above,
        _ => &undoing.change.path,
    }
}

/// Returns a path with its last step, if it has one.
fn child_of(path: &[String], undoing: &Undoing<'_>) -> Path {
    match undoing.change.path.last() {
        Some(key) if undoing.stands.is_inside() => extended(path, key),
        _ => path.to_vec(),
    }
}
