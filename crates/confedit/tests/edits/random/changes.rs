//! Random edits that go together, and what they make of a value.

use countersign_confedit::{Edit, Path, Value};

use super::source::Source;

/// Proposes an edit of `value` that goes together with others of it.
pub(crate) fn propose(
    source: &mut Source,
    value: &Value,
    others: &[Edit],
    has_null: bool,
) -> Option<Edit> {
    let mut places = Vec::new();
    collect(value, &mut Path::new(), &mut places);
    let (at, node) = places.swap_remove(source.below(places.len()));
    let edit = one(source, at, node, has_null)?;
    let is_alone = others.iter().all(|other| are_apart(&edit, other));
    is_alone.then_some(edit)
}

fn one(source: &mut Source, at: Path, node: &Value, has_null: bool) -> Option<Edit> {
    match node {
        _ if source.once_in(4) && !at.is_empty() => {
            let depth = usize::from(source.once_in(4));
            let with = source.value(depth, has_null);
            Some(Edit::Replace { at, with })
        }
        Value::Map(members) if source.once_in(2) && !members.is_empty() => {
            let key = members[source.below(members.len())].0.clone();
            Some(Edit::Remove { at, key })
        }
        Value::Map(members) => {
            let after = source.below(members.len() + 1).checked_sub(1);
            Some(Edit::Insert {
                at,
                after: after.map(|index| members[index].0.clone()),
                key: format!("new {}", source.key()),
                value: source.value(1, has_null),
            })
        }
        Value::List(values) if source.once_in(3) && !values.is_empty() => {
            let count = source.below(values.len()) + 1;
            Some(Edit::Shorten { at, count })
        }
        Value::List(_) => {
            let count = source.below(3) + 1;
            let items = (0..count).map(|_| Value::text(source.text())).collect();
            Some(Edit::Prepend { at, items })
        }
        Value::Text(text) => {
            let bounds: Vec<usize> = (0..=text.len())
                .filter(|at| text.is_char_boundary(*at))
                .collect();
            let (one, other) = (source.pick(&bounds), source.pick(&bounds));
            Some(Edit::ReplaceText {
                at,
                range: one.min(other)..one.max(other),
                with: source.text().into(),
            })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn collect<'value>(value: &'value Value, path: &mut Path, places: &mut Vec<(Path, &'value Value)>) {
    places.push((path.clone(), value));
    let inside: Vec<(String, &Value)> = match value {
        Value::List(values) => (0..)
            .map(|index: usize| index.to_string())
            .zip(values)
            .collect(),
        Value::Map(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (step, value) in inside {
        path.push(step);
        collect(value, path, places);
        path.pop();
    }
}

/// Returns whether neither edit touches what the other one does.
fn are_apart(one: &Edit, other: &Edit) -> bool {
    let reshapes = |edit: &Edit| matches!(edit, Edit::Prepend { .. } | Edit::Shorten { .. });
    let is_same_list = reshapes(one) && reshapes(other) && one.at() == other.at();
    let takes = |one: &Edit, other: &Edit| {
        let target = target(other);
        gone(one).iter().any(|gone| target.starts_with(gone))
    };
    !is_same_list && !takes(one, other) && !takes(other, one)
}

fn target(edit: &Edit) -> Path {
    match edit {
        Edit::Insert { at, key, .. } | Edit::Remove { at, key } => {
            [at.as_slice(), std::slice::from_ref(key)].concat()
        }
        _ => edit.at().clone(),
    }
}

/// Returns the values of which nothing is left.
fn gone(edit: &Edit) -> Vec<Path> {
    match edit {
        Edit::Replace { .. } | Edit::ReplaceText { .. } | Edit::Remove { .. } => vec![target(edit)],
        Edit::Shorten { at, count } => (0..*count)
            .map(|index| [at.as_slice(), &[index.to_string()]].concat())
            .collect(),
        Edit::Prepend { .. } | Edit::Insert { .. } => Vec::new(),
    }
}

/// Returns edits of a value as edits of what other edits made of it.
pub(crate) fn moved(edits: &[Edit], others: &[Edit]) -> Vec<Edit> {
    let path = |at: &Path| -> Path {
        (0..at.len())
            .map(|depth| {
                let shift = |edit: &Edit| match edit {
                    Edit::Prepend { at: list, items } if at[..depth] == list[..] => {
                        items.len().cast_signed()
                    }
                    Edit::Shorten { at: list, count } if at[..depth] == list[..] => {
                        -count.cast_signed()
                    }
                    _ => 0,
                };
                let shift = others.iter().map(shift).sum::<isize>();
                match at[depth].parse::<isize>() {
                    Ok(index) if shift != 0 => (index + shift).to_string(),
                    _ => at[depth].clone(),
                }
            })
            .collect()
    };
    let mut edits = edits.to_vec();
    for edit in &mut edits {
        let (Edit::Replace { at, .. }
        | Edit::ReplaceText { at, .. }
        | Edit::Prepend { at, .. }
        | Edit::Shorten { at, .. }
        | Edit::Insert { at, .. }
        | Edit::Remove { at, .. }) = edit;
        *at = path(at);
    }
    edits
}

/// Carries out edits of a value, which all name places in it as it was.
pub(crate) fn apply(value: &Value, edits: &[Edit]) -> Value {
    let mut value = value.clone();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // Elements that come or go move others, so the innermost lists come last but one by one.
    edits.sort_by_key(|edit| match edit {
        Edit::Prepend { at, .. } | Edit::Shorten { at, .. } => (1, usize::MAX - at.len()),
        _ => (0, 0),
    });
    for edit in edits {
        carry_out(find(&mut value, edit.at()), edit);
    }
    value
}

fn carry_out(node: &mut Value, edit: &Edit) {
    match (edit, node) {
        (Edit::Replace { with, .. }, node) => *node = with.clone(),
        (Edit::ReplaceText { range, with, .. }, Value::Text(text)) => {
            text.replace_range(range.clone(), with);
        }
        (Edit::Prepend { items, .. }, Value::List(values)) => {
            values.splice(0..0, items.iter().cloned());
        }
        (Edit::Shorten { count, .. }, Value::List(values)) => {
            values.drain(..count);
        }
        (Edit::Insert { key, value, .. }, Value::Map(members)) => {
            members.push((key.clone(), value.clone()));
        }
        (Edit::Remove { key, .. }, Value::Map(members)) => {
            members.retain(|(known, _)| known != key);
        }
        (edit, node) => panic!("{edit:?} of {node:?}"),
    }
}

fn find<'value>(value: &'value mut Value, path: &[String]) -> &'value mut Value {
    path.iter().fold(value, |value, step| match value {
        Value::List(values) => &mut values[step.parse::<usize>().expect("is an index")],
        Value::Map(members) => {
            let member = members.iter_mut().find(|(key, _)| key == step);
            &mut member.expect("is a key").1
        }
        other => panic!("{step} of {other:?}"),
    })
}
