//! Finding again what was edited.

use std::collections::{BTreeMap, BTreeSet};

use super::{Found, Places, RevertFailure, Stands, Undoing, child_of, edited, inserted};
use crate::{
    Document, Kind, Member, Node,
    edit::{Path, Value, plan::extended},
};

/// Values and members that are looked at before the search is given up.
pub(super) const VISITS_MAX: usize = 50_000_000;

/// Changes that a member has to have in it to be found under another key: one alone may be like
/// what others wrote.
const RENAMED_MIN: usize = 2;

/// Changes by the values that they edit.
#[derive(Default)]
struct Tree {
    /// Changes of the value itself, of its members, or of its first elements.
    here: Vec<usize>,
    inside: BTreeMap<String, Tree>,
    /// Changes in it that tell its place from others.
    strong: usize,
}

/// A search through a text.
pub(super) struct Search<'all, 'splice> {
    document: &'all Document<'all>,
    undoings: &'all [Undoing<'splice>],
    inserted: BTreeSet<&'splice [String]>,
    visits: usize,
}

/// What was found below a value.
#[derive(Default)]
struct Findings {
    changes: Vec<(usize, Path)>,
    moved: Vec<(Path, Path)>,
}

/// Where a search is: by the recorded place, and by that in the text.
#[derive(Clone)]
struct At {
    recorded: Path,
    real: Path,
}

impl At {
    fn step(&self, recorded: &str, real: &str) -> Self {
        Self {
            recorded: extended(&self.recorded, recorded),
            real: extended(&self.real, real),
        }
    }
}

