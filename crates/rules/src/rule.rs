use countersign_model::{Confidence, Pointer, Position, RuleId, Severity};

use crate::{
    look::{ConfigLook, DocumentLook, EntryLook, MachineLook},
    surface_look::{Seen, SurfaceHit},
};

/// A rule: what it is about, and how it looks.
#[derive(Debug)]
pub struct Rule {
    /// What is said about it.
    pub meta: Meta,
    /// How it looks.
    pub check: Check,
}

/// What a rule says about itself. Shown by `countersign explain`.
#[derive(Debug)]
pub struct Meta {
    /// The name: lowercase words joined by hyphens.
    pub id: RuleId,
    /// What was found, in a few words: "Package without a version".
    pub title: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// How bad, unless a hit says otherwise.
    pub severity: Severity,
    /// How sure, unless a hit says otherwise.
    pub confidence: Confidence,
    /// Where others describe it.
    pub references: &'static [Reference],
    /// Why it matters, in a sentence or two.
    pub why: &'static str,
    /// What it looks like in a config.
    pub example: &'static str,
    /// What to do, in a sentence.
    pub remedy: &'static str,
}

/// A technique or weakness in somebody's catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A SAFE-MCP technique, such as `SAFE-T1002`.
    SafeMcp(&'static str),
    /// An entry of the OWASP MCP Top 10, such as `MCP04`.
    Owasp(&'static str),
    /// A weakness, such as `CWE-319`.
    Cwe(&'static str),
}

impl Reference {
    /// Returns the id with its catalogue.
    pub fn label(self) -> String {
        match self {
            Reference::SafeMcp(id) | Reference::Cwe(id) => id.to_owned(),
            Reference::Owasp(id) => format!("OWASP {id}"),
        }
    }
}

/// What a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Where the program comes from.
    SupplyChain,
    /// What is started, and how.
    Launch,
    /// What the server may reach on this machine.
    Access,
    /// Calls that nobody is asked about.
    Approval,
    /// Servers on the network.
    Network,
    /// Credentials in plain text.
    Credentials,
    /// What a project makes its reader's programs do.
    Project,
    /// Configs that say what their owner did not mean.
    Hygiene,
    /// What runs now.
    Running,
    /// What a server tells the model.
    Surface,
}

impl Group {
    /// Returns the name in words.
    pub const fn name(self) -> &'static str {
        match self {
            Group::SupplyChain => "supply chain",
            Group::Launch => "launch",
            Group::Access => "access",
            Group::Approval => "approval",
            Group::Network => "network",
            Group::Credentials => "credentials",
            Group::Project => "project",
            Group::Hygiene => "hygiene",
            Group::Running => "running",
            Group::Surface => "surface",
        }
    }
}

/// How a rule looks.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// At each entry.
    Entry(fn(&EntryLook<'_>) -> Vec<Hit>),
    /// At each config file.
    Config(fn(&ConfigLook<'_>) -> Vec<Hit>),
    /// At each document that is no config of servers: settings, hooks, tasks.
    Document(fn(&DocumentLook<'_>) -> Vec<Hit>),
    /// At the machine as a whole.
    Machine(fn(&MachineLook<'_>) -> Vec<Hit>),
    /// At what a server tells the model.
    Surface(fn(&Seen<'_>) -> Vec<SurfaceHit>),
}

/// One place where a rule is violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What was found, as one sentence without secrets.
    pub message: String,
    /// Where, if more exactly than the subject itself.
    pub place: Option<(Pointer, Position)>,
    /// How bad, if other than the rule's own.
    pub severity: Option<Severity>,
    /// How sure, if other than the rule's own.
    pub confidence: Option<Confidence>,
    /// What to do, if other than the rule's own.
    pub remedy: Option<String>,
}

impl Hit {
    /// Makes a hit at the subject itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            place: None,
            severity: None,
            confidence: None,
            remedy: None,
        }
    }

    /// Says where exactly.
    pub fn at(self, pointer: &Pointer, position: Position) -> Self {
        Self {
            place: Some((pointer.clone(), position)),
            ..self
        }
    }

    /// Says how bad this one is.
    pub fn severity(self, severity: Severity) -> Self {
        Self {
            severity: Some(severity),
            ..self
        }
    }

    /// Says how sure this one is.
    pub fn confidence(self, confidence: Confidence) -> Self {
        Self {
            confidence: Some(confidence),
            ..self
        }
    }

    /// Says what to do about this one.
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self {
            remedy: Some(remedy.into()),
            ..self
        }
    }
}
