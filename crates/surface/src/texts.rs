use countersign_model::Pointer;
use serde_json::Value;

use crate::{Item, ItemKind};

/// What a text is in its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// By what the item is called or addressed.
    Name,
    /// A name for people.
    Title,
    /// What the item says of itself; the text of instructions.
    Description,
    /// The name of a parameter.
    ParameterName,
    /// What a schema says of a parameter or result.
    ParameterDescription,
    /// Any other value in a schema: defaults, choices, examples, references, patterns.
    Schema,
    /// Any other key: of a field that is known or not.
    Key,
    /// The value of any other field.
    Other,
}

/// One text of an item: a value, or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text<'a> {
    /// Where in the item. For a key, the place of its value.
    pub pointer: Pointer,
    /// What it is.
    pub role: Role,
    /// The text. Hostile.
    pub text: &'a str,
}

/// Returns every text of an item, keys included, in the order of its fields.
pub fn texts(item: &Item) -> Vec<Text<'_>> {
    let mut found = Vec::new();
    let start = Place::of(item.kind());
    walk(item.value(), &Pointer::root(), start, &mut found);
    found
}

fn walk<'a>(value: &'a Value, pointer: &Pointer, place: Place, found: &mut Vec<Text<'a>>) {
    match value {
        Value::String(text) => found.push(Text {
            pointer: pointer.clone(),
            role: place.role(),
            text,
        }),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &pointer.index(index), place, found);
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = pointer.key(key);
                found.push(Text {
                    pointer: pointer.clone(),
                    role: place.key_role(),
                    text: key,
                });
                walk(value, &pointer, place.step(key, value), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Where in an item a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The text of instructions.
    Instructions,
    /// The item itself.
    Item(ItemKind),
    /// A schema.
    Schema,
    /// The schema of a named parameter.
    Parameter,
    /// A map from parameter names to schemas.
    Parameters,
    /// The arguments of a prompt: a list of named parameters.
    Arguments,
    /// Inside a field whose texts have one role.
    Field(Role),
}

/// The maps of JSON Schema whose keys are names of the author's own.
const NAMED_SCHEMAS: [&str; 5] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
];

impl Place {
    /// Returns where an item begins.
    pub(crate) fn of(kind: ItemKind) -> Self {
        match kind {
            ItemKind::Instructions => Place::Instructions,
            _ => Place::Item(kind),
        }
    }

    /// Returns what a string at this place is.
    pub(crate) fn role(self) -> Role {
        match self {
            Place::Instructions => Role::Description,
            Place::Schema | Place::Parameter | Place::Parameters => Role::Schema,
            Place::Item(_) | Place::Arguments => Role::Other,
            Place::Field(role) => role,
        }
    }

    /// Returns whether the value is the schema of a named parameter.
    pub(crate) fn is_parameter(self) -> bool {
        self == Place::Parameter
    }

    fn key_role(self) -> Role {
        match self {
            Place::Parameters => Role::ParameterName,
            _ => Role::Key,
        }
    }

    /// Returns where the value of a member stands.
    pub(crate) fn step(self, key: &str, value: &Value) -> Self {
        match self {
            Place::Instructions => Place::Instructions,
            Place::Item(kind) => match key {
                "description" => Place::Field(Role::Description),
                "title" => Place::Field(Role::Title),
                "name" | "uri" | "uriTemplate" => Place::Field(Role::Name),
                "inputSchema" | "outputSchema" => Place::Schema,
                "arguments" if kind == ItemKind::Prompt => Place::Arguments,
                _ => Place::Field(Role::Other),
            },
            Place::Arguments => match key {
                "name" => Place::Field(Role::ParameterName),
                "description" | "title" => Place::Field(Role::ParameterDescription),
                _ => Place::Field(Role::Schema),
            },
            Place::Schema | Place::Parameter => match key {
                "description" | "title" | "$comment" => Place::Field(Role::ParameterDescription),
                _ if NAMED_SCHEMAS.contains(&key) && value.is_object() => Place::Parameters,
                _ => Place::Schema,
            },
            Place::Parameters => Place::Parameter,
            Place::Field(role) => Place::Field(role),
        }
    }
}