impl<'all, 'splice> Search<'all, 'splice> {
    pub(super) fn of(document: &'all Document<'all>, undoings: &'all [Undoing<'splice>]) -> Self {
        Self {
            document,
            undoings,
            inserted: inserted(undoings),
            visits: 0,
        }
    }

    /// Finds the place of each change.
    pub(super) fn places(mut self) -> Result<Places, RevertFailure> {
        let mut tree = Tree::default();
        for (index, undoing) in self.undoings.iter().enumerate() {
            let mut tree = &mut tree;
            let strong = usize::from(undoing.stands.is_strong());
            tree.strong += strong;
            for step in edited(undoing) {
                tree = tree.inside.entry(step.clone()).or_default();
                tree.strong += strong;
            }
            tree.here.push(index);
        }
        let root = At {
            recorded: Path::new(),
            real: Path::new(),
        };
        let mut found = Findings::default();
        self.find(&tree, self.document.root(), &root, &mut found)?;
        let mut of_changes = vec![Path::new(); self.undoings.len()];
        for (index, path) in found.changes {
            of_changes[index] = path;
        }
        Ok(Places {
            of_changes,
            moved: found.moved.into_iter().collect(),
        })
    }

    fn find(
        &mut self,
        tree: &Tree,
        node: &Node,
        at: &At,
        found: &mut Findings,
    ) -> Result<(), RevertFailure> {
        self.visit(1)?;
        for index in &tree.here {
            self.check(*index, node, &at.real)?;
            found.changes.push((*index, at.real.clone()));
        }
        match &node.kind {
            _ if tree.inside.is_empty() => Ok(()),
            Kind::Map(members) => self.find_members(tree, members, at, found),
            Kind::List(elements) => self.find_elements(tree, elements, at, found),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
                let step = tree.inside.keys().next().map_or("", String::as_str);
                let path = extended(&at.real, step);
                Err(RevertFailure::Missing { path })
            }
        }
    }

    fn find_members(
        &mut self,
        tree: &Tree,
        members: &[Member],
        at: &At,
        found: &mut Findings,
    ) -> Result<(), RevertFailure> {
        for (step, inside) in &tree.inside {
            self.visit(members.len())?;
            let member = members.iter().find(|member| member.key == *step);
            if let Some(member) = member {
                self.find(inside, &member.value, &at.step(step, step), found)?;
                continue;
            }
            let others = members.iter().filter(|member| {
                !tree.inside.contains_key(&member.key)
                    && !self
                        .inserted
                        .contains(extended(&at.recorded, &member.key).as_slice())
            });
            let others: Vec<_> = others
                .map(|member| (member.key.clone(), &member.value))
                .collect();
            // What was an element of a list is no member that got another key.
            let may_be_renamed = inside.strong >= RENAMED_MIN && step.parse::<usize>().is_err();
            let fitting = match may_be_renamed {
                true => self.fitting(inside, step, &others, at)?,
                false => Vec::new(),
            };
            match <[_; 1]>::try_from(fitting) {
                Ok([(key, findings)]) => found.take(at, step, &key, findings),
                Err(none) if none.is_empty() => {
                    return Err(RevertFailure::Missing {
                        path: extended(&at.real, step),
                    });
                }
                Err(_) => return Err(at.ambiguous()),
            }
        }
        Ok(())
    }

    /// Finds the elements of a list, whose indices tell nothing once others came or went.
    fn find_elements(
        &mut self,
        tree: &Tree,
        elements: &[Node],
        at: &At,
        found: &mut Findings,
    ) -> Result<(), RevertFailure> {
        let own = tree.here.iter().map(|index| &self.undoings[*index].stands);
        let own = own.map(|stands| match stands {
            Stands::Front(values) => values.len(),
            _ => 0,
        });
        let own = own.sum::<usize>();
        let candidates = elements.iter().enumerate().skip(own);
        let candidates: Vec<_> = candidates
            .map(|(index, element)| (index.to_string(), element))
            .collect();
        let mut groups: Vec<_> = tree.inside.iter().collect();
        groups.sort_by_key(|(step, _)| step.parse::<usize>().unwrap_or(usize::MAX));
        let mut fits = Vec::with_capacity(groups.len());
        for (step, inside) in groups {
            if inside.strong == 0 {
                return Err(at.ambiguous());
            }
            let fitting = self.fitting(inside, step, &candidates, at)?;
            if fitting.is_empty() {
                return Err(self.missing(inside, step, elements, at));
            }
            fits.push((step, fitting));
        }
        for (step, key, findings) in assign(fits).ok_or_else(|| at.ambiguous())? {
            found.take(at, step, &key, findings);
        }
        Ok(())
    }

    /// Returns each of `candidates` that has all changes of a tree.
    fn fitting(
        &mut self,
        inside: &Tree,
        step: &str,
        candidates: &[(String, &Node)],
        at: &At,
    ) -> Result<Vec<(String, Findings)>, RevertFailure> {
        let mut fitting = Vec::new();
        for (key, node) in candidates {
            let mut findings = Findings::default();
            match self.find(inside, node, &at.step(step, key), &mut findings) {
                Ok(()) => fitting.push((key.clone(), findings)),
                // Where a part of it could stand in several places, it could be this one.
                Err(failure @ (RevertFailure::TooMany | RevertFailure::Ambiguous { .. })) => {
                    return Err(failure);
                }
                Err(_) => {}
            }
        }
        Ok(fitting)
    }

    /// Says what is wrong with the element where it was.
    fn missing(&mut self, inside: &Tree, step: &str, elements: &[Node], at: &At) -> RevertFailure {
        let index = step.parse::<usize>().ok();
        let element = index.and_then(|index| elements.get(index));
        let missing = || RevertFailure::Missing {
            path: extended(&at.real, step),
        };
        let Some(element) = element else {
            return missing();
        };
        let mut findings = Findings::default();
        match self.find(inside, element, &at.step(step, step), &mut findings) {
            Ok(()) => missing(),
            Err(failure) => failure,
        }
    }

    /// Compares what stands at a place with what was written there.
    fn check(&mut self, index: usize, node: &Node, path: &[String]) -> Result<(), RevertFailure> {
        let undoing = &self.undoings[index];
        let member = undoing.change.path.last().map(|key| node.get(key));
        let place = || child_of(path, undoing);
        match (&undoing.stands, member) {
            (Stands::Value(value), _) => self.compare(value, node, path),
            (Stands::Member(value), Some(Some(member))) => self.compare(value, member, &place()),
            (Stands::Member(_), _) => Err(RevertFailure::Missing { path: place() }),
            (Stands::Nothing, _) if !node.is_map() => Err(self.other(node, path, "a map")),
            (Stands::Nothing, Some(Some(member)))
                if !self.inserted.contains(undoing.change.path.as_slice()) =>
            {
                Err(RevertFailure::Present {
                    path: place(),
                    position: self.document.position(member.span.start),
                })
            }
            (Stands::Nothing, _) => Ok(()),
            (Stands::Front(_) | Stands::List, _) if !node.is_list() => {
                Err(self.other(node, path, "a list"))
            }
            (Stands::List, _) => Ok(()),
            (Stands::Front(values), _) => {
                for (index, value) in values.iter().enumerate() {
                    let path = extended(path, &index.to_string());
                    let Some(element) = node.elements().get(index) else {
                        return Err(RevertFailure::Missing { path });
                    };
                    self.compare(value, element, &path)?;
                }
                Ok(())
            }
        }
    }

    fn compare(
        &mut self,
        value: &Value,
        node: &Node,
        path: &[String],
    ) -> Result<(), RevertFailure> {
        self.visit(1)?;
        let is_same = match (value, &node.kind) {
            (Value::Null, Kind::Null) => true,
            (Value::Bool(value), Kind::Bool(truth)) => value == truth,
            (Value::Number(value), Kind::Number(number)) => value == number,
            (Value::Text(value), Kind::Text(text)) => value == text,
            (Value::List(values), Kind::List(elements)) => {
                for (index, (value, node)) in values.iter().zip(elements).enumerate() {
                    self.compare(value, node, &extended(path, &index.to_string()))?;
                }
                return self.count(elements.len(), values.len(), node, path);
            }
            (Value::Map(values), Kind::Map(members)) => {
                return self.compare_members(values, members, node, path);
            }
            _ => return Err(self.other(node, path, words(value))),
        };
        match is_same {
            true => Ok(()),
            false => Err(self.differs(node, path, Found::Other(node.kind_words()))),
        }
    }

    fn compare_members(
        &mut self,
        values: &[(String, Value)],
        members: &[Member],
        node: &Node,
        path: &[String],
    ) -> Result<(), RevertFailure> {
        for (key, value) in values {
            let path = extended(path, key);
            match node.get(key) {
                Some(member) => self.compare(value, member, &path)?,
                None => return Err(RevertFailure::Missing { path }),
            }
        }
        let is_known = |member: &&Member| values.iter().any(|(key, _)| *key == member.key);
        match members.iter().find(|member| !is_known(member)) {
            Some(member) => {
                let path = extended(path, &member.key);
                Err(self.differs(&member.value, &path, Found::Added))
            }
            None => Ok(()),
        }
    }

    fn count(
        &self,
        found: usize,
        expected: usize,
        node: &Node,
        path: &[String],
    ) -> Result<(), RevertFailure> {
        if found == expected {
            return Ok(());
        }
        Err(self.differs(node, path, Found::Count { found, expected }))
    }

    fn other(&self, node: &Node, path: &[String], expected: &'static str) -> RevertFailure {
        let found = node.kind_words();
        self.differs(node, path, Found::Kind { found, expected })
    }

    fn differs(&self, node: &Node, path: &[String], found: Found) -> RevertFailure {
        RevertFailure::Differs {
            path: path.to_vec(),
            position: self.document.position(node.span.start),
            found,
        }
    }

    fn visit(&mut self, count: usize) -> Result<(), RevertFailure> {
        self.visits += count;
        match self.visits {
            0..=VISITS_MAX => Ok(()),
            _ => Err(RevertFailure::TooMany),
        }
    }
}

