//! Which clients are on this machine.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use countersign_clients::{Catalog, Location, Pattern, files};
use countersign_model::{ClientId, Config, Scope, WritePolicy};

use crate::{inventory::ClientFound, setup::Setup};

/// Clients that are here, with what showed it.
pub(super) type Present = HashMap<ClientId, PathBuf>;

/// Looks for the files and folders by which each client is known.
pub(super) fn markers(setup: &Setup, catalog: &Catalog, only_given: bool) -> Present {
    let mut present = Present::new();
    if only_given {
        return present;
    }
    for client in &catalog.clients {
        let found = client
            .presence
            .iter()
            .filter(|marker| marker.os.is_none_or(|os| os == setup.machine.os))
            .filter_map(|marker| setup.machine.expand(&marker.path))
            .flat_map(|path| files::expand(&Pattern::new(&path)).paths)
            .find(|path| files::is_there(path));
        if let Some(path) = found {
            present.insert(client.id.clone(), path);
        }
    }
    present
}

/// Returns whether a file at this location shows that its client is used here: its own user file, or
/// a project file that no other client reads.
pub(super) fn shows_client(location: &Location, shared: &HashSet<&str>) -> bool {
    if location.write == WritePolicy::SeeOwner {
        return false;
    }
    let is_shared = location
        .path
        .as_deref()
        .is_some_and(|path| shared.contains(path));
    match location.scope {
        Scope::User
        | Scope::UserProfile
        | Scope::Local
        | Scope::Managed
        | Scope::Plugin
        | Scope::State => !is_shared,
        Scope::Project | Scope::ProjectLocal => !is_shared && !location.is_gated,
        Scope::Remote | Scope::Server => false,
    }
}

/// Returns the path templates that several clients read.
pub(super) fn shared_templates(catalog: &Catalog) -> HashSet<&str> {
    let mut readers: HashMap<&str, HashSet<&ClientId>> = HashMap::new();
    for location in catalog.locations() {
        if let Some(path) = &location.path {
            readers.entry(path).or_default().insert(&location.client);
        }
    }
    readers
        .into_iter()
        .filter(|(_, clients)| clients.len() > 1)
        .map(|(path, _)| path)
        .collect()
}

/// Returns a name without what its vendor adds in parentheses.
fn short_name(name: &str) -> &str {
    name.split(" (").next().unwrap_or(name)
}

/// Returns every client of the catalog, with what was found of it.
pub(super) fn clients(
    catalog: &Catalog,
    present: &Present,
    configs: &[Config],
) -> Vec<ClientFound> {
    catalog
        .clients
        .iter()
        .map(|client| ClientFound {
            id: client.id.clone(),
            name: short_name(&client.name).to_owned(),
            tile: client.tile.clone(),
            kind: client.kind.clone(),
            status: client.status.clone(),
            is_present: present.contains_key(&client.id),
            shown_by: present.get(&client.id).cloned(),
            configs: configs
                .iter()
                .filter(|config| {
                    config
                        .readers
                        .iter()
                        .any(|reader| reader.client == client.id)
                })
                .map(|config| config.id.clone())
                .collect(),
        })
        .collect()
}
