use countersign_surface::ItemKind;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// The revision without a handshake.
const STATELESS: &str = "2026-07-28";

/// The newest revision with a handshake.
pub(super) const HANDSHAKE: &str = "2025-11-25";

/// What is said of this client.
pub(super) const CLIENT: &str = concat!(
    r#"{"name":"countersign","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#""}"#
);

/// What every request of a revision without a handshake carries.
pub(super) const META: &str = concat!(
    r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#,
    r#""io.modelcontextprotocol/clientInfo":{"name":"countersign","version":""#,
    env!("CARGO_PKG_VERSION"),
    r#""},"io.modelcontextprotocol/clientCapabilities":{}}"#
);

/// Where the answer of a revision without a handshake names the server.
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// How a server begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// Without a handshake, as since 2026-07-28.
    Stateless,
    /// With `initialize`, as up to 2025-11-25.
    Handshake,
}

/// What a server says of itself before it lists anything. Claims, all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Greeting {
    /// How it begins.
    pub era: Era,
    /// The revision that is spoken.
    pub version: String,
    /// Its name and version, as it wrote them.
    pub server_info: Option<Value>,
    /// What it says it can do, as it wrote it.
    pub capabilities: Value,
    /// The shortest time that it vouches for what it says, in milliseconds.
    pub ttl_ms: Option<u64>,
}

impl Greeting {
    /// Returns whether the server says that it has things of this kind.
    pub fn declares(&self, kind: ItemKind) -> bool {
        let capability = match kind {
            ItemKind::Instructions => return true,
            ItemKind::Tool => "tools",
            ItemKind::Prompt => "prompts",
            ItemKind::Template | ItemKind::Resource => "resources",
        };
        self.capabilities
            .get(capability)
            .is_some_and(Value::is_object)
    }
}

/// A greeting, and the instructions that came with it.
type Read = Result<(Greeting, Option<String>), String>;

/// Reads the result of `server/discover`. A key twice is refused: readers differ there.
pub(super) fn discovered(result: &str) -> Read {
    #[derive(Deserialize)]
    struct Discovered<'a> {
        #[serde(rename = "supportedVersions")]
        versions: Vec<String>,
        capabilities: Value,
        #[serde(default, rename = "serverInfo")]
        server_info: Option<Value>,
        #[serde(default)]
        instructions: Option<String>,
        #[serde(default, rename = "ttlMs")]
        ttl_ms: Option<u64>,
        #[serde(default, borrow, rename = "_meta")]
        meta: Option<&'a RawValue>,
    }
    let read: Discovered = serde_json::from_str(result).map_err(|error| error.to_string())?;
    if !read.versions.iter().any(|version| version == STATELESS) {
        return Err(format!("it does not speak {STATELESS}"));
    }
    let meta: Option<Value> = read
        .meta
        .and_then(|meta| serde_json::from_str(meta.get()).ok());
    let named = meta.and_then(|meta| meta.get(SERVER_INFO).cloned());
    let greeting = Greeting {
        era: Era::Stateless,
        version: STATELESS.to_owned(),
        server_info: read.server_info.or(named),
        capabilities: read.capabilities,
        ttl_ms: read.ttl_ms,
    };
    Ok((greeting, read.instructions))
}

/// Reads the result of `initialize`.
pub(super) fn greeted(result: &str) -> Read {
    #[derive(Deserialize)]
    struct Greeted {
        #[serde(rename = "protocolVersion")]
        version: String,
        #[serde(default)]
        capabilities: Value,
        #[serde(default, rename = "serverInfo")]
        server_info: Option<Value>,
        #[serde(default)]
        instructions: Option<String>,
    }
    let read: Greeted = serde_json::from_str(result).map_err(|error| error.to_string())?;
    let greeting = Greeting {
        era: Era::Handshake,
        version: super::told(&read.version),
        server_info: read.server_info,
        capabilities: read.capabilities,
        ttl_ms: None,
    };
    Ok((greeting, read.instructions))
}