impl At {
    fn ambiguous(&self) -> RevertFailure {
        RevertFailure::Ambiguous {
            path: self.real.clone(),
        }
    }
}

impl Findings {
    fn take(&mut self, at: &At, step: &str, key: &str, other: Self) {
        let At { recorded, real } = at.step(step, key);
        if step != key || at.recorded != at.real {
            self.moved.push((recorded, real));
        }
        self.changes.extend(other.changes);
        self.moved.extend(other.moved);
    }
}

/// Gives each group of changes one element. As many groups as there are elements that fit each of
/// them take these in order; where there are more, it is not sure which.
fn assign(
    groups: Vec<(&String, Vec<(String, Findings)>)>,
) -> Option<Vec<(&String, String, Findings)>> {
    let keys = |fitting: &[(String, Findings)]| -> Vec<String> {
        fitting.iter().map(|(key, _)| key.clone()).collect()
    };
    let mut sharing: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for (_, fitting) in &groups {
        *sharing.entry(keys(fitting)).or_default() += 1;
    }
    let mut taken: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut used = BTreeSet::new();
    let mut assigned = Vec::with_capacity(groups.len());
    for (step, mut fitting) in groups {
        let keys = keys(&fitting);
        if sharing.get(&keys) != Some(&keys.len()) {
            return None;
        }
        let next = taken.entry(keys).or_default();
        let (key, findings) = fitting.swap_remove(*next);
        *next += 1;
        if !used.insert(key.clone()) {
            return None;
        }
        assigned.push((step, key, findings));
    }
    Some(assigned)
}

const fn words(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::Text(_) => "a string",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
    }
}
