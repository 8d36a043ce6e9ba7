use std::{fmt, path::PathBuf, sync::Arc};

use crate::{ClientId, Digest, Entry, LocationConfidence, Pointer, Position, Scope, WritePolicy};

/// A stable id of a config file, made from its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConfigId(String);

impl ConfigId {
    /// Makes the id of the file at `path`.
    pub fn of(path: &std::path::Path) -> Self {
        let digest = Digest::of(path.as_os_str().as_encoded_bytes());
        Self(digest.id())
    }

    /// Returns 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ConfigId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One file that one or several clients read.
#[derive(Clone, Debug)]
pub struct Config {
    /// Stable id.
    pub id: ConfigId,
    /// The path as clients name it.
    pub path: Arc<PathBuf>,
    /// Where the path leads, if that differs (symbolic links).
    pub target: Option<PathBuf>,
    /// What the file is for.
    pub role: FileRole,
    /// Which clients read it, at which scope.
    pub readers: Vec<Reader>,
    /// How its text is read.
    pub format: TextFormat,
    /// Whether it could be read.
    pub state: ConfigState,
    /// Size, owner and mode, where the file is there.
    pub facts: Option<FileFacts>,
    /// The servers it holds.
    pub entries: Vec<Entry>,
    /// What is wrong with the file itself though it could be read.
    pub faults: Vec<ConfigFault>,
}

/// How a config's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextFormat {
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
    /// YAML at the head of a Markdown text.
    Markdown,
    /// Not read as a text.
    Other,
}

impl TextFormat {
    /// Every format with the name used in output and in the journal.
    pub const NAMES: [(TextFormat, &'static str); 7] = [
        (TextFormat::Json, "json"),
        (TextFormat::Jsonc, "jsonc"),
        (TextFormat::Json5, "json5"),
        (TextFormat::Toml, "toml"),
        (TextFormat::Yaml, "yaml"),
        (TextFormat::Markdown, "markdown"),
        (TextFormat::Other, "other"),
    ];

    /// Returns the lowercase name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(format, _)| *format == self)
            .map_or("other", |(_, name)| name)
    }

    /// Finds a format by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(format, _)| *format)
    }
}

/// A client that reads a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The client.
    pub client: ClientId,
    /// The scope that the file has for it.
    pub scope: Scope,
    /// The project's root, for project scopes.
    pub project: Option<Arc<PathBuf>>,
    /// How sure the catalog is.
    pub confidence: LocationConfidence,
    /// What may be done to the file.
    pub write: WritePolicy,
    /// Whether the client was found on this machine.
    pub present: bool,
    /// When this location applies, in the catalog's words.
    pub when: Option<String>,
    /// Whether it is an older place that the client leaves once a newer one exists.
    pub is_legacy: bool,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileRole {
    /// Holds servers.
    Servers,
    /// Holds approvals, lists, policy: parsed for these, not for servers.
    Policy,
    /// Tokens, backups, state: reported, not parsed as a config.
    State,
    /// A database: reported, not parsed as a config.
    Database,
    /// Program text or another form that is not data: reported, not parsed.
    Code,
}

impl FileRole {
    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            FileRole::Servers => "servers",
            FileRole::Policy => "policy",
            FileRole::State => "state",
            FileRole::Database => "database",
            FileRole::Code => "code",
        }
    }
}

/// Whether a config could be read. An unread file is never a clean one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigState {
    /// Read to the end.
    Read,
    /// There, but by its role not parsed.
    Reported,
    /// There, and not readable.
    Failed(ReadFailure),
}

/// Why a config could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadFailure {
    /// The text is not what its format asks for.
    Syntax {
        /// What the parser met.
        message: String,
        /// Where.
        position: Position,
    },
    /// The document or the servers' container has another type than the client expects.
    WrongType {
        /// What was met, and what was expected.
        message: String,
        /// Where.
        position: Position,
    },
    /// Nested deeper than any client's config is.
    TooDeep {
        /// Where the limit was passed.
        position: Position,
    },
    /// More values than any client's config has (also: a YAML alias that multiplies).
    TooMany {
        /// Where the limit was passed.
        position: Position,
    },
    /// Larger than the limit.
    TooLarge {
        /// Size in bytes.
        bytes: u64,
    },
    /// Not UTF-8.
    NotUtf8 {
        /// First byte that is not, from 0.
        offset: usize,
        /// Where that is.
        position: Position,
    },
    /// This user may not read it.
    Denied,
    /// A folder, FIFO, socket or device where a file should be.
    NotAFile {
        /// What stands there.
        kind: &'static str,
    },
    /// Symbolic links that lead in a circle, or nowhere.
    BrokenLink {
        /// `true` for a circle, `false` for a target that is not there.
        is_loop: bool,
    },
    /// Anything else the system said.
    Io {
        /// The system's words.
        message: String,
    },
}

