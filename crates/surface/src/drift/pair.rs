use std::collections::{HashMap, HashSet};

use countersign_model::Digest;
use serde_json::Value;

use crate::{Item, ItemKind, Surface, canonical, drift::text};

/// An item of two surfaces, where it is not the same in both.
pub(super) enum Pair<'a> {
    Added(&'a Item),
    Removed(&'a Item),
    Kept(&'a Item, &'a Item),
}

/// Says which item became which. What has the same digest on both sides is left out; of the rest, those of
/// one name belong together, then those that differ by their name alone, then those with the same
/// arguments and nearly the same description.
pub(super) fn pairs<'a>(kind: ItemKind, before: &'a Surface, after: &'a Surface) -> Vec<Pair<'a>> {
    let (mut removed, mut added) = differing(kind, before, after);
    let mut pairs = Vec::new();
    join(&mut removed, &mut added, &mut pairs, |item| {
        Some(item.name().to_owned())
    });
    join(&mut removed, &mut added, &mut pairs, |item| {
        Some(nameless(item).hex())
    });
    join_alike(&mut removed, &mut added, &mut pairs);
    pairs.extend(removed.into_iter().map(Pair::Removed));
    pairs.extend(added.into_iter().map(Pair::Added));
    pairs
}

fn differing<'a>(
    kind: ItemKind,
    before: &'a Surface,
    after: &'a Surface,
) -> (Vec<&'a Item>, Vec<&'a Item>) {
    let mut counts: HashMap<Digest, i64> = HashMap::new();
    for item in before.of_kind(kind) {
        *counts.entry(item.digest()).or_default() += 1;
    }
    let mut added = Vec::new();
    for item in after.of_kind(kind) {
        match counts.get_mut(&item.digest()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => added.push(item),
        }
    }
    let mut removed = Vec::new();
    for item in before.of_kind(kind) {
        if let Some(count) = counts.get_mut(&item.digest()).filter(|count| **count > 0) {
            *count -= 1;
            removed.push(item);
        }
    }
    (removed, added)
}

/// Joins the items that have one key, first with first.
fn join<'a>(
    removed: &mut Vec<&'a Item>,
    added: &mut Vec<&'a Item>,
    pairs: &mut Vec<Pair<'a>>,
    key: impl Fn(&Item) -> Option<String>,
) {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, item) in removed.iter().enumerate().rev() {
        if let Some(key) = key(item) {
            by_key.entry(key).or_default().push(index);
        }
    }
    let mut taken = HashSet::new();
    added.retain(|item| {
        let found = key(item).and_then(|key| by_key.get_mut(&key)?.pop());
        if let Some(index) = found {
            pairs.push(Pair::Kept(removed[index], item));
            taken.insert(index);
        }
        found.is_none()
    });
    keep_others(removed, &taken);
}

/// Items that have one schema, of which the one with the likest description is taken.
const CANDIDATES_MAX: usize = 16;

fn join_alike<'a>(
    removed: &mut Vec<&'a Item>,
    added: &mut Vec<&'a Item>,
    pairs: &mut Vec<Pair<'a>>,
) {
    let mut by_schema: HashMap<Digest, Vec<usize>> = HashMap::new();
    for (index, item) in removed.iter().enumerate() {
        if let Some(digest) = arguments(item) {
            by_schema.entry(digest).or_default().push(index);
        }
    }
    let mut taken = HashSet::new();
    added.retain(|item| {
        let candidates = arguments(item).and_then(|digest| by_schema.get(&digest));
        let mut candidates = candidates.into_iter().flatten().take(CANDIDATES_MAX);
        let found = candidates.find(|index| {
            let is_free = !taken.contains(*index);
            is_free && text::is_alike(removed[**index].description(), item.description())
        });
        if let Some(index) = found {
            pairs.push(Pair::Kept(removed[*index], item));
            taken.insert(*index);
        }
        found.is_none()
    });
    keep_others(removed, &taken);
}

fn keep_others(items: &mut Vec<&Item>, taken: &HashSet<usize>) {
    let mut index = 0;
    items.retain(|_| {
        index += 1;
        !taken.contains(&(index - 1))
    });
}

/// Returns the digest of everything but the names.
fn nameless(item: &Item) -> Digest {
    let mut value = item.value().clone();
    if let Value::Object(members) = &mut value {
        members.shift_remove(item.kind().key());
        members.shift_remove("title");
    }
    canonical::digest(&value)
}

/// Returns the digest of a schema that asks for something.
fn arguments(item: &Item) -> Option<Digest> {
    let schema = item.value().get("inputSchema")?;
    let properties = schema.get("properties").and_then(Value::as_object)?;
    (!properties.is_empty()).then(|| canonical::digest(schema))
}
