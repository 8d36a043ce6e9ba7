use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_model::{ClientId, Config, Digest, Entry, Server, Severity, Status, Verdict};
use countersign_rules::{Assessed, Group as RuleGroup};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Filter, FindingView, IdentityView, PinView, ProcessView, TrustView, entry::is_in_use};
use crate::{Inventory, Setup};

/// Chips that one row shows.
const CHIPS_MAX: usize = 3;

/// One row: what several entries share.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ServerView {
    /// Stable id, by identity and pin.
    pub id: String,
    /// The name that most entries give it. Untrusted text.
    pub name: String,
    /// Other names that entries give it.
    pub other_names: Vec<String>,
    /// What it is.
    pub identity: IdentityView,
    /// What its entries fix.
    pub pin: PinView,
    /// `stdio`, `http`, `sse`, `ws`, `built-in`, `unknown`.
    pub transport: String,
    /// What is thought of it: of its entries in use, the one that is trusted least.
    pub trust: TrustView,
    /// Where it stands in the list.
    pub group: Group,
    /// What it can be filtered by.
    pub filters: Vec<Filter>,
    /// What is to be said about it, most telling first, three at most.
    pub chips: Vec<Chip>,
    /// The one act that settles it.
    pub action: Option<Action>,
    /// Ids of the clients that read its entries.
    pub clients: Vec<String>,
    /// Ids of its entries; the first stands for it.
    pub entries: Vec<String>,
    /// Ids of its findings, worst first.
    pub findings: Vec<String>,
    /// The worst severity of its findings that are not kept quiet.
    pub severity: Option<String>,
    /// What runs of it now.
    pub running: Vec<ProcessView>,
}

/// Where a row stands in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Something is to be done.
    NeedsYou,
    /// Nobody has looked at it.
    NotReviewed,
    /// Approved, and the same.
    Approved,
    /// No client uses it.
    NotInEffect,
}

/// A few words about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Chip {
    /// The words.
    pub text: String,
    /// How they are meant.
    pub tone: Tone,
}

/// How words are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// As it should be.
    Good,
    /// No longer what it was.
    Changed,
    /// To be mended.
    Bad,
    /// Not known, or neither good nor bad.
    Plain,
}

/// The one act that settles a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Look at it and decide.
    Review,
    /// Look at what changed and decide.
    ReviewChange,
    /// Mend what the config says.
    OpenFile,
}

/// One row's parts, before it is shown.
struct Row<'scan> {
    entries: Vec<(&'scan Config, &'scan Entry, &'scan Assessed)>,
}

/// Returns the id of the row that an entry belongs to: what it is and how far it is fixed. What names
/// nothing is a row of its own.
pub(crate) fn id(entry: &Entry, server: &Server) -> String {
    let name = server
        .identity
        .name()
        .unwrap_or_else(|| format!("entry:{}", entry.id));
    let registry = server.registry.as_deref().unwrap_or_default();
    Digest::of(format!("{name}\0{:?}\0{registry}", server.pin).as_bytes()).id()
}

/// Makes the rows, those that need the user first.
pub(super) fn views(
    setup: &Setup,
    inventory: &Inventory,
    findings: &[FindingView],
) -> Vec<ServerView> {
    let home = &setup.machine.home;
    let mut rows: BTreeMap<String, Row<'_>> = BTreeMap::new();
    for (config, entry) in inventory.entries() {
        if let Some(assessed) = inventory.assessed.get(&entry.id) {
            rows.entry(id(entry, &assessed.server))
                .or_insert_with(|| Row {
                    entries: Vec::new(),
                })
                .entries
                .push((config, entry, assessed));
        }
    }
    let mut by_entry: HashMap<&str, Vec<&FindingView>> = HashMap::new();
    for finding in findings {
        if let Some(entry) = &finding.entry {
            by_entry.entry(entry).or_default().push(finding);
        }
    }
    let mut views: Vec<ServerView> = rows
        .into_iter()
        .filter_map(|(id, row)| view(id, row, inventory, &by_entry, home))
        .collect();
    views.sort_by(|left, right| {
        (left.group, rank(left), &left.name, &left.id).cmp(&(
            right.group,
            rank(right),
            &right.name,
            &right.id,
        ))
    });
    views
}

