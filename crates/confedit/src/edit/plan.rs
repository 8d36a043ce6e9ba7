use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use zeroize::Zeroizing;

use super::{EDITS_MAX, Edit, EditFailure, Path, Value};
use crate::{Document, Node};

/// What is to happen to one value and to what it holds.
#[derive(Default)]
pub(super) struct Plan {
    /// Another value in its place.
    pub(super) replacement: Option<Replacement>,
    /// Members that go.
    pub(super) removed: BTreeSet<String>,
    /// Members that come, by the number of old members before them, in order.
    pub(super) inserted: BTreeMap<usize, Vec<Addition>>,
    /// Elements that come at the front.
    pub(super) prepended: Vec<Value>,
    /// Elements that go from the front.
    pub(super) shortened: usize,
    /// What happens to members and elements, by key or index.
    pub(super) inside: BTreeMap<String, Plan>,
}

/// What is to stand in the place of a value.
pub(super) struct Replacement {
    pub(super) value: Value,
    /// Parts of the old text with what stands there then; empty where the whole value is new.
    pub(super) parts: Vec<(Range<usize>, Zeroizing<String>)>,
    /// The exact spelling, if it is known.
    pub(super) spelling: Option<Zeroizing<String>>,
}

/// A new member.
pub(super) struct Addition {
    pub(super) key: String,
    pub(super) value: Value,
    /// The exact spelling of key and value, if it is known.
    pub(super) spelling: Option<Zeroizing<String>>,
}

impl Plan {
    /// Sorts edits by the values that they name, and refuses those that cannot go together.
    pub(super) fn of(document: &Document<'_>, edits: &[Edit]) -> Result<Self, EditFailure> {
        if edits.len() > EDITS_MAX {
            return Err(EditFailure::TooMany);
        }
        let mut plan = Self::default();
        for edit in edits
            .iter()
            .filter(|edit| matches!(edit, Edit::Remove { .. }))
        {
            plan.take(document, edit)?;
        }
        for edit in edits
            .iter()
            .filter(|edit| !matches!(edit, Edit::Remove { .. }))
        {
            plan.take(document, edit)?;
        }
        plan.close(document.root(), &mut Vec::new())?;
        Ok(plan)
    }

    /// Returns whether members or elements of the value itself come or go.
    pub(super) fn reshapes(&self) -> bool {
        !self.removed.is_empty()
            || !self.inserted.is_empty()
            || !self.prepended.is_empty()
            || self.shortened > 0
    }

    /// Returns whether the value at `path`, or what holds it, goes.
    pub(super) fn removes(&self, path: &[String]) -> bool {
        let Some((step, rest)) = path.split_first() else {
            return false;
        };
        let inside = self.inside.get(step);
        self.removed.contains(step) || inside.is_some_and(|inside| inside.removes(rest))
    }

