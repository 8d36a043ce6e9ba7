//! How a client spells the members of an entry.

use std::collections::BTreeMap;

use countersign_model::Transport;
use serde::Deserialize;

/// The spellings of one dialect. A name with dots is a way into nested maps.
#[derive(Clone, Debug)]
pub struct Dialect {
    /// The program: a string, or a list with its arguments.
    pub command: Vec<String>,
    /// The arguments.
    pub arguments: Vec<String>,
    /// Environment variables with values.
    pub environment: Vec<String>,
    /// Environment variables passed on by name.
    pub environment_names: Vec<String>,
    /// The address, most telling name first.
    pub url: Vec<String>,
    /// Transports that the name of the address already says.
    pub url_transports: BTreeMap<String, Transport>,
    /// Transports that the last key on the way to the servers already says.
    pub container_transports: BTreeMap<String, Transport>,
    /// What the client takes an address for that names no transport, where it documents that.
    pub url_default: Option<Transport>,
    /// An address without a transport is an error for the client.
    pub url_needs_transport: bool,
    /// Why the client takes no address at all.
    pub refuses_url: Option<String>,
    /// Where command and address both stand, the address holds.
    pub url_wins: bool,
    /// The transport.
    pub transport: Vec<String>,
    /// What the transport's member says of a command, where it is there.
    pub local_word: String,
    /// The program and its arguments are one list.
    pub command_is_list: bool,
    /// Headers with values.
    pub headers: Vec<String>,
    /// Headers whose values come from variables.
    pub header_variables: Vec<String>,
    /// The variable with a bearer token.
    pub bearer_variable: Vec<String>,
    /// Members that switch the entry off, with the value that does.
    pub off: BTreeMap<String, OffValue>,
    /// Tools that are called without asking, or everything where it is `true` or `*`.
    pub auto_approve: Vec<String>,
    /// A truth value under which every call is made without asking.
    pub trust: Vec<String>,
    /// A word under which calls are made without asking (`approve`, `auto`).
    pub approval_mode: Vec<String>,
    /// Tools that are offered.
    pub tools_allowed: Vec<String>,
    /// Tools that are left out.
    pub tools_left_out: Vec<String>,
    /// The working folder.
    pub working_folder: Vec<String>,
    /// Files with environment variables.
    pub environment_files: Vec<String>,
    /// One entry that the client cannot use makes it refuse the whole file.
    pub fails_whole_file: bool,
    /// Names that the client keeps for itself; it skips servers called so.
    pub reserved_names: Vec<String>,
    /// Types that are part of the client.
    pub built_in_types: Vec<String>,
    /// Every entry is part of the client, and this is its kind.
    pub built_in_always: Option<String>,
}

/// The value of a member that switches an entry off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OffValue {
    /// A truth value.
    Truth(bool),
    /// A word.
    Word(String),
}

/// A dialect as the catalog writes it: only what differs from the common one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DialectRow {
    command: Option<Vec<String>>,
    arguments: Option<Vec<String>>,
    environment: Option<Vec<String>>,
    environment_names: Option<Vec<String>>,
    url: Option<Vec<String>>,
    url_transports: BTreeMap<String, String>,
    container_transports: BTreeMap<String, String>,
    url_default: Option<String>,
    url_needs_transport: bool,
    refuses_url: Option<String>,
    url_wins: bool,
    transport: Option<Vec<String>>,
    local_word: Option<String>,
    command_is_list: bool,
    headers: Option<Vec<String>>,
    header_variables: Option<Vec<String>>,
    bearer_variable: Option<Vec<String>>,
    off: Option<BTreeMap<String, OffValue>>,
    auto_approve: Option<Vec<String>>,
    trust: Option<Vec<String>>,
    approval_mode: Option<Vec<String>>,
    tools_allowed: Option<Vec<String>>,
    tools_left_out: Option<Vec<String>>,
    working_folder: Option<Vec<String>>,
    environment_files: Option<Vec<String>>,
    reserved_names: Vec<String>,
    fails_whole_file: bool,
    built_in: Option<BuiltInRow>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct BuiltInRow {
    types: Vec<String>,
    always: Option<String>,
}

impl Dialect {
    /// Makes the common dialect from the catalog's row for it.
    pub(crate) fn standard(row: Option<&DialectRow>) -> Self {
        let empty = Self {
            command: Vec::new(),
            arguments: Vec::new(),
            environment: Vec::new(),
            environment_names: Vec::new(),
            url: Vec::new(),
            url_transports: BTreeMap::new(),
            container_transports: BTreeMap::new(),
            url_default: None,
            url_needs_transport: false,
            refuses_url: None,
            url_wins: false,
            transport: Vec::new(),
            local_word: "stdio".to_owned(),
            command_is_list: false,
            headers: Vec::new(),
            header_variables: Vec::new(),
            bearer_variable: Vec::new(),
            off: BTreeMap::new(),
            auto_approve: Vec::new(),
            trust: Vec::new(),
            approval_mode: Vec::new(),
            tools_allowed: Vec::new(),
            tools_left_out: Vec::new(),
            working_folder: Vec::new(),
            environment_files: Vec::new(),
            reserved_names: Vec::new(),
            fails_whole_file: false,
            built_in_types: Vec::new(),
            built_in_always: None,
        };
        row.map_or_else(|| empty.clone(), |row| empty.with(row))
    }

    /// Returns this dialect with what `row` says differently.
    pub(crate) fn with(&self, row: &DialectRow) -> Self {
        let list = |own: &Option<Vec<String>>, common: &Vec<String>| {
            own.clone().unwrap_or_else(|| common.clone())
        };
        let built_in = row.built_in.clone().unwrap_or_default();
        Self {
            command: list(&row.command, &self.command),
            arguments: list(&row.arguments, &self.arguments),
            environment: list(&row.environment, &self.environment),
            environment_names: list(&row.environment_names, &self.environment_names),
            url: list(&row.url, &self.url),
            url_transports: transports(&row.url_transports),
            container_transports: transports(&row.container_transports),
            url_default: row.url_default.as_deref().and_then(Transport::parse),
            url_needs_transport: row.url_needs_transport,
            refuses_url: row.refuses_url.clone(),
            url_wins: row.url_wins,
            transport: list(&row.transport, &self.transport),
            local_word: row
                .local_word
                .clone()
                .unwrap_or_else(|| self.local_word.clone()),
            command_is_list: row.command_is_list,
            headers: list(&row.headers, &self.headers),
            header_variables: list(&row.header_variables, &self.header_variables),
            bearer_variable: list(&row.bearer_variable, &self.bearer_variable),
            off: row.off.clone().unwrap_or_else(|| self.off.clone()),
            auto_approve: list(&row.auto_approve, &self.auto_approve),
            trust: list(&row.trust, &self.trust),
            approval_mode: list(&row.approval_mode, &self.approval_mode),
            tools_allowed: list(&row.tools_allowed, &self.tools_allowed),
            tools_left_out: list(&row.tools_left_out, &self.tools_left_out),
            working_folder: list(&row.working_folder, &self.working_folder),
            environment_files: list(&row.environment_files, &self.environment_files),
            reserved_names: row.reserved_names.clone(),
            fails_whole_file: row.fails_whole_file,
            built_in_types: built_in.types,
            built_in_always: built_in.always,
        }
    }
}

/// Understands the transports of a catalog file; its schema holds the words.
fn transports(words: &BTreeMap<String, String>) -> BTreeMap<String, Transport> {
    words
        .iter()
        .filter_map(|(name, word)| Some((name.clone(), Transport::parse(word)?)))
        .collect()
}
