//! The catalog file: clients, their config locations, their dialects.

use std::collections::BTreeMap;

use countersign_model::{ClientId, FileRole, LocationConfidence, Os, Scope, WritePolicy};
use serde::Deserialize;

use crate::{
    dialect::{Dialect, DialectRow},
    locate::Pattern,
};

mod rows;

use rows::{CatalogFile, ClientRow};

/// The data that ships with the product.
static BUILT_IN: &str = include_str!("../catalog.json");

/// Everything that is known of clients.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The clients, in the catalog's order: owners of a shared file before those who borrow it.
    pub clients: Vec<Client>,
    dialects: BTreeMap<String, Dialect>,
    fallback: Dialect,
    anywhere: [Location; 3],
}

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Id, such as `claude-code`.
    pub id: ClientId,
    /// Name, as its vendor writes it.
    pub name: String,
    /// Vendor.
    pub vendor: String,
    /// Kind, such as `cli`, `editor`, `desktop-app`.
    pub kind: String,
    /// `active`, or what became of it.
    pub status: String,
    /// Two letters that stand for the client where a name does not fit.
    pub tile: String,
    /// Scopes from strongest to weakest, where the client documents that one name hides another.
    pub precedence: Vec<Scope>,
    /// Names of the client's own processes, where they are known.
    pub processes: Vec<String>,
    /// Files and folders that show that the client was used on this machine.
    pub presence: Vec<Marker>,
    /// Where the client lists projects it was used in.
    pub projects: Vec<ProjectSource>,
    /// Files in which servers are switched off, kept out or approved by name.
    pub switches: Vec<SwitchRow>,
    /// The locations, best known first.
    pub locations: Vec<Location>,
}

/// A file or folder that shows that a client is there.
#[derive(Clone, Debug)]
pub struct Marker {
    /// The system; `None` for all.
    pub os: Option<Os>,
    /// Path template, which may hold `*`.
    pub path: String,
}

/// How a location's text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Strict JSON.
    Json,
    /// JSON with comments and trailing commas.
    Jsonc,
    /// JSON5.
    Json5,
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// Markdown with YAML front matter.
    Markdown,
    /// A SQLite database.
    Sqlite,
    /// Something that is not read.
    Other,
}

/// What the value under the servers' key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Container {
    /// Names and entries.
    Map,
    /// Entries that hold their name.
    Array,
    /// One entry.
    Single,
}

/// A step on the way to the servers' container.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyStep {
    /// A member.
    Key(String),
    /// Every member; its key is a project's path where the scope is local.
    AnyKey,
    /// Every element of a list.
    EachElement,
}

/// A path that holds instead of the ordinary one when a variable is set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The environment variable.
    pub variable: String,
    /// The path template that holds then.
    pub path: String,
}

/// A path that holds instead when another file's setting says so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingOverride {
    /// The file with the setting, as a template.
    pub file: String,
    /// Its format.
    pub format: Format,
    /// Keys to the setting.
    pub key: Vec<String>,
    /// The path template, with the setting's value as `{SETTING}`.
    pub path: String,
}

/// One place where a client keeps, or may keep, servers.
#[derive(Clone, Debug)]
pub struct Location {
    /// The client.
    pub client: ClientId,
    /// The system; `None` for all.
    pub os: Option<Os>,
    /// The scope of what stands there.
    pub scope: Scope,
    /// Path template; `None` where the place is no file that could be named.
    pub path: Option<String>,
    /// What the catalog says of a place that is no file.
    pub kept: Option<String>,
    /// How the text is written.
    pub format: Format,
    /// What the file is for.
    pub role: FileRole,
    /// The way to the servers' container; `None` where the file holds no servers.
    pub key: Option<Vec<KeyStep>>,
    /// Further containers. An empty way is the document itself, used if no other container is there.
    pub alternatives: Vec<Vec<KeyStep>>,
    /// What the container is.
    pub container: Container,
    /// The dialect of its entries.
    pub dialect: String,
    /// What may be done to the file.
    pub write: WritePolicy,
    /// How sure the catalog is.
    pub confidence: LocationConfidence,
    /// The file counts only if it holds the key: its name is used by others too.
    pub is_gated: bool,
    /// The file counts only if it holds this text.
    pub mentions: Option<String>,
    /// An older place that the client leaves once a newer one exists.
    pub is_legacy: bool,
    /// A file that, where it exists, keeps out every other server.
    pub is_exclusive: bool,
    /// Paths that replace the ordinary one; the first whose variable is set holds.
    pub overrides: Vec<Override>,
    /// Paths that hold beside the ordinary one when their variable is set.
    pub also: Vec<Override>,
    /// A setting elsewhere that moves the file.
    pub setting: Option<SettingOverride>,
    /// When the location applies.
    pub when: Option<String>,
    /// What else is to be known.
    pub note: Option<String>,
    /// Where the fact was found.
    pub source: String,
}

