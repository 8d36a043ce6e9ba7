use countersign_model::ConfigState;
use schemars::JsonSchema;
use serde::Serialize;

use super::{ClientView, Group, ServerView, report::count};
use crate::Inventory;

/// The one sentence at the top, and what it counts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Summary {
    /// "14 servers in 6 clients."
    pub headline: String,
    /// "3 need you", or that nothing does.
    pub verdict: String,
    /// What needs the user, each a filter.
    pub clauses: Vec<Clause>,
    /// What could not be checked: "2 files could not be read."
    pub unchecked: Option<String>,
    /// Servers.
    pub servers: u32,
    /// Clients with servers.
    pub clients: u32,
    /// Servers that need the user.
    pub need_you: u32,
    /// Servers that somebody approved, and that are the same.
    pub approved: u32,
    /// Servers that nobody has reviewed.
    pub not_reviewed: u32,
    /// Files that could not be read.
    pub unread: u32,
    /// Servers that run now.
    pub running: u32,
}

/// A part of the sentence that filters.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Clause {
    /// "2 keep credentials in plain text".
    pub text: String,
    /// What it filters by.
    pub filter: Filter,
    /// How many servers.
    pub count: u32,
}

/// What servers can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Filter {
    /// Refused and still in use.
    Denied,
    /// Approved once, and no longer the same, or run out.
    Changed,
    /// With a finding of high severity.
    Findings,
    /// With a credential in plain text.
    Credentials,
}

pub(super) fn summary(
    inventory: &Inventory,
    servers: &[ServerView],
    clients: &[ClientView],
) -> Summary {
    let in_group = |group: Group| servers.iter().filter(|row| row.group == group).count();
    let unread = inventory
        .configs
        .iter()
        .filter(|config| matches!(config.state, ConfigState::Failed(_)))
        .count();
    let used = clients.iter().filter(|client| client.servers > 0).count();
    let need_you = in_group(Group::NeedsYou);
    let clauses = clauses(servers);
    let verdict = match (need_you, servers.len()) {
        (0, 0) => String::new(),
        (0, _) if unread > 0 => "Nothing else needs you.".to_owned(),
        (0, _) => "Nothing needs you.".to_owned(),
        (1, _) => "1 needs you:".to_owned(),
        (number, _) => format!("{number} need you:"),
    };
    Summary {
        headline: headline(servers.len(), used),
        verdict,
        clauses,
        unchecked: match unread {
            0 => None,
            1 => Some("1 file could not be read.".to_owned()),
            number => Some(format!("{number} files could not be read.")),
        },
        servers: count(servers.len()),
        clients: count(used),
        need_you: count(need_you),
        approved: count(in_group(Group::Approved)),
        not_reviewed: count(in_group(Group::NotReviewed)),
        unread: count(unread),
        running: count(servers.iter().filter(|row| !row.running.is_empty()).count()),
    }
}

fn headline(servers: usize, clients: usize) -> String {
    let servers = match servers {
        0 => return "No MCP servers found.".to_owned(),
        1 => "1 server".to_owned(),
        number => format!("{number} servers"),
    };
    let clients = match clients {
        1 => "1 client".to_owned(),
        number => format!("{number} clients"),
    };
    format!("{servers} in {clients}.")
}

fn clauses(servers: &[ServerView]) -> Vec<Clause> {
    let counted = |filter: Filter| {
        servers
            .iter()
            .filter(|row| row.group == Group::NeedsYou && row.filters.contains(&filter))
            .count()
    };
    let words = |filter: Filter, number: usize| {
        let plural = number != 1;
        match filter {
            Filter::Denied if plural => "are denied and still in use",
            Filter::Denied => "is denied and still in use",
            Filter::Changed if plural => "are not what was approved",
            Filter::Changed => "is not what was approved",
            Filter::Findings if plural => "have a serious finding",
            Filter::Findings => "has a serious finding",
            Filter::Credentials if plural => "keep credentials in plain text",
            Filter::Credentials => "keeps a credential in plain text",
        }
    };
    [
        Filter::Denied,
        Filter::Changed,
        Filter::Findings,
        Filter::Credentials,
    ]
    .into_iter()
    .filter_map(|filter| {
        let number = counted(filter);
        (number > 0).then(|| Clause {
            text: format!("{number} {}", words(filter, number)),
            filter,
            count: count(number),
        })
    })
    .collect()
}
