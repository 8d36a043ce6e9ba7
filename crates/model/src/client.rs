use std::{fmt, sync::Arc};

/// The catalog's name of a client, such as `claude-code`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientId(Arc<str>);

impl ClientId {
    /// Wraps an id from the catalog.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// For whom a config speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Set by an administrator.
    Managed,
    /// One project, kept inside a user file.
    Local,
    /// One project, on this machine only (not committed).
    ProjectLocal,
    /// One project, usually committed with it.
    Project,
    /// One named profile of the user.
    UserProfile,
    /// Everything the user does.
    User,
    /// Brought along by a plug-in or extension.
    Plugin,
    /// The user's settings on a remote host.
    Remote,
    /// A server process's own folder.
    Server,
    /// What a client writes for itself: tokens, backups, databases.
    State,
}

impl Scope {
    /// Every scope with the name that the catalog and all output use.
    pub const NAMES: [(Scope, &'static str); 10] = [
        (Scope::Managed, "managed"),
        (Scope::Local, "local"),
        (Scope::ProjectLocal, "project-local"),
        (Scope::Project, "project"),
        (Scope::UserProfile, "user-profile"),
        (Scope::User, "user"),
        (Scope::Plugin, "plugin"),
        (Scope::Remote, "remote"),
        (Scope::Server, "server"),
        (Scope::State, "state"),
    ];

    /// Returns the scope's name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(scope, _)| *scope == self)
            .map_or("user", |(_, name)| name)
    }

    /// Finds a scope by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(scope, _)| *scope)
    }
}

/// How sure the catalog is that a client reads a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LocationConfidence {
    /// Read in the source of the product that owns the file.
    Verified,
    /// Stated by the vendor, or in an install guide of a server vendor.
    Documented,
    /// Stated by another project.
    Catalog,
    /// Not confirmed; only looked at.
    Unverified,
    /// Added on this machine by the user.
    UserDefined,
}

impl LocationConfidence {
    /// Every level with its name in the catalog and in output.
    pub const NAMES: [(LocationConfidence, &'static str); 5] = [
        (LocationConfidence::Verified, "verified"),
        (LocationConfidence::Documented, "documented"),
        (LocationConfidence::Catalog, "catalog"),
        (LocationConfidence::Unverified, "unverified"),
        (LocationConfidence::UserDefined, "user-defined"),
    ];

    /// Returns the level's name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(level, _)| *level == self)
            .map_or("unverified", |(_, name)| name)
    }

    /// Finds a level by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(level, _)| *level)
    }
}

/// Whether a file at a location may be edited by a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WritePolicy {
    /// A data file that the user owns.
    Editable,
    /// Location or key unverified: only after asking.
    AskFirst,
    /// Belongs to another client, whose row says what may be done.
    SeeOwner,
    /// Managed, plug-in, state, database or code.
    ReportOnly,
}

impl WritePolicy {
    /// Every policy with its name in the catalog and in output.
    pub const NAMES: [(WritePolicy, &'static str); 4] = [
        (WritePolicy::Editable, "editable"),
        (WritePolicy::AskFirst, "ask-first"),
        (WritePolicy::SeeOwner, "see-owner"),
        (WritePolicy::ReportOnly, "report-only"),
    ];

    /// Returns the policy's name.
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find(|(policy, _)| *policy == self)
            .map_or("report-only", |(_, name)| name)
    }

    /// Finds a policy by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(policy, _)| *policy)
    }
}
