use countersign_model::Pointer;
use serde_json::{Map, Value};

use crate::{
    Item,
    drift::{FieldChange, Grade, Meaning, Turn, array, hidden, sentence, text},
    texts::{Place, Role},
};

/// Changes of one item that are told apart; further ones are one.
const CHANGES_MAX: usize = 200;

/// Compares two versions of an item, field by field.
pub(super) fn compare(before: &Item, after: &Item) -> Vec<FieldChange> {
    let mut compared = Compared {
        changes: Vec::new(),
        is_input: false,
    };
    let place = Place::of(after.kind());
    compared.values(before.value(), after.value(), &Pointer::root(), place);
    compared.changes
}

struct Compared {
    changes: Vec<FieldChange>,
    /// The value stands in the schema of what is sent: there, looser and tighter have a meaning.
    is_input: bool,
}

impl Compared {
    fn values(&mut self, before: &Value, after: &Value, pointer: &Pointer, place: Place) {
        match (before, after) {
            (before, after) if before == after => {}
            (Value::Object(before), Value::Object(after)) => {
                self.objects(before, after, pointer, place);
            }
            (Value::Array(before), Value::Array(after)) if !array::is_set(pointer) => {
                self.arrays(before, after, pointer, place);
            }
            _ => self.changed(Some(before), Some(after), pointer, place),
        }
    }

    fn objects(
        &mut self,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        pointer: &Pointer,
        place: Place,
    ) {
        for (key, old) in before {
            let inner = pointer.key(key);
            let place = place.step(key, old);
            match after.get(key) {
                Some(new) => {
                    let was_input = self.is_input;
                    self.is_input |= key == "inputSchema";
                    self.values(old, new, &inner, place);
                    self.is_input = was_input;
                }
                None => self.changed(Some(old), None, &inner, place),
            }
        }
        for (key, new) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.changed(None, Some(new), &pointer.key(key), place.step(key, new));
        }
    }

    fn arrays(&mut self, before: &[Value], after: &[Value], pointer: &Pointer, place: Place) {
        for index in 0..before.len().max(after.len()) {
            let inner = pointer.index(index);
            match (before.get(index), after.get(index)) {
                (Some(old), Some(new)) => self.values(old, new, &inner, place),
                (old, new) => self.changed(old, new, &inner, place),
            }
        }
    }

    fn changed(
        &mut self,
        before: Option<&Value>,
        after: Option<&Value>,
        pointer: &Pointer,
        place: Place,
    ) {
        let meaning = sentence::meaning(before, after, pointer, place);
        let meaning = meaning.map(|meaning| Meaning {
            turn: if self.is_input || pointer.as_str().starts_with("/inputSchema") {
                meaning.turn
            } else {
                Turn::Other
            },
            ..meaning
        });
        let grade = grade(before, after, pointer, place);
        let change = FieldChange {
            pointer: pointer.clone(),
            grade,
            meaning,
            before: before.map(shown),
            after: after.map(shown),
        };
        if self.changes.len() < CHANGES_MAX {
            self.changes.push(change);
            return;
        }
        // The grade of what is left out is not lost.
        if let Some(last) = self.changes.last_mut() {
            last.grade = last.grade.max(grade);
        }
    }
}

fn grade(before: Option<&Value>, after: Option<&Value>, pointer: &Pointer, place: Place) -> Grade {
    let hidden_in = |value: Option<&Value>| value.map_or(0, |value| hidden::count(&shown(value)));
    if after.is_some_and(|after| !after.is_string()) && hidden_in(after) > hidden_in(before) {
        return Grade::Hidden;
    }
    if let (Some(Value::String(before)), Some(Value::String(after))) = (before, after) {
        let graded = text::grade(before, after);
        return match place.role() {
            Role::Title | Role::Description | Role::ParameterDescription => graded,
            Role::Other if is_ornament(pointer) => graded,
            _ if graded == Grade::Hidden => graded,
            _ => Grade::Behaviour,
        };
    }
    if let Some(after) = after.and_then(Value::as_str)
        && hidden::count(after) > 0
    {
        return Grade::Hidden;
    }
    if let (Some(Value::Array(before)), Some(Value::Array(after))) = (before, after)
        && array::is_same_set(before, after)
    {
        return Grade::Cosmetic;
    }
    match place.role() {
        Role::Title | Role::Description | Role::ParameterDescription => Grade::Wording,
        _ if is_ornament(pointer) => Grade::Wording,
        _ => Grade::Behaviour,
    }
}

/// Returns whether a field is there for programs that show the item, not for what it does.
fn is_ornament(pointer: &Pointer) -> bool {
    let first = pointer.steps().next();
    matches!(first.as_deref(), Some("_meta" | "icons")) || pointer.as_str() == "/annotations/title"
}

/// Writes a value as text: a string as it is, anything else as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
