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
    let start = match item.kind() {
        ItemKind::Instructions => Where::Instructions,
        _ => Where::Item(item.kind()),
    };
    walk(item.value(), &Pointer::root(), start, &mut found);
    found
}

/// Where in an item a value stands.
#[derive(Clone, Copy)]
enum Where {
    Instructions,
    /// The item itself.
    Item(ItemKind),
    /// A schema.
    Schema,
    /// A map from parameter names to schemas.
    Parameters,
    /// The arguments of a prompt: a list of named parameters.
    Arguments,
    /// Inside a known field: its role.
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

fn walk<'a>(value: &'a Value, pointer: &Pointer, place: Where, found: &mut Vec<Text<'a>>) {
    match value {
        Value::String(text) => found.push(Text {
            pointer: pointer.clone(),
            role: role(place),
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
                    role: key_role(place),
                    text: key,
                });
                walk(value, &pointer, step(place, key, value), found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn role(place: Where) -> Role {
    match place {
        Where::Instructions => Role::Description,
        Where::Schema | Where::Parameters => Role::Schema,
        Where::Item(_) | Where::Arguments => Role::Other,
        Where::Field(role) => role,
    }
}

fn key_role(place: Where) -> Role {
    match place {
        Where::Parameters => Role::ParameterName,
        _ => Role::Key,
    }
}

fn step(place: Where, key: &str, value: &Value) -> Where {
    match place {
        Where::Instructions => Where::Instructions,
        Where::Item(kind) => match key {
            "description" => Where::Field(Role::Description),
            "title" => Where::Field(Role::Title),
            "name" | "uri" | "uriTemplate" => Where::Field(Role::Name),
            "inputSchema" | "outputSchema" => Where::Schema,
            "arguments" if kind == ItemKind::Prompt => Where::Arguments,
            _ => Where::Field(Role::Other),
        },
        Where::Arguments => match key {
            "name" => Where::Field(Role::ParameterName),
            "description" | "title" => Where::Field(Role::ParameterDescription),
            _ => Where::Field(Role::Schema),
        },
        Where::Schema => match key {
            "description" | "title" | "$comment" => Where::Field(Role::ParameterDescription),
            _ if NAMED_SCHEMAS.contains(&key) && value.is_object() => Where::Parameters,
            _ => Where::Schema,
        },
        Where::Parameters => Where::Schema,
        Where::Field(role) => Where::Field(role),
    }
}
