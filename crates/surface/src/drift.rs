//! What changed between two surfaces, and how much it matters.

mod array;
mod fields;
mod hidden;
mod pair;
mod sentence;
mod text;
mod words;

use std::fmt;

use countersign_model::Pointer;

use crate::{Item, ItemKind, Surface, effect};

pub use words::{Segment, Tag, words};

/// How much a change matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// White space, the order of what has none, Unicode's normal form, a slip of the pen.
    Cosmetic,
    /// Other words.
    Wording,
    /// Other arguments, results or hints: what a call does may be something else.
    Behaviour,
    /// Something is offered that was not, or no longer, or does more than it did.
    Capability,
    /// Text that nobody sees and every model reads.
    Hidden,
}

impl Grade {
    /// Every grade, least first.
    pub const ALL: [Grade; 5] = [
        Grade::Cosmetic,
        Grade::Wording,
        Grade::Behaviour,
        Grade::Capability,
        Grade::Hidden,
    ];

    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Grade::Cosmetic => "cosmetic",
            Grade::Wording => "wording",
            Grade::Behaviour => "behaviour",
            Grade::Capability => "capability",
            Grade::Hidden => "hidden content",
        }
    }

    /// Finds a grade by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.name() == name)
    }
}

/// Everything that changed from one surface to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drift {
    changes: Vec<Change>,
}

impl Drift {
    /// Returns the changes, what matters most first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Returns the highest grade; `None` where nothing changed.
    pub fn grade(&self) -> Option<Grade> {
        self.changes.iter().map(|change| change.grade).max()
    }
}

/// What changed about one item.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What it is.
    pub kind: ItemKind,
    /// Its name; the present one, where it was renamed. Hostile text.
    pub name: String,
    /// How much it matters: the highest grade of its parts.
    pub grade: Grade,
    /// What happened to it.
    pub what: What,
}

/// What happened to an item.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It was not there.
    Added(Box<Item>),
    /// It is not there any more.
    Removed(Box<Item>),
    /// It is the same by another name, or changed, or both.
    Changed {
        /// What it was called, where that is another name.
        renamed_from: Option<String>,
        /// What changed, what matters most first.
        fields: Vec<FieldChange>,
    },
}

/// What changed at one place of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Where in the item.
    pub pointer: Pointer,
    /// How much it matters.
    pub grade: Grade,
    /// What it means, where more can be said than that it is another text.
    pub meaning: Option<Meaning>,
    /// What was there, as text: a string as it is, anything else as JSON. Hostile.
    pub before: Option<String>,
    /// What is there.
    pub after: Option<String>,
}

/// What a change of a schema or hint means for whoever calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Whether more is taken than before, or less.
    pub turn: Turn,
    /// A sentence without a period. Names in it are hostile text.
    pub sentence: String,
}

/// Which way a schema changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It takes more than it did.
    Looser,
    /// It takes less than it did.
    Tighter,
    /// Neither, or both.
    Other,
}

impl Turn {
    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Turn::Looser => "looser",
            Turn::Tighter => "tighter",
            Turn::Other => "other",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Compares two surfaces of one server. Documents come and go, so that resources that were added or
/// removed are no change; everything else is.
pub fn drift(before: &Surface, after: &Surface) -> Drift {
    let mut changes = Vec::new();
    for kind in ItemKind::ALL {
        for pair in pair::pairs(kind, before, after) {
            changes.extend(change(kind, pair));
        }
    }
    changes.sort_by(|a, b| {
        (b.grade.cmp(&a.grade))
            .then_with(|| a.kind.cmp(&b.kind))
            .then_with(|| a.name.cmp(&b.name))
    });
    Drift { changes }
}

fn change(kind: ItemKind, pair: pair::Pair<'_>) -> Option<Change> {
    let (name, what, grade) = match pair {
        pair::Pair::Added(_) | pair::Pair::Removed(_) if !kind.is_trusted() => return None,
        pair::Pair::Added(item) => {
            let grade = if hidden::in_item(item) {
                Grade::Hidden
            } else {
                Grade::Capability
            };
            (item.name(), What::Added(Box::new(item.clone())), grade)
        }
        pair::Pair::Removed(item) => {
            let what = What::Removed(Box::new(item.clone()));
            (item.name(), what, Grade::Capability)
        }
        pair::Pair::Kept(before, after) => {
            let renamed_from = (before.name() != after.name()).then(|| before.name().to_owned());
            let mut fields = fields::compare(before, after);
            fields.extend(raised(before, after));
            fields.sort_by_key(|field| std::cmp::Reverse(field.grade));
            let highest = fields.iter().map(|field| field.grade).max();
            let renamed = renamed_from.as_ref().map(|_| Grade::Capability);
            let grade = highest.max(renamed)?;
            let what = What::Changed {
                renamed_from,
                fields,
            };
            (after.name(), what, grade)
        }
    };
    Some(Change {
        kind,
        name: name.to_owned(),
        grade,
        what,
    })
}

/// Says that a tool does more than it did, by our own verdict.
fn raised(before: &Item, after: &Item) -> Option<FieldChange> {
    if after.kind() != ItemKind::Tool {
        return None;
    }
    let (before, after) = (effect(before).effect, effect(after).effect);
    (before < after).then(|| FieldChange {
        pointer: Pointer::root(),
        grade: Grade::Capability,
        meaning: Some(Meaning {
            turn: Turn::Looser,
            sentence: format!(
                "it looks like one that is {} instead of {}",
                after.name(),
                before.name()
            ),
        }),
        before: Some(before.name().to_owned()),
        after: Some(after.name().to_owned()),
    })
}

#[cfg(test)]
mod tests;
