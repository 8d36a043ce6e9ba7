use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

use countersign_confedit::{Lines, Node};
use countersign_model::{
    ClientId, Config, ConfigId, Effect, Entry, EntryId, Os, Pointer, Position, RunningProcess,
    Scope, Server, Setting, Start, Verdict,
};

use crate::{credentials::Repeats, wanted::DocumentKind};

/// Everything that rules look at.
#[derive(Debug)]
pub struct Scene<'scan> {
    /// The system.
    pub os: Os,
    /// The user's home.
    pub home: &'scan str,
    /// Every config that was found.
    pub configs: &'scan [Config],
    /// What each entry starts, and what is thought of it.
    pub assessed: &'scan HashMap<EntryId, Assessed>,
    /// Documents beside the configs.
    pub documents: &'scan [SceneDocument],
    /// Running processes that no config explains.
    pub unexplained: &'scan [Running],
    /// Decisions that were not made in the window.
    pub origins: &'scan [OriginNotice],
    /// Which credentials stand in several places.
    pub repeats: &'scan Repeats<'scan>,
    /// The configs whose file git tracks.
    pub tracked: &'scan HashSet<ConfigId>,
    /// What clients' own copies of configs hold, by the copy.
    pub copies: &'scan HashMap<ConfigId, HeldFile>,
    /// What the files hold from which entries load variables.
    pub environment_files: &'scan HashMap<EntryId, Vec<HeldFile>>,
}

/// A file in which credentials were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldFile {
    /// The file as it may be shown.
    pub shown_path: String,
    /// What it holds, in the order of the file.
    pub credentials: Vec<HeldCredential>,
}

/// A credential in a file that is no config. Its value is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCredential {
    /// The credential in words, such as "GitHub personal access token".
    pub label: &'static str,
    /// The name it stands under, where it has one.
    pub name: Option<String>,
    /// The line, from 1; `None` in a file without lines.
    pub line: Option<u32>,
    /// Whether an entry of a config has the same one.
    pub is_known: bool,
}

impl HeldFile {
    /// Returns in words what the file holds: "3 credentials, the first in line 4".
    pub(crate) fn words(&self) -> String {
        let what = match &self.credentials[..] {
            [one] => match &one.name {
                Some(name) => format!("a {} in `{name}`", one.label),
                None => format!("a {}", one.label),
            },
            more => format!("{} credentials", more.len()),
        };
        match self.credentials.first().and_then(|first| first.line) {
            Some(line) if self.credentials.len() > 1 => format!("{what}, the first in line {line}"),
            Some(line) => format!("{what}, in line {line}"),
            None => what,
        }
    }
}

/// What an entry starts, what is thought of it, and what of it runs.
#[derive(Clone, Debug)]
pub struct Assessed {
    /// What it starts or reaches.
    pub server: Server,
    /// What is thought of it.
    pub verdict: Verdict,
    /// Its running processes.
    pub running: Vec<RunningProcess>,
}

/// A running process that looks like a server.
#[derive(Clone, Debug)]
pub struct Running {
    /// The process.
    pub process: RunningProcess,
    /// Why it looks like a server.
    pub why: String,
}

/// A decision that was made elsewhere than in the window.
#[derive(Clone, Debug)]
pub struct OriginNotice {
    /// The server it is about.
    pub server: String,
    /// Whether it was approved (else refused).
    pub is_approval: bool,
    /// The program that made it, and its parents, one after the other.
    pub made_by: String,
    /// The day, as `YYYY-MM-DD`.
    pub made_on: String,
}

/// A document beside the configs: settings, hooks, tasks.
#[derive(Debug)]
pub struct SceneDocument {
    /// What it is.
    pub kind: DocumentKind,
    /// The client that reads it.
    pub client: ClientId,
    /// Its scope.
    pub scope: Scope,
    /// The project it stands in, if any.
    pub project: Option<Arc<PathBuf>>,
    /// The file.
    pub path: Arc<PathBuf>,
    /// Its tree.
    pub root: Node,
    /// Its lines, for places.
    pub lines: Lines,
}

/// One entry in its surroundings.
#[derive(Clone, Copy, Debug)]
pub struct EntryLook<'scan> {
    /// Everything else.
    pub scene: &'scan Scene<'scan>,
    /// The file it stands in.
    pub config: &'scan Config,
    /// The entry.
    pub entry: &'scan Entry,
    /// What it starts.
    pub server: &'scan Server,
    /// What is thought of it.
    pub verdict: &'scan Verdict,
    /// Its running processes.
    pub running: &'scan [RunningProcess],
}

