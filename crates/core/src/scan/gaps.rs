//! What a look left out: said in the report, which then is not complete.

use std::{collections::BTreeSet, path::PathBuf};

use countersign_clients::{Pattern, files};

use crate::setup::Setup;

/// Gaps that are told one by one.
const TOLD_MAX: usize = 20;

/// Collects what a look left out.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    told: BTreeSet<String>,
    untold: usize,
}

impl Gaps {
    /// Returns the paths that a pattern stands for, and remembers if there may be more.
    pub(super) fn expand(&mut self, setup: &Setup, pattern: &Pattern) -> Vec<PathBuf> {
        let expanded = files::expand(pattern);
        if let Some(gap) = expanded.gap {
            let at = setup.shorten(std::path::Path::new(pattern.as_str()));
            self.tell(format!("{at} was not looked at to the end: {gap}"));
        }
        expanded.paths
    }

    /// Remembers a gap, in words.
    pub(super) fn tell(&mut self, note: String) {
        if self.told.len() < TOLD_MAX {
            self.told.insert(note);
        } else if !self.told.contains(&note) {
            self.untold += 1;
        }
    }

    /// Returns whether anything was left out.
    pub(super) fn is_any(&self) -> bool {
        !self.told.is_empty()
    }

    /// Returns what was left out, in words.
    pub(super) fn into_notes(self) -> Vec<String> {
        let mut notes: Vec<String> = self.told.into_iter().collect();
        if self.untold > 0 {
            notes.push(format!(
                "{} more places were not looked at to the end",
                self.untold
            ));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::Gaps;

    #[test]
    fn many_gaps_are_counted() {
        let mut gaps = Gaps::default();
        assert!(!gaps.is_any());
        for number in 10..40 {
            gaps.tell(format!("gap {number}"));
            gaps.tell("gap 10".to_owned());
        }
        assert!(gaps.is_any());
        let notes = gaps.into_notes();
        assert_eq!(notes.len(), 21);
        assert_eq!(notes[0], "gap 10");
        assert_eq!(notes[20], "10 more places were not looked at to the end");
    }
}
