use std::collections::HashMap;

use countersign_model::{
    Address, Argument, AutoApprove, Command, Config, Digest, Effect, Entry, Identity, Nature,
    Server, Setting, Start,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{FindingView, IdentityView, NamedText, PinView, TrustView};
use crate::{Inventory, Setup};

/// One named server in one config.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct EntryView {
    /// Stable id, by config and place.
    pub id: String,
    /// The name, as written. Untrusted text.
    pub name: String,
    /// The row of servers that it belongs to.
    pub server: String,
    /// The config it stands in.
    pub config: String,
    /// The config's path, with `~` for the home.
    pub file: String,
    /// JSON pointer to the entry in the decoded file.
    pub pointer: String,
    /// Line of the entry, from 1.
    pub line: u32,
    /// Column of the entry in characters, from 1.
    pub column: u32,
    /// Which clients read it, and whether it is in effect for each.
    pub clients: Vec<ClientEffect>,
    /// Whether any client uses it, or will once its user agrees.
    pub is_in_use: bool,
    /// `stdio`, `http`, `sse`, `ws`, `built-in`, `unknown`.
    pub transport: String,
    /// The command, token by token, the program first; empty where nothing is started.
    pub command: Vec<TokenView>,
    /// The address, without what must not be shown.
    pub address: Option<String>,
    /// Variables that the entry sets.
    pub environment: Vec<ValueView>,
    /// Variables that it passes on by name.
    pub environment_names: Vec<String>,
    /// Headers that it sends.
    pub headers: Vec<ValueView>,
    /// The working folder, as written.
    pub working_folder: Option<String>,
    /// Files from which variables are loaded.
    pub environment_files: Vec<String>,
    /// What it starts or reaches.
    pub identity: IdentityView,
    /// What the entry itself fixes.
    pub pin: PinView,
    /// What launches it, such as `npx`.
    pub launcher: Option<String>,
    /// Programs that were taken off to see what runs: `cmd /c`, `env`, `sudo`.
    pub wrappers: Vec<String>,
    /// A program that stands in for a remote server, such as `npm mcp-remote`.
    pub bridge: Option<String>,
    /// Flags, variables and files that change what runs.
    pub modifiers: Vec<NamedText>,
    /// Packages that are brought along.
    pub companions: Vec<String>,
    /// What inside a project would be started instead.
    pub shadows: Vec<NamedText>,
    /// What would start today, read from the launcher's cache.
    pub today: Option<NamedText>,
    /// Calls that are made without asking: `nothing`, `everything`, or the tools' names.
    pub auto_approve: Vec<String>,
    /// Tools that are offered, where the entry narrows them.
    pub tools_allowed: Option<Vec<String>>,
    /// Tools that are left out.
    pub tools_left_out: Vec<String>,
    /// What is wrong with the entry as written.
    pub faults: Vec<String>,
    /// Stands for everything that an approval would be bound to, as it is shown here.
    pub mark: String,
    /// What is thought of it.
    pub trust: TrustView,
    /// What to write in the config so that it can be approved; `None` where it can be, or never can.
    pub pin_as: Option<String>,
    /// Why it cannot be approved as it is.
    pub not_approvable: Option<String>,
    /// Ids of its findings, worst first.
    pub findings: Vec<String>,
    /// Process ids of what runs of it.
    pub running: Vec<u32>,
}

/// Whether an entry is in effect for one client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ClientEffect {
    /// The client's id.
    pub client: String,
    /// The scope that the file has for it.
    pub scope: String,
    /// The project, for project scopes.
    pub project: Option<String>,
    /// `active`, `disabled`, `shadowed`, `waiting`, `blocked`, `refused`.
    pub effect: String,
    /// Why, where it is not active.
    pub reason: Option<String>,
}

/// One token of a command.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct TokenView {
    /// What may be shown: exact, with credentials replaced by `<hidden:LENGTH>`.
    pub text: String,
    /// Whether something in it is hidden.
    pub is_masked: bool,
}

/// A named value, without the value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ValueView {
    /// The name.
    pub name: String,
    /// `literal`, `reference`, `placeholder`, `empty`.
    pub kind: String,
    /// Length of the value in characters.
    pub characters: u32,
    /// The kind of credential that the value looks like, in words.
    pub credential: Option<String>,
}

/// Ids of an entry's row, by entry: filled by the servers' view.
pub(super) fn views(
    setup: &Setup,
    inventory: &Inventory,
    findings: &[FindingView],
) -> Vec<EntryView> {
    let mut by_entry: HashMap<&str, Vec<String>> = HashMap::new();
    for finding in findings {
        if let Some(entry) = &finding.entry {
            by_entry.entry(entry).or_default().push(finding.id.clone());
        }
    }
    inventory
        .entries()
        .filter_map(|(config, entry)| {
            let found = by_entry.remove(entry.id.as_str()).unwrap_or_default();
            view(setup, inventory, config, entry, found)
        })
        .collect()
}

