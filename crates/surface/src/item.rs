use countersign_model::Digest;
use serde_json::Value;

use crate::canonical;

/// What kind of thing a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// The text for the model as a whole.
    Instructions,
    /// Something that the model can call.
    Tool,
    /// A text with holes that the user can pick.
    Prompt,
    /// An address with holes, under which there are resources.
    Template,
    /// One document. Recorded, and outside the trust digest: documents come and go.
    Resource,
}

impl ItemKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [ItemKind; 5] = [
        ItemKind::Instructions,
        ItemKind::Tool,
        ItemKind::Prompt,
        ItemKind::Template,
        ItemKind::Resource,
    ];

    /// The kinds that a server lists page by page.
    pub const LISTED: [ItemKind; 4] = [
        ItemKind::Tool,
        ItemKind::Prompt,
        ItemKind::Template,
        ItemKind::Resource,
    ];

    /// Returns the lowercase name of one.
    pub const fn name(self) -> &'static str {
        match self {
            ItemKind::Instructions => "instructions",
            ItemKind::Tool => "tool",
            ItemKind::Prompt => "prompt",
            ItemKind::Template => "template",
            ItemKind::Resource => "resource",
        }
    }

    /// Finds a kind by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the member of a list's result that holds the items.
    ///
    /// Source: <https://modelcontextprotocol.io/specification/2026-07-28/schema>, read 2026-11-25.
    pub const fn member(self) -> &'static str {
        match self {
            ItemKind::Instructions => "instructions",
            ItemKind::Tool => "tools",
            ItemKind::Prompt => "prompts",
            ItemKind::Template => "resourceTemplates",
            ItemKind::Resource => "resources",
        }
    }

    /// Returns the method that lists them; `None` for what comes with the greeting.
    pub const fn method(self) -> Option<&'static str> {
        match self {
            ItemKind::Instructions => None,
            ItemKind::Tool => Some("tools/list"),
            ItemKind::Prompt => Some("prompts/list"),
            ItemKind::Template => Some("resources/templates/list"),
            ItemKind::Resource => Some("resources/list"),
        }
    }

    /// Returns the member of an item by which it is told from others of its kind.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            ItemKind::Instructions => "",
            ItemKind::Tool | ItemKind::Prompt => "name",
            ItemKind::Template => "uriTemplate",
            ItemKind::Resource => "uri",
        }
    }

    /// Returns whether the trust digest covers it.
    pub const fn is_trusted(self) -> bool {
        !matches!(self, ItemKind::Resource)
    }
}

/// One thing that a server offers, every field of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    kind: ItemKind,
    name: String,
    value: Value,
    digest: Digest,
}

impl Item {
    /// Takes an item as the server wrote it. Instructions are a string, all others objects.
    pub(crate) fn new(kind: ItemKind, value: Value) -> Self {
        let name = value.get(kind.key()).and_then(Value::as_str);
        Self {
            kind,
            name: name.unwrap_or_default().to_owned(),
            digest: canonical::digest(&value),
            value,
        }
    }

    /// Returns what kind it is.
    pub fn kind(&self) -> ItemKind {
        self.kind
    }

    /// Returns the name of a tool or prompt, the address of a resource or template; empty for
    /// instructions and for what has none. Hostile text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the whole item. Hostile text.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns a member that is a string.
    pub fn text(&self, member: &str) -> Option<&str> {
        self.value.get(member).and_then(Value::as_str)
    }

    /// Returns what it says of itself: a description, or the text of instructions; may be empty.
    pub fn description(&self) -> &str {
        match self.kind {
            ItemKind::Instructions => self.value.as_str().unwrap_or_default(),
            _ => self.text("description").unwrap_or_default(),
        }
    }

    /// Returns the digest of the canonical form of every field.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}
