use schemars::JsonSchema;
use serde::Serialize;

use super::{ServerView, report::count};
use crate::{Inventory, Setup};

/// Returns every place that is looked at for clients on this machine, in the catalog's order.
pub fn places(setup: &Setup) -> Vec<PlaceView> {
    let catalog = crate::scan::catalog(setup, &mut Vec::new());
    let mut places = Vec::new();
    for location in catalog.locations() {
        let patterns = countersign_clients::locate::location(&setup.machine, location).patterns;
        let paths = patterns
            .iter()
            .map(|pattern| setup.shorten(pattern.as_str().as_ref()));
        places.extend(paths.chain(location.kept.clone()).map(|path| PlaceView {
            client: catalog.client_name(&location.client).to_owned(),
            scope: location.scope.name().to_owned(),
            path,
            confidence: location.confidence.name().to_owned(),
        }));
    }
    places
}

/// A client that was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ClientView {
    /// Id, such as `claude-code`.
    pub id: String,
    /// Name, as its vendor writes it.
    pub name: String,
    /// Two letters that stand for it.
    pub tile: String,
    /// Kind, such as `cli`, `editor`, `desktop-app`.
    pub kind: String,
    /// `active`, or what became of the product.
    pub status: String,
    /// Whether the client itself was found, or only files that it would read.
    pub is_present: bool,
    /// What showed that it is here.
    pub shown_by: Option<String>,
    /// Ids of its files.
    pub configs: Vec<String>,
    /// Its servers.
    pub servers: u32,
}

/// A place that is looked at for a client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct PlaceView {
    /// The client's name.
    pub client: String,
    /// The scope.
    pub scope: String,
    /// The path on this machine, with `~` for the home and `{PROJECT}` for each project; or where else
    /// the client keeps servers.
    pub path: String,
    /// How sure the catalog is: `verified`, `documented`, `catalog`, `unverified`, `user-defined`.
    pub confidence: String,
}

pub(super) fn views(
    setup: &Setup,
    inventory: &Inventory,
    servers: &[ServerView],
) -> Vec<ClientView> {
    inventory
        .clients
        .iter()
        .filter(|client| client.is_present || !client.configs.is_empty())
        .map(|client| ClientView {
            id: client.id.to_string(),
            name: client.name.clone(),
            tile: client.tile.clone(),
            kind: client.kind.clone(),
            status: client.status.clone(),
            is_present: client.is_present,
            shown_by: client.shown_by.as_ref().map(|path| setup.shorten(path)),
            configs: client.configs.iter().map(ToString::to_string).collect(),
            servers: count(
                servers
                    .iter()
                    .filter(|row| row.clients.iter().any(|id| id == client.id.as_str()))
                    .count(),
            ),
        })
        .collect()
}
