use countersign_model::{Config, ConfigFault, ConfigState, Position, ReadFailure, Reader};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Inventory, Setup};

/// One file that one or several clients read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ConfigView {
    /// Stable id, by path.
    pub id: String,
    /// The path, with `~` for the home.
    pub path: String,
    /// Where the path leads, if that differs.
    pub target: Option<String>,
    /// `servers`, `policy`, `state`, `database`, `code`.
    pub role: String,
    /// `read`, `reported` (there, and by its role not parsed), `failed`.
    pub state: String,
    /// Why it could not be read.
    pub failure: Option<FailureView>,
    /// What is wrong with it though it could be read.
    pub faults: Vec<FaultView>,
    /// Size in bytes.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub bytes: Option<u64>,
    /// Last change, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub modified_s: Option<u64>,
    /// Permission bits in octal, on systems that have them.
    pub mode: Option<String>,
    /// Which clients read it.
    pub readers: Vec<ReaderView>,
    /// Ids of the entries in it.
    pub entries: Vec<String>,
}

/// A client that reads a config.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ReaderView {
    /// The client's id.
    pub client: String,
    /// The scope that the file has for it.
    pub scope: String,
    /// The project, for project scopes.
    pub project: Option<String>,
    /// How sure the catalog is: `verified`, `documented`, `catalog`, `unverified`, `user-defined`.
    pub confidence: String,
    /// Whether the client itself was found.
    pub is_present: bool,
    /// When this place applies.
    pub when: Option<String>,
    /// Whether it is an older place.
    pub is_legacy: bool,
}

/// Why a config could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FailureView {
    /// Stable code: `syntax`, `wrong-type`, `too-deep`, `too-many`, `too-large`, `not-utf8`,
    /// `denied`, `not-a-file`, `broken-link`, `io`.
    pub code: String,
    /// In words, with line and column.
    pub message: String,
    /// Line, from 1, where the failure lies in the text.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
}

/// Something wrong with a file that could be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FaultView {
    /// Stable code: `duplicate-key`, `client-refuses`, `wrong-type`.
    pub code: String,
    /// In words.
    pub message: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

pub(super) fn views(setup: &Setup, inventory: &Inventory) -> Vec<ConfigView> {
    inventory
        .configs
        .iter()
        .map(|config| view(setup, config))
        .collect()
}

fn view(setup: &Setup, config: &Config) -> ConfigView {
    let (state, failure) = match &config.state {
        ConfigState::Read => ("read", None),
        ConfigState::Reported => ("reported", None),
        ConfigState::Failed(failure) => ("failed", Some(failure_view(failure))),
    };
    ConfigView {
        id: config.id.to_string(),
        path: setup.shorten(&config.path),
        target: config.target.as_ref().map(|target| setup.shorten(target)),
        role: config.role.name().to_owned(),
        state: state.to_owned(),
        failure,
        faults: config.faults.iter().map(fault).collect(),
        bytes: config.facts.map(|facts| facts.bytes),
        modified_s: config.facts.map(|facts| facts.modified_s),
        mode: config
            .facts
            .and_then(|facts| facts.mode)
            .map(|mode| format!("{mode:04o}")),
        readers: config
            .readers
            .iter()
            .map(|reader| reader_view(setup, reader))
            .collect(),
        entries: config
            .entries
            .iter()
            .map(|entry| entry.id.to_string())
            .collect(),
    }
}

fn reader_view(setup: &Setup, reader: &Reader) -> ReaderView {
    ReaderView {
        client: reader.client.to_string(),
        scope: reader.scope.name().to_owned(),
        project: reader
            .project
            .as_ref()
            .map(|project| setup.shorten(project)),
        confidence: reader.confidence.name().to_owned(),
        is_present: reader.present,
        when: reader.when.clone(),
        is_legacy: reader.is_legacy,
    }
}

fn failure_view(failure: &ReadFailure) -> FailureView {
    let position = failure.position();
    FailureView {
        code: failure.code().to_owned(),
        message: failure.to_string(),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    }
}

fn fault(fault: &ConfigFault) -> FaultView {
    let view = |code: &str, message: String, position: Position| FaultView {
        code: code.to_owned(),
        message,
        line: position.line,
        column: position.column,
    };
    match fault {
        ConfigFault::DuplicateKey(duplicate) => view(
            "duplicate-key",
            format!(
                "`{}` stands twice, first at {}; the last one counts",
                duplicate.pointer, duplicate.first
            ),
            duplicate.last,
        ),
        ConfigFault::ClientRefuses { message, position } => view(
            "client-refuses",
            format!("the client does not accept it: {message}"),
            *position,
        ),
        ConfigFault::ContainerWrongType {
            pointer,
            found,
            position,
        } => view(
            "wrong-type",
            format!("`{pointer}` is {found}, where servers should be"),
            *position,
        ),
    }
}
