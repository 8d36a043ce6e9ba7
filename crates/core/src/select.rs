//! Finding the entries that a user names.

use countersign_model::{Config, Entry};
use countersign_rules::Assessed;

use crate::{Inventory, json};

/// An entry, where it stands and what is thought of it.
pub type Selected<'scan> = (&'scan Config, &'scan Entry, &'scan Assessed);

/// Digits of an id that are enough to name it.
const PREFIX_MIN: usize = 4;

/// Why a name names nothing that can be worked on.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// No entry is named so.
    #[error("find an entry named `{0}`")]
    NoEntry(String),
    /// Entries of different servers are named so.
    #[error("choose one of the servers named `{name}`")]
    Several {
        /// The name.
        name: String,
        /// What would name each: id, clients and file.
        choices: Vec<String>,
    },
}

/// Returns the entries named by `text`: an entry's id or its first digits, its name, or
/// `client/name`. All of them belong to one server, so that one decision is about one thing.
///
/// # Errors
/// [`SelectError`].
pub fn entries<'scan>(
    inventory: &'scan Inventory,
    text: &str,
) -> Result<Vec<Selected<'scan>>, SelectError> {
    let all: Vec<Selected<'scan>> = inventory
        .entries()
        .filter_map(|(config, entry)| Some((config, entry, inventory.assessed.get(&entry.id)?)))
        .collect();
    let fitting = |fits: &dyn Fn(&Selected<'scan>) -> bool| -> Vec<Selected<'scan>> {
        all.iter()
            .copied()
            .filter(|selected| fits(selected))
            .collect()
    };
    let mut found = fitting(&|(_, entry, _)| entry.id.as_str() == text);
    if found.is_empty() {
        found = fitting(&|(_, entry, _)| entry.name == text);
    }
    if found.is_empty()
        && let Some((client, name)) = text.split_once('/')
    {
        found = fitting(&|(config, entry, _)| {
            entry.name == name
                && entry
                    .readers
                    .iter()
                    .any(|index| config.readers[*index].client.as_str() == client)
        });
    }
    if found.is_empty() && text.len() >= PREFIX_MIN {
        found = fitting(&|(_, entry, assessed)| {
            entry.id.as_str().starts_with(text)
                || json::row_id(entry, &assessed.server).starts_with(text)
        });
    }
    one_server(inventory, text, found)
}

fn one_server<'scan>(
    inventory: &Inventory,
    text: &str,
    found: Vec<Selected<'scan>>,
) -> Result<Vec<Selected<'scan>>, SelectError> {
    let Some((_, first, assessed)) = found.first() else {
        return Err(SelectError::NoEntry(text.to_owned()));
    };
    let row = json::row_id(first, &assessed.server);
    let is_one = found
        .iter()
        .all(|(_, entry, assessed)| json::row_id(entry, &assessed.server) == row);
    if is_one {
        return Ok(found);
    }
    let choices = found
        .iter()
        .map(|(config, entry, assessed)| {
            let clients: Vec<&str> = entry
                .readers
                .iter()
                .map(|index| inventory.client_name(&config.readers[*index].client))
                .collect();
            format!(
                "{}  {}, {}  ({}, {}:{})",
                entry.id.short(),
                assessed.server.identity,
                assessed.server.pin,
                clients.join(", "),
                config.path.display(),
                entry.position.line
            )
        })
        .collect();
    Err(SelectError::Several {
        name: text.to_owned(),
        choices,
    })
}
