use std::collections::HashMap;

use countersign_model::Pointer;
use serde_json::Value;

use crate::canonical;

/// Returns whether the order of an array has no meaning: `required`, `enum` and `type` of a schema.
///
/// Source: JSON Schema 2020-12 Validation, sections 6.1.1, 6.1.2 and 6.5.3, read 2026-11-25.
pub(super) fn is_set(pointer: &Pointer) -> bool {
    let text = pointer.as_str();
    let in_schema = text.starts_with("/inputSchema") || text.starts_with("/outputSchema");
    let is_named = ["/required", "/enum", "/type"]
        .iter()
        .any(|name| text.ends_with(name));
    in_schema && is_named
}

/// Returns whether two arrays hold the same values, in whatever order.
pub(super) fn is_same_set(before: &[Value], after: &[Value]) -> bool {
    before.len() == after.len() && {
        let (removed, added) = difference(before, after);
        removed.is_empty() && added.is_empty()
    }
}

/// Returns what is only in `before`, and what is only in `after`.
pub(super) fn difference<'a>(
    before: &'a [Value],
    after: &'a [Value],
) -> (Vec<&'a Value>, Vec<&'a Value>) {
    let mut counts: HashMap<String, i64> = HashMap::new();
    for value in before {
        *counts.entry(canonical::text(value)).or_default() += 1;
    }
    for value in after {
        *counts.entry(canonical::text(value)).or_default() -= 1;
    }
    let side = |values: &'a [Value], sign: i64| {
        let only = values.iter().filter(|value| {
            counts
                .get(&canonical::text(value))
                .is_some_and(|count| count * sign > 0)
        });
        only.collect()
    };
    (side(before, 1), side(after, -1))
}