/// Orders rows of one group: by what they can be filtered by, then worst finding first.
fn rank(view: &ServerView) -> (usize, usize) {
    let filter = view.filters.first().map_or(9, |filter| *filter as usize);
    let severity = view
        .severity
        .as_deref()
        .and_then(Severity::parse)
        .map_or(9, |severity| 5 - severity as usize);
    (filter, severity)
}

fn view(
    id: String,
    mut row: Row<'_>,
    inventory: &Inventory,
    by_entry: &HashMap<&str, Vec<&FindingView>>,
    home: &str,
) -> Option<ServerView> {
    // Entries in use stand for the row, those trusted least first.
    row.entries.sort_by_key(|(_, entry, assessed)| {
        (!is_in_use(entry), assessed.verdict.status, entry.id.clone())
    });
    let (_, first, assessed) = *row.entries.first()?;
    let is_used = is_in_use(first);
    let found: Vec<&FindingView> = row
        .entries
        .iter()
        .flat_map(|(_, entry, _)| by_entry.get(entry.id.as_str()).into_iter().flatten())
        .copied()
        .collect();
    let in_use: BTreeSet<&str> = row
        .entries
        .iter()
        .filter(|(_, entry, _)| is_in_use(entry))
        .map(|(_, entry, _)| entry.id.as_str())
        .collect();
    let filters = if is_used {
        filters(assessed.verdict.status, &found, &in_use)
    } else {
        Vec::new()
    };
    let group = group(is_used, &filters, assessed.verdict.status);
    let (name, other_names) = names(&row);
    Some(ServerView {
        id,
        name,
        other_names,
        identity: IdentityView::of(&assessed.server.identity, home),
        pin: PinView::of(&assessed.server.pin),
        transport: first.transport.name().to_owned(),
        trust: TrustView::of(&assessed.verdict),
        chips: chips(&row, &assessed.verdict, &found, &filters),
        action: action(group, &filters, assessed.verdict.status),
        group,
        filters,
        clients: clients(&row, inventory),
        entries: row
            .entries
            .iter()
            .map(|(_, entry, _)| entry.id.to_string())
            .collect(),
        findings: found.iter().map(|finding| finding.id.clone()).collect(),
        severity: found
            .iter()
            .filter(|finding| finding.suppressed.is_none())
            .filter_map(|finding| Severity::parse(&finding.severity))
            .max()
            .map(|severity| severity.name().to_owned()),
        running: running(&row, inventory),
    })
}

fn filters(status: Status, found: &[&FindingView], in_use: &BTreeSet<&str>) -> Vec<Filter> {
    let speaks = |finding: &&&FindingView| {
        finding.suppressed.is_none()
            && finding
                .entry
                .as_deref()
                .is_some_and(|entry| in_use.contains(entry))
    };
    let mut filters = Vec::new();
    if status == Status::Denied {
        filters.push(Filter::Denied);
    }
    if status.has_departed() {
        filters.push(Filter::Changed);
    }
    let is_about_credentials =
        |finding: &FindingView| finding.group == RuleGroup::Credentials.name();
    let is_serious = |finding: &&FindingView| {
        Severity::parse(&finding.severity) >= Some(Severity::High) && !is_about_credentials(finding)
    };
    if found.iter().filter(speaks).any(is_serious) {
        filters.push(Filter::Findings);
    }
    let is_credential = |finding: &&FindingView| {
        is_about_credentials(finding)
            && Severity::parse(&finding.severity) >= Some(Severity::Medium)
    };
    if found.iter().filter(speaks).any(is_credential) {
        filters.push(Filter::Credentials);
    }
    filters
}