impl fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadFailure::Syntax { message, position } => write!(f, "{message} at {position}"),
            ReadFailure::WrongType { message, position } => write!(f, "{message} at {position}"),
            ReadFailure::TooDeep { position } => write!(f, "nested too deep at {position}"),
            ReadFailure::TooMany { position } => write!(f, "too many values at {position}"),
            ReadFailure::TooLarge { bytes } => {
                write!(f, "{:.1} MiB, over the limit of 16 MiB", mebibytes(*bytes))
            }
            ReadFailure::NotUtf8 { position, .. } => write!(f, "not UTF-8 text at {position}"),
            ReadFailure::Denied => f.write_str("no permission to read it"),
            ReadFailure::NotAFile { kind } => write!(f, "{kind} where a file should be"),
            ReadFailure::BrokenLink { is_loop: true } => {
                f.write_str("symbolic links that lead in a circle")
            }
            ReadFailure::BrokenLink { is_loop: false } => {
                f.write_str("a symbolic link that leads nowhere")
            }
            ReadFailure::Io { message } => f.write_str(message),
        }
    }
}

impl ReadFailure {
    /// Returns the stable code used in output.
    pub const fn code(&self) -> &'static str {
        match self {
            ReadFailure::Syntax { .. } => "syntax",
            ReadFailure::WrongType { .. } => "wrong-type",
            ReadFailure::TooDeep { .. } => "too-deep",
            ReadFailure::TooMany { .. } => "too-many",
            ReadFailure::TooLarge { .. } => "too-large",
            ReadFailure::NotUtf8 { .. } => "not-utf8",
            ReadFailure::Denied => "denied",
            ReadFailure::NotAFile { .. } => "not-a-file",
            ReadFailure::BrokenLink { .. } => "broken-link",
            ReadFailure::Io { .. } => "io",
        }
    }

    /// Returns where in the text the failure lies, if it lies in the text.
    pub const fn position(&self) -> Option<Position> {
        match self {
            ReadFailure::Syntax { position, .. }
            | ReadFailure::WrongType { position, .. }
            | ReadFailure::TooDeep { position }
            | ReadFailure::TooMany { position }
            | ReadFailure::NotUtf8 { position, .. } => Some(*position),
            ReadFailure::TooLarge { .. }
            | ReadFailure::Denied
            | ReadFailure::NotAFile { .. }
            | ReadFailure::BrokenLink { .. }
            | ReadFailure::Io { .. } => None,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "one decimal of a size in mebibytes is shown"
)]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

/// What the file system says about a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Size in bytes.
    pub bytes: u64,
    /// Last change, in seconds since 1970 (UTC); 0 where the system does not say.
    pub modified_s: u64,
    /// Permission bits, on systems that have them.
    pub mode: Option<u32>,
    /// Whether a folder above keeps other users out, whatever the file's own bits say.
    pub is_sealed: bool,
}

/// Something wrong with a file that could still be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFault {
    /// One key stands twice in one object; the client uses the last.
    DuplicateKey(DuplicateKey),
    /// The client itself would refuse the file, though a tolerant reader can read it.
    ClientRefuses {
        /// What the client does not accept.
        message: String,
        /// Where.
        position: Position,
    },
    /// A container of servers that is not a map or list, beside others that are.
    ContainerWrongType {
        /// The container.
        pointer: Pointer,
        /// What stands there.
        found: &'static str,
        /// Where it starts.
        position: Position,
    },
}

/// A key that stands more than once in one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The member that both spell.
    pub pointer: Pointer,
    /// Where it first stands.
    pub first: Position,
    /// Where it stands last.
    pub last: Position,
}
