//! What is shown of what was undone.

use std::path::Path;

use super::{ChangedValue, Outcome, TakenBack, Undone};
use crate::{
    Setup,
    json::{ChangedValueView, FileUndoneView, UndoneView},
};

impl UndoneView {
    /// Shows what undoing a move did.
    pub fn of_undone(setup: &Setup, undone: &Undone) -> Self {
        match undone {
            Undone::Asks(changed) => Self {
                asks: changed.iter().map(|one| changed_view(setup, one)).collect(),
                files: Vec::new(),
            },
            Undone::Files(files) => Self {
                asks: Vec::new(),
                files: files
                    .iter()
                    .map(|file| file_view(setup, &file.path, None, &file.outcome))
                    .collect(),
            },
        }
    }

    /// Shows what taking entries back did.
    pub fn of_taken(setup: &Setup, taken: &[TakenBack]) -> Self {
        Self {
            asks: Vec::new(),
            files: taken
                .iter()
                .map(|one| file_view(setup, &one.path, one.entry.clone(), &one.outcome))
                .collect(),
        }
    }
}

fn changed_view(setup: &Setup, changed: &ChangedValue) -> ChangedValueView {
    ChangedValueView {
        entry: changed.entry.clone(),
        name: changed.name.clone(),
        file: setup.shorten(&changed.path),
        is_elsewhere: changed.is_elsewhere,
    }
}

fn file_view(
    setup: &Setup,
    path: &Path,
    entry: Option<String>,
    outcome: &Outcome,
) -> FileUndoneView {
    let (word, why) = match outcome {
        Outcome::Exact => ("exact", None),
        Outcome::OwnEdit => ("own-edit", None),
        Outcome::NothingOfOurs => ("untouched", None),
        Outcome::Left(why) => ("left", Some(why.to_string())),
    };
    FileUndoneView {
        file: setup.shorten(path),
        outcome: word.to_owned(),
        why,
        entry,
    }
}
