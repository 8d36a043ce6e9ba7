//! A minimal document for a row: one server under the row's key.

use countersign_clients::{Container, Format, KeyStep, Location};
use countersign_model::Transport;
use serde_json::{Map, Value, json};

use crate::{render, spelling::Variant, step};

/// The project whose part of a user file holds the server.
pub(super) const PROJECT: &str = "/src/app";

const NAME: &str = "probe";

/// A text, and what must be found in it.
pub(super) struct Expected {
    pub(super) text: String,
    pub(super) name: String,
    pub(super) pointer: String,
    pub(super) project: Option<String>,
    pub(super) transport: Transport,
    pub(super) effect: &'static str,
    /// What may stand where the entry is said to start.
    pub(super) starts: Vec<String>,
}

/// Returns the ways to the servers that a file of the row may use.
pub(super) fn ways(location: &Location) -> impl Iterator<Item = &Vec<KeyStep>> {
    location.key.iter().chain(&location.alternatives)
}

pub(super) fn of(location: &Location, way: &[KeyStep], variant: &Variant) -> Expected {
    let mut members = variant.members.clone();
    let base: String = way.iter().map(|key| format!("/{}", step(key))).collect();
    let (container, name, pointer) = match location.container {
        Container::Map => (json!({ NAME: members }), NAME, format!("{base}/{NAME}")),
        Container::Array => {
            let mut named = Map::from_iter([("name".to_owned(), json!(NAME))]);
            named.append(&mut members);
            (json!([named]), NAME, format!("{base}/0"))
        }
        Container::Single => (Value::Object(members), location.client.as_str(), base),
    };
    let root = way.iter().rev().fold(container, |inner, key| match key {
        KeyStep::Key(key) => json!({ key: inner }),
        KeyStep::AnyKey => json!({ PROJECT: inner }),
        KeyStep::EachElement => json!([inner]),
    });
    let is_local = way.contains(&KeyStep::AnyKey);
    Expected {
        text: render::text(&root, location.format),
        starts: starts(location, way),
        name: name.to_owned(),
        pointer,
        project: (is_local && location.scope == countersign_model::Scope::Local)
            .then(|| PROJECT.to_owned()),
        // OpenHands sorts addresses by the lists they stand in.
        transport: match way.last() {
            Some(KeyStep::Key(key)) if key == "sse_servers" && variant.effect == "active" => {
                variant.in_sse_list()
            }
            _ => variant.transport,
        },
        effect: variant.effect,
    }
}

fn starts(location: &Location, way: &[KeyStep]) -> Vec<String> {
    let key = |name: &str| vec![name.to_owned(), format!("\"{name}\""), format!("'{name}'")];
    match location.container {
        Container::Map => key(NAME),
        Container::Array if location.format == Format::Toml => vec!["[[".to_owned()],
        Container::Array => vec!["{".to_owned(), "name".to_owned()],
        Container::Single => match way.last() {
            Some(KeyStep::Key(last)) => key(last),
            // The document itself: it starts with its first member.
            _ => vec![String::new()],
        },
    }
}
