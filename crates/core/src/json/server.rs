use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_model::{
    Config, Digest, Entry, Float, Identity, Pin, RunningProcess, Server, Severity, Signatory,
    Status, Verdict,
};
use countersign_rules::Assessed;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Filter, FindingView, entry::is_in_use};
use crate::Inventory;

/// Chips that one row shows.
const CHIPS_MAX: usize = 3;

/// The rule that finds credentials in plain text.
const CREDENTIAL_RULE: &str = "plaintext-credential";

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

/// How a server is named to the world.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct IdentityView {
    /// `npm`, `pypi`, `image`, `git`, `file`, `module`, `remote`, `built-in`, `inline`, `unknown`.
    pub kind: String,
    /// The name as people write it. Untrusted text.
    pub label: String,
    /// The name by which lists know it: a package URL, a file or web address. `None` where nothing is named.
    pub name: Option<String>,
    /// The version asked for, where there is one.
    pub version: Option<String>,
    /// The SHA-256 of the file, where it is one and was hashed.
    pub sha256: Option<String>,
    /// Why it could not be named, where it could not.
    pub unknown: Option<String>,
}

/// What an entry itself fixes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct PinView {
    /// How far it is fixed.
    pub state: PinState,
    /// In words: "1.4.2, dependencies float".
    pub label: String,
}

/// How far an entry fixes what runs. Only `content` is drawn as a closed lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum PinState {
    /// The content.
    Content,
    /// The version; its dependencies float.
    VersionOnly,
    /// Neither.
    Floating,
    /// What runs is on another machine.
    Remote,
}

/// What is thought of an entry or server, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct TrustView {
    /// The verdict.
    pub status: StatusView,
    /// The seal that is drawn.
    pub seal: SealView,
    /// The seal as one character: `○ ◐ ● ◑ ✕ ?`.
    pub glyph: String,
    /// The deciding reason, as a sentence.
    pub sentence: String,
    /// Every reason: stable code and words.
    pub reasons: Vec<NamedText>,
    /// What was not compared: stable word and words.
    pub not_compared: Vec<NamedText>,
}

/// The verdict on an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum StatusView {
    /// Somebody has refused it.
    Denied,
    /// Approved once, and no longer the same.
    Changed,
    /// Approved once, and the approval has run out.
    Expired,
    /// Approved in one version, while the entry takes whatever comes.
    Floating,
    /// It could not be decided.
    Unknown,
    /// Nobody has looked at it.
    Unreviewed,
    /// Approved, and the same.
    Approved,
}

/// The seal that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum SealView {
    /// An outline: nobody has reviewed it.
    Open,
    /// One stroke: approved by you, or by a list that is not signed.
    One,
    /// Two strokes: countersigned by the team.
    Two,
    /// A broken second stroke: changed since.
    Broken,
    /// Crossed: denied.
    Crossed,
    /// Dotted: could not be checked.
    Dotted,
}

/// A word and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct NamedText {
    /// The word, code or path.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A running process.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ProcessView {
    /// Process id.
    pub pid: u32,
    /// The command line, masked as entries are.
    pub command: String,
    /// When it started, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub started_s: u64,
    /// Resident memory of it and what it started, in bytes.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub memory_bytes: u64,
    /// Share of one core, in per cent.
    pub cpu_percent: Option<f32>,
    /// The client in whose process tree it runs.
    pub client: Option<String>,
    /// Addresses it listens on.
    pub listeners: Vec<String>,
    /// Whether other machines can reach one of them.
    pub is_exposed: bool,
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
    Digest::of(format!("{name}\0{:?}\0{registry}", server.pin).as_bytes()).short()
}

