//! What one scan found.

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

use countersign_model::{ClientId, Config, ConfigId, EntryId, Finding, RunningProcess, Scope};
use countersign_rules::{Assessed, OriginNotice, Running};

use crate::lists::ListState;

/// Everything that one scan found and decided.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// Clients that were found, and those whose places were looked at in vain.
    pub clients: Vec<ClientFound>,
    /// Config files that are there.
    pub configs: Vec<Config>,
    /// What each entry starts, and what is thought of it.
    pub assessed: HashMap<EntryId, Assessed>,
    /// Violated rules, worst first.
    pub findings: Vec<Finding>,
    /// The team's lists and how they are.
    pub lists: Vec<ListState>,
    /// Decisions that were not made in the window.
    pub origins: Vec<OriginNotice>,
    /// Running processes that look like servers and belong to no entry.
    pub unexplained: Vec<Running>,
    /// Whether running processes could be looked at.
    pub running_state: RunningState,
    /// Projects that were looked at.
    pub projects: Vec<Arc<PathBuf>>,
    /// Places that were looked at, whether or not anything was there.
    pub places_looked_at: usize,
    /// Places that could be named and hold servers that no file shows.
    pub unreadable_places: Vec<UnreadablePlace>,
    /// What else did not go as it should, in words.
    pub notes: Vec<String>,
    /// Whether something was not looked at; `notes` say what.
    pub is_partial: bool,
    /// How long it took.
    pub took: Duration,
}

/// Whether running processes could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunningState {
    /// They were.
    Looked,
    /// Another home than this user's was scanned, so they say nothing about it.
    NotThisUser,
    /// The caller left them out.
    LeftOut,
    /// The system did not let the list be read.
    Unreadable,
}

impl RunningState {
    /// Returns the state in words; `None` where there is nothing to say.
    pub const fn words(self) -> Option<&'static str> {
        match self {
            RunningState::Looked => None,
            RunningState::NotThisUser => {
                Some("running servers were not looked at: another home was scanned")
            }
            RunningState::LeftOut => Some("running servers were not looked at"),
            RunningState::Unreadable => {
                Some("running servers were not looked at: the system did not show its processes")
            }
        }
    }
}

/// A client of the catalog, as this machine shows it.
#[derive(Clone, Debug)]
pub struct ClientFound {
    /// Id.
    pub id: ClientId,
    /// Name.
    pub name: String,
    /// Two letters that stand for it.
    pub tile: String,
    /// Kind, such as `cli`.
    pub kind: String,
    /// `active`, or what became of it.
    pub status: String,
    /// Whether it was found on this machine.
    pub is_present: bool,
    /// What showed that it is here.
    pub shown_by: Option<PathBuf>,
    /// Its files that are there.
    pub configs: Vec<ConfigId>,
}

/// A place where a client keeps servers that no file shows.
#[derive(Clone, Debug)]
pub struct UnreadablePlace {
    /// The client.
    pub client: ClientId,
    /// The scope.
    pub scope: Scope,
    /// The place in the catalog's words.
    pub kept: String,
}

impl Inventory {
    /// Returns every entry with its config.
    pub fn entries(&self) -> impl Iterator<Item = (&Config, &countersign_model::Entry)> {
        self.configs
            .iter()
            .flat_map(|config| config.entries.iter().map(move |entry| (config, entry)))
    }

    /// Writes the findings as SARIF 2.1.0.
    ///
    /// # Errors
    /// If the log cannot be written as JSON.
    pub fn sarif(&self) -> Result<String, serde_json::Error> {
        countersign_rules::sarif(&self.findings, env!("CARGO_PKG_VERSION"))
    }

    /// Finds a config by its id.
    pub fn config(&self, id: &ConfigId) -> Option<&Config> {
        self.configs.iter().find(|config| config.id == *id)
    }

    /// Returns the running processes of an entry.
    pub fn running(&self, entry: &EntryId) -> &[RunningProcess] {
        self.assessed
            .get(entry)
            .map_or(&[], |assessed| assessed.running.as_slice())
    }

    /// Returns a client's name, or its id.
    pub fn client_name<'a>(&'a self, id: &'a ClientId) -> &'a str {
        self.clients
            .iter()
            .find(|client| client.id == *id)
            .map_or(id.as_str(), |client| client.name.as_str())
    }
}