fn view(
    setup: &Setup,
    inventory: &Inventory,
    config: &Config,
    entry: &Entry,
    findings: Vec<String>,
) -> Option<EntryView> {
    let assessed = inventory.assessed.get(&entry.id)?;
    let server = &assessed.server;
    let approvable = crate::decide::approvable(entry, server);
    let (pin_as, not_approvable) = match approvable {
        Ok(()) => (None, None),
        Err(error) => (error.pin_as().map(str::to_owned), Some(error.to_string())),
    };
    Some(EntryView {
        id: entry.id.to_string(),
        name: entry.name.clone(),
        server: super::server::id(entry, server),
        config: config.id.to_string(),
        file: setup.shorten(&config.path),
        pointer: entry.pointer.to_string(),
        line: entry.position.line,
        column: entry.position.column,
        clients: client_effects(setup, config, entry),
        is_in_use: is_in_use(entry),
        transport: entry.transport.name().to_owned(),
        command: command(&entry.start)
            .map_or_else(Vec::new, |command| command.tokens().map(token).collect()),
        address: address(&entry.start).map(|address| address.shown().to_owned()),
        environment: entry.environment.iter().map(value).collect(),
        environment_names: entry.environment_names.clone(),
        headers: headers(entry),
        working_folder: entry.working_folder.clone(),
        environment_files: entry.environment_files.clone(),
        identity: IdentityView::of(&server.identity, &setup.machine.home),
        pin: PinView::of(&server.pin),
        launcher: server.launcher.map(|launcher| launcher.name().to_owned()),
        wrappers: server
            .wrappers
            .iter()
            .map(|wrapper| wrapper.name.clone())
            .collect(),
        bridge: server
            .bridge
            .as_ref()
            .map(|bridge| format!("{}, {}", bridge.identity, bridge.pin)),
        modifiers: modifiers(server),
        companions: server.companions.iter().map(Identity::to_string).collect(),
        shadows: server
            .shadows
            .iter()
            .map(|shadow| named(&shadow.path, &shadow.meaning))
            .collect(),
        today: server
            .today
            .as_ref()
            .map(|cached| named(&cached.version, &cached.path)),
        auto_approve: auto_approve(&entry.auto_approve),
        tools_allowed: entry.tools_allowed.clone(),
        tools_left_out: entry.tools_left_out.clone(),
        faults: entry
            .faults
            .iter()
            .map(|fault| fault.message.clone())
            .collect(),
        mark: mark(entry, server),
        trust: TrustView::of(&assessed.verdict),
        pin_as,
        not_approvable,
        findings,
        running: assessed.running.iter().map(|process| process.pid).collect(),
    })
}

/// Digests everything that an approval of an entry would be bound to, as it may be shown.
pub(crate) fn mark(entry: &Entry, server: &Server) -> String {
    let facts = crate::scan::facts(entry, server, "");
    let command: Vec<&str> = server.command.iter().map(Argument::shown).collect();
    let wrappers: Vec<&str> = server
        .wrappers
        .iter()
        .map(|wrapper| wrapper.name.as_str())
        .collect();
    let content = format!(
        "{:?}",
        (
            &server.identity,
            &server.pin,
            &server.registry,
            command,
            wrappers,
            &server.wrapper_variables,
            facts.environment,
            facts.headers,
        )
    );
    Digest::of(content.as_bytes()).id()
}

fn named(name: &str, text: &str) -> NamedText {
    NamedText {
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

fn modifiers(server: &Server) -> Vec<NamedText> {
    server
        .modifiers
        .iter()
        .map(|modifier| {
            let name = match &modifier.value {
                Some(value) => format!("{} {value}", modifier.source),
                None => modifier.source.clone(),
            };
            named(&name, &modifier.meaning)
        })
        .collect()
}

fn auto_approve(auto_approve: &AutoApprove) -> Vec<String> {
    match auto_approve {
        AutoApprove::Nothing => Vec::new(),
        AutoApprove::Tools(tools) => tools.clone(),
        AutoApprove::Everything => vec!["*".to_owned()],
    }
}

/// Returns whether any client uses the entry, or will once its user agrees.
pub(super) fn is_in_use(entry: &Entry) -> bool {
    entry
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Active | Effect::Waiting(_)))
}

fn client_effects(setup: &Setup, config: &Config, entry: &Entry) -> Vec<ClientEffect> {
    entry
        .readers
        .iter()
        .zip(&entry.effects)
        .map(|(index, effect)| {
            let reader = &config.readers[*index];
            ClientEffect {
                client: reader.client.to_string(),
                scope: reader.scope.name().to_owned(),
                project: reader
                    .project
                    .as_ref()
                    .map(|project| setup.shorten(project)),
                effect: effect.word().to_owned(),
                reason: effect.reason().map(str::to_owned),
            }
        })
        .collect()
}

fn command(start: &Start) -> Option<&Command> {
    match start {
        Start::Command(command) => Some(command),
        Start::Remote(_) | Start::BuiltIn(_) | Start::Missing => None,
    }
}

fn address(start: &Start) -> Option<&Address> {
    match start {
        Start::Remote(address) => Some(address),
        Start::Command(_) | Start::BuiltIn(_) | Start::Missing => None,
    }
}

fn token(argument: &Argument) -> TokenView {
    TokenView {
        text: argument.shown().to_owned(),
        is_masked: argument.is_masked(),
    }
}

fn value(setting: &Setting) -> ValueView {
    ValueView {
        name: setting.name.clone(),
        kind: setting.nature.word().to_owned(),
        characters: super::report::count(setting.value.characters()),
        credential: match &setting.nature {
            Nature::Credential(credential) => Some(credential.label.to_owned()),
            _ => None,
        },
    }
}

/// Returns the headers with values, and those whose value is a variable's.
fn headers(entry: &Entry) -> Vec<ValueView> {
    let by_variable = entry
        .header_variables
        .iter()
        .map(|(header, variable)| ValueView {
            name: format!("{header} (from {variable})"),
            kind: "reference".to_owned(),
            characters: 0,
            credential: None,
        });
    entry.headers.iter().map(value).chain(by_variable).collect()
}
