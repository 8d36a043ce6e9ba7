//! Edits in short, and what is held of each.

use countersign_confedit::{Edit, EditFailure, Syntax, Value, edit, undo};

pub(crate) fn path(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(str::to_owned).collect()
}

pub(crate) fn replace(at: &str, with: &str) -> Edit {
    Edit::Replace {
        at: path(at),
        with: Value::text(with),
    }
}

pub(crate) fn insert(at: &str, after: Option<&str>, key: &str, value: Value) -> Edit {
    Edit::Insert {
        at: path(at),
        after: after.map(str::to_owned),
        key: key.to_owned(),
        value,
    }
}

pub(crate) fn remove(at: &str, key: &str) -> Edit {
    Edit::Remove {
        at: path(at),
        key: key.to_owned(),
    }
}

pub(crate) fn prepend(at: &str, items: &[&str]) -> Edit {
    Edit::Prepend {
        at: path(at),
        items: items.iter().map(|item| Value::text(*item)).collect(),
    }
}

pub(crate) fn part(at: &str, range: std::ops::Range<usize>, with: &str) -> Edit {
    Edit::ReplaceText {
        at: path(at),
        range,
        with: with.to_owned().into(),
    }
}

#[track_caller]
pub(crate) fn check(syntax: Syntax, before: &str, edits: &[Edit], after: &str) {
    let edited =
        edit(before, syntax, edits).unwrap_or_else(|failure| panic!("{failure}\n{before}"));
    assert_eq!(edited.text.as_str(), after);
    let restored = undo(&edited.text, &edited.splices).expect("undo");
    assert_eq!(restored.as_str(), before);
}

#[track_caller]
pub(crate) fn refused(syntax: Syntax, before: &str, edits: &[Edit]) -> EditFailure {
    edit(before, syntax, edits).expect_err("must be refused")
}