fn group(is_used: bool, filters: &[Filter], status: Status) -> Group {
    if !is_used {
        Group::NotInEffect
    } else if !filters.is_empty() {
        Group::NeedsYou
    } else if status == Status::Approved {
        Group::Approved
    } else {
        Group::NotReviewed
    }
}

fn action(group: Group, filters: &[Filter], status: Status) -> Option<Action> {
    match group {
        Group::NeedsYou => Some(if filters.contains(&Filter::Denied) {
            Action::OpenFile
        } else if filters.contains(&Filter::Changed) {
            Action::ReviewChange
        } else if status == Status::Approved {
            Action::OpenFile
        } else {
            Action::Review
        }),
        Group::NotReviewed => Some(Action::Review),
        Group::Approved | Group::NotInEffect => None,
    }
}

/// Returns the name that most entries give, and the others.
fn names(row: &Row<'_>) -> (String, Vec<String>) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, entry, _) in &row.entries {
        *counted.entry(&entry.name).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counted.into_iter().collect();
    names.sort_by(|(left, left_count), (right, right_count)| {
        (right_count, left).cmp(&(left_count, right))
    });
    let mut names = names.into_iter().map(|(name, _)| name.to_owned());
    let first = names.next().unwrap_or_default();
    (first, names.collect())
}

/// Returns the clients that read a row's entries, in the catalog's order.
fn clients(row: &Row<'_>, inventory: &Inventory) -> Vec<String> {
    let readers: BTreeSet<&ClientId> = row
        .entries
        .iter()
        .flat_map(|(config, entry, _)| {
            let readers = entry.readers.iter();
            readers.map(|index| &config.readers[*index].client)
        })
        .collect();
    inventory
        .clients
        .iter()
        .filter(|client| readers.contains(&client.id))
        .map(|client| client.id.to_string())
        .collect()
}

fn running(row: &Row<'_>, inventory: &Inventory) -> Vec<ProcessView> {
    let mut seen = BTreeSet::new();
    row.entries
        .iter()
        .flat_map(|(_, _, assessed)| &assessed.running)
        .filter(|process| seen.insert(process.pid))
        .map(|process| ProcessView::of(process, inventory))
        .collect()
}

fn chips(
    row: &Row<'_>,
    verdict: &Verdict,
    found: &[&FindingView],
    filters: &[Filter],
) -> Vec<Chip> {
    let chip = |text: &str, tone| Chip {
        text: text.to_owned(),
        tone,
    };
    let mut chips = Vec::new();
    match verdict.status {
        Status::Denied => chips.push(chip("denied", Tone::Bad)),
        Status::Changed => chips.push(chip("changed since it was approved", Tone::Changed)),
        Status::Expired => chips.push(chip("approval ended", Tone::Changed)),
        Status::Floating => chips.push(chip("floats past the approved version", Tone::Changed)),
        Status::Unknown | Status::Unreviewed | Status::Approved => {}
    }
    let mut serious: Vec<&&FindingView> = found
        .iter()
        .filter(|finding| finding.suppressed.is_none())
        .filter(|finding| Severity::parse(&finding.severity) >= Some(Severity::Medium))
        .collect();
    serious.sort_by_key(|finding| std::cmp::Reverse(Severity::parse(&finding.severity)));
    let mut titles = Vec::new();
    for finding in serious {
        if !titles.contains(&finding.title.as_str()) {
            titles.push(finding.title.as_str());
        }
    }
    let tone = if filters.is_empty() {
        Tone::Plain
    } else {
        Tone::Bad
    };
    chips.extend(
        titles
            .into_iter()
            .map(|title| chip(&lower_first(title), tone)),
    );
    let effect = row.entries.first().and_then(|(_, entry, _)| {
        let not_used = !is_in_use(entry);
        entry.effects.first().filter(|_| not_used)
    });
    if let Some(effect) = effect {
        chips.insert(0, chip(effect.word(), Tone::Plain));
    }
    chips.truncate(CHIPS_MAX);
    chips
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        // Names such as "VS Code" or "CORS" keep their capitals.
        Some(first) if !text.chars().nth(1).is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}
