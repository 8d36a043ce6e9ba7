//! Other entries that the same client has.

use countersign_model::{ClientId, Entry, Scope, Server};

use crate::look::EntryLook;

/// Another entry, and what it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Neighbour<'scan> {
    /// The entry.
    pub(crate) entry: &'scan Entry,
    /// What it starts.
    pub(crate) server: &'scan Server,
}

/// Finds the entries of the same name that a client of this entry has for everything its user does.
pub(crate) fn of_user<'scan>(look: &EntryLook<'scan>) -> Vec<Neighbour<'scan>> {
    let clients: Vec<&ClientId> = look
        .entry
        .readers
        .iter()
        .map(|index| &look.config.readers[*index].client)
        .collect();
    let is_of_user = |scope| matches!(scope, Scope::User | Scope::UserProfile | Scope::Managed);
    look.scene
        .configs
        .iter()
        .filter(|config| {
            config
                .readers
                .iter()
                .any(|reader| is_of_user(reader.scope) && clients.contains(&&reader.client))
        })
        .flat_map(|config| config.entries.iter().map(move |entry| (config, entry)))
        .filter(|(_, entry)| entry.name == look.entry.name && entry.id != look.entry.id)
        .filter(|(config, entry)| {
            entry.readers.iter().any(|index| {
                let reader = &config.readers[*index];
                is_of_user(reader.scope) && clients.contains(&&reader.client)
            })
        })
        .filter_map(|(_, entry)| {
            let server = &look.scene.assessed.get(&entry.id)?.server;
            Some(Neighbour { entry, server })
        })
        .collect()
}