    /// Returns the plan for the value at `path`, and the value.
    pub(super) fn at<'node>(
        &mut self,
        document: &'node Document<'_>,
        path: &[String],
    ) -> Result<(&mut Self, &'node Node), EditFailure> {
        let mut plan = self;
        let mut node = document.root();
        for (depth, step) in path.iter().enumerate() {
            node = child(node, step).ok_or_else(|| EditFailure::Missing {
                path: path[..=depth].to_vec(),
            })?;
            plan = plan.inside.entry(step.clone()).or_default();
        }
        Ok((plan, node))
    }

    fn take(&mut self, document: &Document<'_>, edit: &Edit) -> Result<(), EditFailure> {
        let path = edit.at();
        let (plan, node) = self.at(document, path)?;
        let kind = |expected| EditFailure::Kind {
            path: path.clone(),
            position: document.position(node.span.start),
            found: node.kind_words(),
            expected,
        };
        match edit {
            Edit::Replace { with, .. } => plan.replace(path, with.clone(), None),
            Edit::ReplaceText { range, with, .. } => {
                let text = node.as_str().ok_or_else(|| kind("a string"))?;
                plan.replace_part(path, text, range, with)
            }
            Edit::Prepend { items, .. } if node.is_list() => {
                plan.prepended.splice(0..0, items.iter().cloned());
                Ok(())
            }
            Edit::Shorten { count, .. } if node.is_list() => plan.shorten(path, node, *count),
            Edit::Prepend { .. } | Edit::Shorten { .. } => Err(kind("a list")),
            Edit::Insert { .. } | Edit::Remove { .. } if !node.is_map() => Err(kind("a map")),
            Edit::Insert {
                after, key, value, ..
            } => {
                let addition = Addition {
                    key: key.clone(),
                    value: value.clone(),
                    spelling: None,
                };
                plan.insert(document, node, path, after.as_deref(), addition)
            }
            Edit::Remove { key, .. } => plan.remove(node, path, key),
        }
    }

    pub(super) fn replace(
        &mut self,
        path: &[String],
        value: Value,
        spelling: Option<Zeroizing<String>>,
    ) -> Result<(), EditFailure> {
        if self.replacement.is_some() {
            return Err(conflict(path));
        }
        self.replacement = Some(Replacement {
            value,
            parts: Vec::new(),
            spelling,
        });
        Ok(())
    }

    fn replace_part(
        &mut self,
        path: &[String],
        text: &str,
        range: &Range<usize>,
        with: &Zeroizing<String>,
    ) -> Result<(), EditFailure> {
        if text.get(range.clone()).is_none() {
            return Err(EditFailure::Range {
                path: path.to_vec(),
                range: range.clone(),
            });
        }
        let mut parts = match self.replacement.take() {
            None => Vec::new(),
            Some(replacement) if replacement.parts.is_empty() => return Err(conflict(path)),
            Some(replacement) => replacement.parts,
        };
        parts.push((range.clone(), with.clone()));
        parts.sort_by_key(|(range, _)| (range.start, range.end));
        if parts.windows(2).any(|pair| pair[0].0.end > pair[1].0.start) {
            return Err(conflict(path));
        }
        let added = parts.iter().map(|(_, with)| with.len()).sum::<usize>();
        let mut whole = Zeroizing::new(String::with_capacity(text.len() + added));
        let mut cursor = 0;
        for (range, with) in &parts {
            whole.push_str(&text[cursor..range.start]);
            whole.push_str(with);
            cursor = range.end;
        }
        whole.push_str(&text[cursor..]);
        self.replacement = Some(Replacement {
            value: Value::Text(whole),
            parts,
            spelling: None,
        });
        Ok(())
    }

    pub(super) fn shorten(
        &mut self,
        path: &[String],
        node: &Node,
        count: usize,
    ) -> Result<(), EditFailure> {
        self.shortened += count;
        if self.shortened > node.elements().len() {
            let mut path = path.to_vec();
            path.push(node.elements().len().to_string());
            return Err(EditFailure::Missing { path });
        }
        Ok(())
    }

    pub(super) fn insert(
        &mut self,
        document: &Document<'_>,
        node: &Node,
        path: &[String],
        after: Option<&str>,
        addition: Addition,
    ) -> Result<(), EditFailure> {
        let place = extended(path, &addition.key);
        if let Some(present) = node.get(&addition.key)
            && !self.removed.contains(&addition.key)
        {
            return Err(EditFailure::Present {
                path: place,
                position: document.position(present.span.start),
            });
        }
        if self.additions().any(|known| known.key == addition.key) {
            return Err(conflict(&place));
        }
        let inserted_at = |key: &str| {
            self.inserted.iter().find_map(|(gap, additions)| {
                let at = additions.iter().position(|known| known.key == key)?;
                Some((*gap, at + 1))
            })
        };
        let (gap, at) = match after {
            None => (0, 0),
            Some(key) => match inserted_at(key) {
                Some(place) => place,
                None => match node.members().iter().position(|member| member.key == key) {
                    Some(index) => (index + 1, 0),
                    None => {
                        let path = extended(path, key);
                        return Err(EditFailure::Missing { path });
                    }
                },
            },
        };
        self.inserted.entry(gap).or_default().insert(at, addition);
        Ok(())
    }

    /// Returns the member that another is to be put behind, which stood behind `key`: that one, or
    /// the last that goes right after it, so that its place and the comment beside it are taken
    /// over; the last of the map where there is none of that key.
    pub(super) fn place_behind(&self, node: &Node, key: Option<&str>) -> Option<String> {
        let members = node.members();
        let key_of = |index: usize| members.get(index).map(|member| member.key.clone());
        let next = match key {
            None => 0,
            Some(key) if self.additions().any(|known| known.key == key) => {
                return Some(key.to_owned());
            }
            Some(key) => match members.iter().position(|member| member.key == key) {
                Some(index) => index + 1,
                None => return key_of(members.len().checked_sub(1)?),
            },
        };
        let going = members.iter().skip(next);
        let going = going.take_while(|member| self.removed.contains(&member.key));
        key_of((next + going.count()).checked_sub(1)?)
    }

    pub(super) fn remove(
        &mut self,
        node: &Node,
        path: &[String],
        key: &str,
    ) -> Result<(), EditFailure> {
        let place = || extended(path, key);
        if node.get(key).is_none() {
            return Err(EditFailure::Missing { path: place() });
        }
        if self.removed.insert(key.to_owned()) {
            Ok(())
        } else {
            Err(conflict(&place()))
        }
    }

    fn additions(&self) -> impl Iterator<Item = &Addition> {
        self.inserted.values().flatten()
    }

    /// Refuses edits inside of what is replaced or goes.
    pub(super) fn close(&self, node: &Node, path: &mut Path) -> Result<(), EditFailure> {
        if self.replacement.is_some() && (self.reshapes() || !self.inside.is_empty()) {
            return Err(conflict(path));
        }
        for (step, inside) in &self.inside {
            path.push(step.clone());
            let is_dropped = node.is_list()
                && step
                    .parse::<usize>()
                    .is_ok_and(|index| index < self.shortened);
            if is_dropped || self.removed.contains(step) {
                return Err(conflict(path));
            }
            if let Some(child) = child(node, step) {
                inside.close(child, path)?;
            }
            path.pop();
        }
        Ok(())
    }
}

/// Returns the member or element that a step leads to.
pub(super) fn child<'node>(node: &'node Node, step: &str) -> Option<&'node Node> {
    if node.is_list() {
        let is_canonical = step == "0" || !step.starts_with(['0', '+']);
        let index = step.parse::<usize>().ok().filter(|_| is_canonical)?;
        node.elements().get(index)
    } else {
        node.get(step)
    }
}

/// Returns a path with one more step.
pub(super) fn extended(path: &[String], step: &str) -> Path {
    let mut path = path.to_vec();
    path.push(step.to_owned());
    path
}

fn conflict(path: &[String]) -> EditFailure {
    EditFailure::Conflict {
        path: path.to_vec(),
    }
}