/// A file that lists projects.
#[derive(Clone, Debug)]
pub struct ProjectSource {
    /// The system; `None` for all.
    pub os: Option<Os>,
    /// How the file is read.
    pub kind: ProjectSourceKind,
    /// Path template of the file (of the user folder, for VS Code's state).
    pub path: String,
    /// Its format, where it is a document.
    pub format: Option<Format>,
    /// Keys to the list, where it is a document.
    pub key: Vec<String>,
    /// Paths that replace the ordinary one.
    pub overrides: Vec<Override>,
}

/// How a list of projects is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProjectSourceKind {
    /// The keys of a map are paths.
    MapKeys,
    /// One member is a path.
    MemberValue,
    /// VS Code's user folder: `globalStorage/state.vscdb` and `workspaceStorage`.
    VscodeState,
    /// Zed's database.
    ZedDatabase,
    /// `JetBrains`' `recentProjects.xml`.
    JetbrainsXml,
}

/// A file that switches servers off, keeps them out or approves them.
#[derive(Clone, Debug)]
pub struct SwitchRow {
    /// How the file is understood.
    pub kind: SwitchKind,
    /// The system; `None` for all.
    pub os: Option<Os>,
    /// Path template, which may hold `*`.
    pub path: String,
    /// Its format.
    pub format: Format,
    /// Keys to the list.
    pub key: Vec<String>,
    /// Paths that replace the ordinary one.
    pub overrides: Vec<Override>,
}

/// How a file switches servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SwitchKind {
    /// A list of names that are off.
    OffNames,
    /// Where the list is there, names outside it are kept out.
    OnlyNames,
    /// A map of names with `{ "enabled": false }`.
    OffMap,
    /// Claude Code's deny list: objects with `serverName`, `serverCommand` or `serverUrl`.
    DenyRules,
    /// Claude Code's allow list, of the same objects.
    AllowRules,
    /// Claude Code's approvals of project servers.
    ClaudeApprovals,
    /// Claude Code's `projects` map, with approvals and switches for each project.
    ClaudeProjects,
    /// Claude Code's map of plug-ins, `name@marketplace`, with a truth value.
    EnabledPlugins,
    /// A desktop extension's own settings; the file is named like the extension's folder.
    ExtensionSettings,
    /// Codex' `requirements.toml`.
    CodexRequirements,
    /// Codex' `projects` map with `trust_level`.
    TrustedProjects,
    /// Gemini CLI's map of folders and their trust.
    TrustedFolders,
}

/// Why a catalog file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// Not the JSON that the schema asks for.
    #[error("not a catalog: {0}")]
    Json(#[from] serde_json::Error),
    /// A later version of the format.
    #[error("version {found} of the catalog format is not known, only version {VERSION}")]
    Version {
        /// The version found.
        found: u32,
    },
    /// A value that the format does not know.
    #[error("`{value}` is not a {what} (in client `{client}`)")]
    Value {
        /// What the value should be.
        what: &'static str,
        /// What stands there.
        value: String,
        /// In which client.
        client: String,
    },
    /// Two clients of one id.
    #[error("client `{client}` is there twice")]
    Twice {
        /// The id.
        client: String,
    },
    /// A user's own file names a dialect that the product's catalog already has.
    #[error("the dialect `{dialect}` is the product's own; choose another name")]
    DialectTaken {
        /// The dialect.
        dialect: String,
    },
}

/// The version of the catalog format that this program reads.
const VERSION: u32 = 1;

