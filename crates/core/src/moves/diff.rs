//! The lines of a file that would change, with everything hidden that must not be shown.

use countersign_model::{Config, TextFormat};
use similar::{ChangeTag, TextDiff};

use crate::excerpt;

/// Unchanged lines that are shown around changed ones.
const AROUND: usize = 2;

/// Lines of one file that are shown.
const LINES_MAX: usize = 2_000;

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffMark {
    /// It stays.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
    /// Lines that stay are left out here.
    Gap,
}

impl DiffMark {
    /// Returns the word used in output.
    pub const fn name(self) -> &'static str {
        match self {
            DiffMark::Same => "same",
            DiffMark::Removed => "removed",
            DiffMark::Added => "added",
            DiffMark::Gap => "gap",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What happens to it.
    pub mark: DiffMark,
    /// Its number before, from 1, where it was there.
    pub before: Option<u32>,
    /// Its number after, from 1, where it will be there.
    pub after: Option<u32>,
    /// The line, as it may be shown.
    pub text: String,
}

/// Compares two texts line by line. Values are shown only where one of `configs` shows them
/// anyway; `ids` are those that are drawn for it.
pub(super) fn lines(
    before: &str,
    after: &str,
    format: TextFormat,
    configs: &[&Config],
    ids: &[String],
) -> Vec<DiffLine> {
    let mask = excerpt::Mask::of(configs, ids, format == TextFormat::Toml);
    let shown = |text: &str| -> Vec<String> { text.lines().map(|line| mask.line(line)).collect() };
    let (before, after) = (shown(before), shown(after));
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&before, &after);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        if !lines.is_empty() {
            lines.push(DiffLine {
                mark: DiffMark::Gap,
                before: None,
                after: None,
                text: String::new(),
            });
        }
        for change in group
            .iter()
            .flat_map(|operation| diff.iter_changes(operation))
        {
            lines.push(DiffLine {
                mark: match change.tag() {
                    ChangeTag::Equal => DiffMark::Same,
                    ChangeTag::Delete => DiffMark::Removed,
                    ChangeTag::Insert => DiffMark::Added,
                },
                before: number(change.old_index()),
                after: number(change.new_index()),
                text: change.value().to_owned(),
            });
            if lines.len() >= LINES_MAX {
                return lines;
            }
        }
    }
    lines
}

fn number(index: Option<usize>) -> Option<u32> {
    index.and_then(|index| u32::try_from(index + 1).ok())
}
