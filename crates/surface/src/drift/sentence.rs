use countersign_model::Pointer;
use serde_json::Value;

use crate::{
    drift::{Meaning, Turn, array},
    texts::{Place, Role},
};

/// Values that are named one by one.
const NAMED_MAX: usize = 6;

/// Says what a change of a schema or hint means; `None` for a text, which speaks for itself.
pub(super) fn meaning(
    before: Option<&Value>,
    after: Option<&Value>,
    pointer: &Pointer,
    place: Place,
) -> Option<Meaning> {
    let steps: Vec<String> = pointer.steps().collect();
    let last = steps.last()?.as_str();
    if steps.first().map(String::as_str) == Some("annotations") {
        return annotation(last, after);
    }
    if matches!(
        place.role(),
        Role::Description | Role::Title | Role::ParameterDescription
    ) {
        return None;
    }
    let parameter = parameter(&steps)?;
    let of = |name: &Option<String>| {
        name.as_ref()
            .map_or_else(String::new, |name| format!(" of `{name}`"))
    };
    if place.is_parameter() {
        let name = parameter.unwrap_or_default();
        return Some(match (before, after) {
            (None, Some(_)) => says(Turn::Looser, format!("takes a parameter `{name}`")),
            _ => says(
                Turn::Tighter,
                format!("takes no parameter `{name}` any more"),
            ),
        });
    }
    match (last, before, after) {
        ("required", before, after) => required(before, after),
        ("enum", before, after) => choices(&of(&parameter), before, after),
        ("type", before, after) => {
            let (before, after) = (text(before), text(after));
            Some(says(
                Turn::Other,
                format!("the type{} is {after} instead of {before}", of(&parameter)),
            ))
        }
        ("additionalProperties", _, after) => Some(match after {
            Some(Value::Bool(false)) => says(
                Turn::Tighter,
                "takes no other parameters any more".to_owned(),
            ),
            _ => says(Turn::Looser, "takes any other parameter".to_owned()),
        }),
        ("default", _, Some(after)) => Some(says(
            Turn::Other,
            format!(
                "where nothing is said, `{}` is {after}",
                parameter.unwrap_or_default()
            ),
        )),
        (limit, before, after) if LIMITS.contains(&limit) => {
            Some(limits(limit, &of(&parameter), before, after))
        }
        _ => None,
    }
}

/// Keywords that narrow what is taken.
const LIMITS: [&str; 14] = [
    "const",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
];

fn limits(limit: &str, of: &str, before: Option<&Value>, after: Option<&Value>) -> Meaning {
    match (before, after) {
        (_, None) => says(Turn::Looser, format!("the limit `{limit}`{of} was lifted")),
        (None, Some(after)) => says(
            Turn::Tighter,
            format!("there is a limit `{limit}`{of}: {after}"),
        ),
        (Some(before), Some(after)) => says(
            direction(limit, before, after),
            format!("the limit `{limit}`{of} is {after} instead of {before}"),
        ),
    }
}

fn direction(limit: &str, before: &Value, after: &Value) -> Turn {
    let (Some(before), Some(after)) = (before.as_f64(), after.as_f64()) else {
        return Turn::Other;
    };
    let is_upper = limit.to_ascii_lowercase().contains("max");
    let is_lower = limit.to_ascii_lowercase().contains("min");
    match (is_upper, is_lower) {
        (true, false) if after > before => Turn::Looser,
        (true, false) => Turn::Tighter,
        (false, true) if after < before => Turn::Looser,
        (false, true) => Turn::Tighter,
        _ => Turn::Other,
    }
}

fn required(before: Option<&Value>, after: Option<&Value>) -> Option<Meaning> {
    let (removed, added) = array::difference(list(before), list(after));
    match (removed.is_empty(), added.is_empty()) {
        (true, true) => None,
        (false, true) => Some(says(
            Turn::Looser,
            format!("{} need not be given any more", names(&removed)),
        )),
        (true, false) => Some(says(
            Turn::Tighter,
            format!("{} must be given", names(&added)),
        )),
        (false, false) => Some(says(
            Turn::Other,
            format!(
                "{} must be given instead of {}",
                names(&added),
                names(&removed)
            ),
        )),
    }
}

fn choices(of: &str, before: Option<&Value>, after: Option<&Value>) -> Option<Meaning> {
    if after.is_none() {
        return Some(says(
            Turn::Looser,
            format!("the choice{of} is not limited any more"),
        ));
    }
    if before.is_none() {
        return Some(says(Turn::Tighter, format!("the choice{of} is limited")));
    }
    let (removed, added) = array::difference(list(before), list(after));
    match (removed.is_empty(), added.is_empty()) {
        (true, true) => None,
        (_, false) => Some(says(
            if removed.is_empty() {
                Turn::Looser
            } else {
                Turn::Other
            },
            format!("the choice{of} has also {}", names(&added)),
        )),
        (false, true) => Some(says(
            Turn::Tighter,
            format!("the choice{of} has no {} any more", names(&removed)),
        )),
    }
}

/// Hints of what a tool does, and what it means where one is true.
///
/// Source: <https://modelcontextprotocol.io/specification/2026-07-28/schema>, read 2026-11-25.
fn annotation(hint: &str, after: Option<&Value>) -> Option<Meaning> {
    let claim = match hint {
        "readOnlyHint" => "only reads",
        "destructiveHint" => "may destroy",
        "idempotentHint" => "may be called twice with the same effect",
        "openWorldHint" => "reaches beyond its own data",
        _ => return None,
    };
    let sentence = match after {
        Some(Value::Bool(true)) => format!("claims that it {claim}"),
        Some(_) => format!("claims no longer that it {claim}"),
        None => format!("says no longer whether it {claim}"),
    };
    Some(says(Turn::Other, sentence))
}

/// Returns the innermost parameter that a place in a schema belongs to; `None` outside of schemas.
fn parameter(steps: &[String]) -> Option<Option<String>> {
    if !matches!(steps.first()?.as_str(), "inputSchema" | "outputSchema") {
        return None;
    }
    let mut names = steps.windows(2).filter(|pair| pair[0] == "properties");
    Some(names.next_back().map(|pair| pair[1].clone()))
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text(value: Option<&Value>) -> String {
    match value {
        None => "anything".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(types)) => {
            let types = types.iter().map(|one| text(Some(one)));
            types.collect::<Vec<_>>().join(" or ")
        }
        Some(other) => other.to_string(),
    }
}

fn names(values: &[&Value]) -> String {
    let mut named: Vec<String> = values
        .iter()
        .take(NAMED_MAX)
        .map(|value| match value {
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        })
        .collect();
    if values.len() > NAMED_MAX {
        named.push(format!("{} more", values.len() - NAMED_MAX));
    }
    named.join(", ")
}

fn says(turn: Turn, sentence: String) -> Meaning {
    Meaning { turn, sentence }
}