impl Catalog {
    /// Returns the catalog that ships with the product.
    ///
    /// # Panics
    /// If the built-in data is broken, which a test rules out.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("the built-in catalog is checked by a test")
    }

    /// Reads a catalog file.
    ///
    /// # Errors
    /// [`CatalogError`].
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let file = CatalogFile::parse(text)?;
        let fallback = Dialect::standard(file.dialects.get("default"));
        let dialects = with_common(&fallback, &file.dialects);
        let clients = check(file.clients)?;
        Ok(Self {
            clients,
            dialects,
            fallback,
            anywhere: [Format::Jsonc, Format::Toml, Format::Yaml].map(anywhere),
        })
    }

    /// Adds the clients of a user's own catalog file. Their locations count as user-defined; a client
    /// of a known id adds what it lists to that client. Its dialects differ from this catalog's
    /// common one, and have names of their own.
    ///
    /// # Errors
    /// [`CatalogError`]; nothing is added then.
    pub fn add(&mut self, text: &str) -> Result<(), CatalogError> {
        let file = CatalogFile::parse(text)?;
        if let Some(name) = file
            .dialects
            .keys()
            .find(|name| self.dialects.contains_key(*name) || *name == ANYWHERE)
        {
            return Err(CatalogError::DialectTaken {
                dialect: name.clone(),
            });
        }
        let dialects = with_common(&self.fallback, &file.dialects);
        for mut client in check(file.clients)? {
            for location in &mut client.locations {
                location.confidence = LocationConfidence::UserDefined;
            }
            match self.clients.iter_mut().find(|known| known.id == client.id) {
                Some(known) => {
                    known.locations.append(&mut client.locations);
                    known.presence.append(&mut client.presence);
                    known.processes.append(&mut client.processes);
                    known.projects.append(&mut client.projects);
                    known.switches.append(&mut client.switches);
                }
                None => self.clients.push(client),
            }
        }
        self.dialects.extend(dialects);
        Ok(())
    }

    /// Finds a client by its id.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id.as_str() == id)
    }

    /// Returns a client's name, or its id where the catalog does not know it.
    pub fn client_name<'a>(&'a self, id: &'a ClientId) -> &'a str {
        self.client(id.as_str())
            .map_or(id.as_str(), |client| client.name.as_str())
    }

    /// Returns every location of every client.
    pub fn locations(&self) -> impl Iterator<Item = &Location> {
        self.clients.iter().flat_map(|client| &client.locations)
    }

    /// Returns the locations by which a file of unknown origin may be read: those whose path ends
    /// like `path` (with slashes), in the catalog's order.
    pub fn locations_like<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Location> {
        self.locations()
            .filter(move |location| self.is_like(location, path))
    }

    /// Returns whether `path` (with slashes) ends like the location's path.
    pub fn is_like(&self, location: &Location, path: &str) -> bool {
        location
            .path
            .as_deref()
            .is_some_and(|template| Pattern::new(without_base(template)).matches_end_of(path))
    }

    /// Returns the location that stands for any client's file of the given name: every key that
    /// servers stand under is tried, and the common dialect is spoken.
    pub fn location_anywhere(&self, file_name: &str) -> &Location {
        let name = file_name.to_ascii_lowercase();
        let index = match name.rsplit('.').next() {
            Some("toml") => 1,
            Some("yaml" | "yml") => 2,
            _ => 0,
        };
        &self.anywhere[index]
    }

    /// Returns a dialect by its name; the common one where the catalog has nothing to add.
    pub fn dialect(&self, name: &str) -> &Dialect {
        self.dialects.get(name).unwrap_or(&self.fallback)
    }
}

/// Completes dialects by the common one.
fn with_common(common: &Dialect, rows: &BTreeMap<String, DialectRow>) -> BTreeMap<String, Dialect> {
    rows.iter()
        .map(|(name, row)| (name.clone(), common.with(row)))
        .collect()
}

fn check(rows: Vec<ClientRow>) -> Result<Vec<Client>, CatalogError> {
    let mut clients: Vec<Client> = Vec::with_capacity(rows.len());
    for row in rows {
        if clients.iter().any(|known| known.id.as_str() == row.id) {
            return Err(CatalogError::Twice { client: row.id });
        }
        clients.push(row.check()?);
    }
    Ok(clients)
}

/// Takes the leading `{VARIABLE}/` off a template.
fn without_base(template: &str) -> &str {
    template
        .strip_prefix('{')
        .and_then(|rest| rest.split_once("}/"))
        .map_or(template, |(_, rest)| rest)
}

/// The dialect of files whose client is not known.
pub(crate) const ANYWHERE: &str = "anywhere";

/// Keys that servers stand under, most telling first.
const KEYS_ANYWHERE: [&[&str]; 12] = [
    &["mcpServers"],
    &["mcp_servers"],
    &["mcp-servers"],
    &["servers"],
    &["mcp", "servers"],
    &["mcp", "mcpServers"],
    &["context_servers"],
    &["amp.mcpServers"],
    &["mcp"],
    &["extensions"],
    &["tools", "mcpServers"],
    &[],
];

fn anywhere(format: Format) -> Location {
    let mut ways: Vec<Vec<KeyStep>> = KEYS_ANYWHERE
        .iter()
        .map(|way| {
            way.iter()
                .map(|key| KeyStep::Key((*key).to_owned()))
                .collect()
        })
        .collect();
    let key = ways.remove(0);
    Location {
        client: ClientId::new("unknown"),
        os: None,
        scope: Scope::Project,
        path: None,
        kept: None,
        format,
        role: FileRole::Servers,
        key: Some(key),
        alternatives: ways,
        container: Container::Map,
        dialect: ANYWHERE.to_owned(),
        write: WritePolicy::AskFirst,
        confidence: LocationConfidence::Unverified,
        is_gated: false,
        mentions: None,
        is_legacy: false,
        is_exclusive: false,
        overrides: Vec::new(),
        also: Vec::new(),
        setting: None,
        when: None,
        note: None,
        source: "any file that holds servers".to_owned(),
    }
}
