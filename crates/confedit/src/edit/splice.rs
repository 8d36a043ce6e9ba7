use std::{fmt, ops::Range};

use zeroize::Zeroizing;

use super::Path;

/// Bytes that were put in the place of others. Splices of one edit are sorted and do not overlap.
///
/// `before` and `after`, `with`, `anchor` and `changes` can be kept in a journal that everybody may
/// read where what was written is no secret; `replaced` may hold one.
#[derive(Clone, PartialEq, Eq)]
pub struct Splice {
    /// Bytes of the text before the edit.
    pub before: Range<usize>,
    /// Bytes of the text after the edit.
    pub after: Range<usize>,
    /// What stood at `before`.
    pub replaced: Zeroizing<String>,
    /// What stands at `after`.
    pub with: Zeroizing<String>,
    /// How the place is found in a text that changed since.
    pub anchor: Anchor,
    /// What the splice means. Nothing for one that only puts or takes a comma for its neighbour.
    pub changes: Vec<Change>,
}

/// One side of a value that a splice is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The value, by its place in the text after the edit.
    pub path: Path,
    /// Which side of it.
    pub side: Side,
    /// Bytes from there to the splice.
    pub distance: usize,
}

/// A side of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its first byte.
    Start,
    /// What follows its last byte.
    End,
}

/// What a splice did to the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which value, by its place in the text after the edit; of a removed member, the place where
    /// it would be; of list elements, the list.
    pub path: Path,
    /// What happened to it.
    pub kind: ChangeKind,
    /// Bytes of [`Splice::replaced`] that spell the old value (with its key, if it was a member).
    pub old: Range<usize>,
    /// Bytes of [`Splice::with`] that spell the new value (with its key, if it is a member).
    pub new: Range<usize>,
}

/// What can happen to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Another value stands in its place.
    Replaced,
    /// It is a new member of its map.
    Inserted,
    /// It is no longer a member of its map.
    Removed {
        /// The key of the member that stood before it, if it was not the first.
        behind: Option<String>,
    },
    /// The list got elements at its front.
    Prepended {
        /// How many.
        count: usize,
    },
    /// The list lost elements from its front.
    Shortened {
        /// How many.
        count: usize,
    },
}

impl Splice {
    /// Moves the splice to an entry that got another place: paths that start with `from` start with
    /// `to` then.
    pub fn rebase(&mut self, from: &[String], to: &[String]) {
        let paths = self.changes.iter_mut().map(|change| &mut change.path);
        for path in paths.chain([&mut self.anchor.path]) {
            if let Some(rest) = path.strip_prefix(from) {
                *path = [to, rest].concat();
            }
        }
    }
}

impl fmt::Debug for Splice {
    /// Shows places and lengths; no text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Splice")
            .field("before", &self.before)
            .field("after", &self.after)
            .field("anchor", &self.anchor)
            .field("changes", &self.changes)
            .finish_non_exhaustive()
    }
}

/// Why a text could not be taken back byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoFailure {
    /// The text changed since, or is another one.
    #[error("find what was written at byte {offset}")]
    NotAsLeft {
        /// Where something else stands.
        offset: usize,
    },
    /// The splices are not those of one edit: not sorted, or overlapping.
    #[error("follow splices that are not in order at byte {offset}")]
    Disordered {
        /// Where the order breaks.
        offset: usize,
    },
}

/// Gives back the exact text before an edit from the exact text after it.
///
/// # Errors
/// [`UndoFailure::NotAsLeft`] where one of the splices is not found at its bytes. Text outside of
/// the splices is not compared: the caller has a digest of the whole text.
pub fn undo(text: &str, splices: &[Splice]) -> Result<Zeroizing<String>, UndoFailure> {
    let mut restored = Zeroizing::new(String::with_capacity(
        text.len()
            + splices
                .iter()
                .map(|splice| splice.replaced.len())
                .sum::<usize>(),
    ));
    let mut cursor = 0;
    for splice in splices {
        let offset = splice.after.start;
        let kept = text.get(cursor..offset);
        let kept = match kept {
            Some(kept) if text.get(splice.after.clone()) == Some(splice.with.as_str()) => kept,
            _ if offset < cursor => return Err(UndoFailure::Disordered { offset }),
            _ => return Err(UndoFailure::NotAsLeft { offset }),
        };
        restored.push_str(kept);
        if restored.len() != splice.before.start {
            return Err(UndoFailure::Disordered { offset });
        }
        restored.push_str(&splice.replaced);
        cursor = splice.after.end;
    }
    restored.push_str(text.get(cursor..).unwrap_or_default());
    Ok(restored)
}