/// Makes the rows, those that need the user first.
pub(super) fn views(inventory: &Inventory, findings: &[FindingView]) -> Vec<ServerView> {
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
        .filter_map(|(id, row)| view(id, row, inventory, &by_entry))
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
        identity: IdentityView::of(&assessed.server.identity),
        pin: PinView::of(&assessed.server.pin),
        transport: first.transport.name().to_owned(),
        trust: TrustView::of(&assessed.verdict),
        chips: chips(&row, &assessed.verdict, &found, &filters),
        action: action(group, &filters, assessed.verdict.status),
        group,
        filters,
        clients: clients(&row),
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
    let is_serious = |finding: &&FindingView| {
        Severity::parse(&finding.severity) >= Some(Severity::High)
            && finding.rule != CREDENTIAL_RULE
    };
    if found.iter().filter(speaks).any(is_serious) {
        filters.push(Filter::Findings);
    }
    let is_credential = |finding: &&FindingView| {
        finding.rule == CREDENTIAL_RULE
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

fn clients(row: &Row<'_>) -> Vec<String> {
    let mut clients = Vec::new();
    for (config, entry, _) in &row.entries {
        for index in &entry.readers {
            let client = config.readers[*index].client.to_string();
            if !clients.contains(&client) {
                clients.push(client);
            }
        }
    }
    clients
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

impl IdentityView {
    pub(super) fn of(identity: &Identity) -> Self {
        let (kind, label, version) = match identity {
            Identity::Package(package) => (
                package.ecosystem.name(),
                package.name.clone(),
                package.version.exact().map(str::to_owned),
            ),
            Identity::Image(image) => ("image", image.short_name(), image.tag.clone()),
            Identity::Source { url, reference } => ("git", url.clone(), reference.clone()),
            Identity::File { .. } => ("file", identity.to_string(), None),
            Identity::Module { .. } => ("module", identity.to_string(), None),
            Identity::Remote { origin, path } => ("remote", format!("{origin}{path}"), None),
            Identity::BuiltIn { name } => ("built-in", name.clone(), None),
            Identity::Inline { .. } => ("inline", identity.to_string(), None),
            Identity::Unknown { seen, .. } => ("unknown", seen.clone(), None),
        };
        Self {
            kind: kind.to_owned(),
            label,
            name: identity.name(),
            version,
            sha256: identity.hash().map(|hash| hash.hex()),
            unknown: match identity {
                Identity::Unknown { why, .. } => Some(why.clone()),
                _ => None,
            },
        }
    }
}

impl PinView {
    pub(super) fn of(pin: &Pin) -> Self {
        let state = match pin {
            Pin::Content(_) => PinState::Content,
            Pin::VersionOnly(_) => PinState::VersionOnly,
            Pin::Floating(_) => PinState::Floating,
            Pin::Remote => PinState::Remote,
        };
        let label = match pin {
            Pin::Floating(Float::Unknown) => "not known".to_owned(),
            other => other.to_string(),
        };
        Self { state, label }
    }
}

impl TrustView {
    pub(super) fn of(verdict: &Verdict) -> Self {
        let sentence = verdict.reasons.first().map_or_else(String::new, |reason| {
            let text = reason.to_string();
            let mut characters = text.chars();
            let first = characters.next().map(char::to_uppercase);
            first
                .into_iter()
                .flatten()
                .chain(characters)
                .chain(['.'])
                .collect()
        });
        Self {
            status: StatusView::of(verdict.status),
            seal: SealView::of(verdict),
            glyph: verdict.seal().to_string(),
            sentence,
            reasons: verdict
                .reasons
                .iter()
                .map(|reason| NamedText {
                    name: reason.code().to_owned(),
                    text: reason.to_string(),
                })
                .collect(),
            not_compared: verdict
                .not_compared
                .iter()
                .map(|left| NamedText {
                    name: left.word().to_owned(),
                    text: not_compared(*left).to_owned(),
                })
                .collect(),
        }
    }
}

fn not_compared(left: countersign_model::NotCompared) -> &'static str {
    use countersign_model::NotCompared;
    match left {
        NotCompared::Tools => "what the server tells the model",
        NotCompared::Artefact => "the file that the registry would deliver",
        NotCompared::Dependencies => "the packages that it depends on",
        NotCompared::RemoteContent => "what runs at the address",
        NotCompared::Reach => "the hosts and paths that it uses",
    }
}

impl StatusView {
    fn of(status: Status) -> Self {
        match status {
            Status::Denied => StatusView::Denied,
            Status::Changed => StatusView::Changed,
            Status::Expired => StatusView::Expired,
            Status::Floating => StatusView::Floating,
            Status::Unknown => StatusView::Unknown,
            Status::Unreviewed => StatusView::Unreviewed,
            Status::Approved => StatusView::Approved,
        }
    }
}

impl SealView {
    fn of(verdict: &Verdict) -> Self {
        match verdict.status {
            Status::Denied => SealView::Crossed,
            Status::Changed | Status::Expired | Status::Floating => SealView::Broken,
            Status::Unknown => SealView::Dotted,
            Status::Unreviewed => SealView::Open,
            Status::Approved => match &verdict.signatory {
                Some(Signatory::Team {
                    is_signed: true, ..
                }) => SealView::Two,
                _ => SealView::One,
            },
        }
    }
}

impl ProcessView {
    pub(super) fn of(process: &RunningProcess, inventory: &Inventory) -> Self {
        Self {
            pid: process.pid,
            command: process.shown.clone(),
            started_s: process.started_s,
            memory_bytes: process.memory_bytes,
            cpu_percent: process.cpu_percent,
            client: process
                .client
                .as_ref()
                .map(|client| inventory.client_name(client).to_owned()),
            listeners: process
                .listeners
                .iter()
                .map(|listener| listener.0.to_string())
                .collect(),
            is_exposed: process
                .listeners
                .iter()
                .any(countersign_model::Listener::is_exposed),
        }
    }
}