/// One config file.
#[derive(Clone, Copy, Debug)]
pub struct ConfigLook<'scan> {
    /// Everything else.
    pub scene: &'scan Scene<'scan>,
    /// The file.
    pub config: &'scan Config,
}

/// One document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentLook<'scan> {
    /// Everything else.
    pub scene: &'scan Scene<'scan>,
    /// The document.
    pub document: &'scan SceneDocument,
}

/// The machine as a whole.
#[derive(Clone, Copy, Debug)]
pub struct MachineLook<'scan> {
    /// Everything.
    pub scene: &'scan Scene<'scan>,
}

/// The permission bit of everybody to read a file.
pub(crate) const READ: u32 = 0o004;

/// The permission bit of everybody to write a file.
pub(crate) const WRITE: u32 = 0o002;

impl ConfigLook<'_> {
    /// Returns whether every user of the machine has a right to a file: by its own mode, where the folders
    /// above it let them pass.
    pub(crate) fn lets_others(&self, right: u32) -> bool {
        self.scene.os != Os::Windows
            && self.config.facts.is_some_and(|facts| {
                let has_right = facts.mode.is_some_and(|mode| mode & right != 0);
                has_right && !facts.is_sealed
            })
    }
}

impl<'scan> EntryLook<'scan> {
    /// Returns the file that the entry stands in.
    pub(crate) fn config_look(&self) -> ConfigLook<'scan> {
        ConfigLook {
            scene: self.scene,
            config: self.config,
        }
    }

    /// Returns whether any client uses the entry, or will once its user agrees.
    pub fn is_in_use(&self) -> bool {
        self.entry
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Active | Effect::Waiting(_)))
    }

    /// Returns whether the entry stands in a project that others may have written.
    pub fn is_of_project(&self) -> bool {
        self.entry
            .readers
            .iter()
            .all(|index| self.config.readers[*index].scope == Scope::Project)
    }

    /// Returns the command's tokens as they may be shown, wrappers and all, the program first.
    pub fn shown_tokens(&self) -> Vec<&'scan str> {
        match &self.entry.start {
            Start::Command(command) => command.tokens().map(|token| token.shown()).collect(),
            Start::Remote(_) | Start::BuiltIn(_) | Start::Missing => Vec::new(),
        }
    }

    /// Returns the tokens without wrappers, as they may be shown, the program first.
    pub fn server_tokens(&self) -> Vec<&'scan str> {
        self.server
            .command
            .iter()
            .map(|token| token.shown())
            .collect()
    }

    /// Finds the first token, wrappers and all, whose shown text fits, with its place.
    pub fn token(&self, fits: impl Fn(&str) -> bool) -> Option<(&'scan str, Pointer)> {
        let Start::Command(command) = &self.entry.start else {
            return None;
        };
        let at = command.tokens().position(|token| fits(token.shown()))?;
        let token = command.tokens().nth(at)?;
        let pointer = command
            .places
            .get(at)
            .unwrap_or(&self.entry.pointer)
            .clone();
        Some((token.shown(), pointer))
    }

    /// Finds an environment variable that the entry sets, by name without case.
    pub fn variable(&self, name: &str) -> Option<&'scan Setting> {
        self.entry
            .environment
            .iter()
            .find(|setting| setting.name.eq_ignore_ascii_case(name))
    }

    /// Returns the address without what must not be shown, where the entry leads to one, a bridge's
    /// included.
    pub fn address(&self) -> Option<String> {
        match &self.server.identity {
            countersign_model::Identity::Remote { origin, path } => Some(format!("{origin}{path}")),
            _ => None,
        }
    }
}

impl<'scan> DocumentLook<'scan> {
    /// Follows keys from the document's root.
    pub fn at(&self, keys: &[&str]) -> Option<&'scan Node> {
        keys.iter()
            .try_fold(&self.document.root, |node, key| node.get(key))
    }

    /// Returns where a value starts.
    pub fn position(&self, node: &Node) -> Position {
        let (line, column) = self.document.lines.position(node.span.start);
        Position { line, column }
    }

    /// Makes the pointer to a place named by keys.
    pub fn pointer(&self, keys: &[&str]) -> Pointer {
        keys.iter()
            .fold(Pointer::root(), |pointer, key| pointer.key(key))
    }
}
