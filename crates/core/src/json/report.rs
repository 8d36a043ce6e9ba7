use countersign_store::ListSource;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ClientView, ConfigView, EntryView, FORMAT, FindingView, ProcessView, ServerView, Summary,
    client, config, entry, finding, server, summary,
};
use crate::{Inventory, Setup, lists::ListState, setup};

/// One scan, as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Report {
    /// The version of this form.
    pub format: u32,
    /// What made the report.
    pub product: Product,
    /// When, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub made_at_s: i64,
    /// The system that was looked at: `linux`, `macos`, `windows`.
    pub os: String,
    /// The home that was looked at.
    pub home: String,
    /// How long the scan took, in milliseconds.
    pub took_ms: u32,
    /// The one sentence, and what it counts.
    pub summary: Summary,
    /// Servers, those that need the user first.
    pub servers: Vec<ServerView>,
    /// Entries, by config and place. Left out for the window, which asks for those of one server.
    pub entries: Vec<EntryView>,
    /// Clients that were found.
    pub clients: Vec<ClientView>,
    /// Config files that are there.
    pub configs: Vec<ConfigView>,
    /// Findings, worst first.
    pub findings: Vec<FindingView>,
    /// The team's lists and how they are.
    pub lists: Vec<ListView>,
    /// Running processes that look like servers and belong to no entry.
    pub unexplained: Vec<ProcessView>,
    /// Projects that were looked at.
    pub projects: Vec<String>,
    /// Places that were looked at, whether or not anything was there.
    pub places_looked_at: u32,
    /// What was not looked at or did not go as it should, in words.
    pub notes: Vec<String>,
    /// Whether everything that should have been looked at was.
    pub is_complete: bool,
}

/// What made the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Product {
    /// `countersign`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// One of the team's lists.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ListView {
    /// Where it comes from, as it may be shown.
    pub source: String,
    /// `file`, `folder` or `url`.
    pub kind: String,
    /// The list's own name, where it could be read.
    pub name: Option<String>,
    /// Whether its signature was verified.
    pub is_signed: bool,
    /// Servers that it approves.
    pub approvals: u32,
    /// Servers that it refuses.
    pub denials: u32,
    /// What is wrong with it, or with its last refresh.
    pub problem: Option<String>,
    /// What is worth mending in it.
    pub advice: Vec<String>,
    /// When the copy in use was received, in seconds since 1970 (UTC); for addresses only.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub fetched_at_s: Option<i64>,
}

/// Makes the report of a scan.
pub fn report(setup: &Setup, inventory: &Inventory) -> Report {
    let findings = finding::views(setup, inventory);
    let entries = entry::views(setup, inventory, &findings);
    let servers = server::views(setup, inventory, &findings);
    let clients = client::views(setup, inventory, &servers);
    let configs = config::views(setup, inventory);
    let mut notes = inventory.notes.clone();
    notes.extend(inventory.running_state.words().map(str::to_owned));
    notes.extend(inventory.unreadable_places.iter().map(|place| {
        format!(
            "{} keeps servers where no file shows them: {}",
            inventory.client_name(&place.client),
            place.kept
        )
    }));
    let has_unread = configs.iter().any(|config| config.failure.is_some());
    Report {
        format: FORMAT,
        product: Product {
            name: "countersign".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        made_at_s: setup::now_s(),
        os: setup.machine.os.name().to_owned(),
        home: setup.machine.home.clone(),
        took_ms: count(usize::try_from(inventory.took.as_millis()).unwrap_or(usize::MAX)),
        summary: summary::summary(inventory, &servers, &clients),
        servers,
        entries,
        clients,
        findings,
        lists: inventory.lists.iter().map(list).collect(),
        unexplained: inventory
            .unexplained
            .iter()
            .map(|running| ProcessView::of(&running.process, inventory))
            .collect(),
        projects: inventory
            .projects
            .iter()
            .map(|project| setup.shorten(project))
            .collect(),
        places_looked_at: count(inventory.places_looked_at),
        is_complete: !inventory.is_partial && !has_unread,
        notes,
        configs,
    }
}

fn list(state: &ListState) -> ListView {
    let list = state.list.as_ref();
    ListView {
        source: state.shown.clone(),
        kind: kind(&state.source).to_owned(),
        name: list.map(|team| team.list.name.clone()),
        is_signed: list.is_some_and(|team| team.is_signed),
        approvals: count(list.map_or(0, |team| team.list.approvals.len())),
        denials: count(list.map_or(0, |team| team.list.denials.len())),
        problem: state.problem.clone(),
        advice: state.advice.clone(),
        fetched_at_s: state.fetched_at_s,
    }
}

/// Returns the word for a kind of source.
pub(super) fn kind(source: &ListSource) -> &'static str {
    match source {
        ListSource::File(_) => "file",
        ListSource::Folder(_) => "folder",
        ListSource::Url(_) => "url",
    }
}

/// Counts, up to what is shown.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
