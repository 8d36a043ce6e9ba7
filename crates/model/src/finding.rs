use std::fmt;

use crate::{ConfigId, EntryId, Place};

/// A rule's name: the same in code, test, fixture, documentation and output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(&'static str);

impl RuleId {
    /// Names a rule; lowercase words joined by hyphens.
    pub const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// Returns the name.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// How bad it is if a finding is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Hygiene.
    Low,
    /// Should be mended when convenient.
    Medium,
    /// Should be mended now.
    High,
    /// Evidence of an attack, or as good as one.
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Severity; 5] = [
        Severity::Info,
        Severity::Low,
        Severity::Medium,
        Severity::High,
        Severity::Critical,
    ];

    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// Finds a severity by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// How sure a rule is that a finding is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// A hint.
    Low,
    /// More likely right than wrong.
    Medium,
    /// Follows from the structure of what was read.
    High,
}

impl Confidence {
    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// One entry of one config.
    Entry(EntryId),
    /// A whole config file.
    Config(ConfigId),
    /// The machine, such as a process that no config explains.
    Machine,
}

/// A violated rule at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// About what.
    pub subject: Subject,
    /// Where; `None` for what is not in a file.
    pub place: Option<Place>,
    /// What was found, as one sentence without secrets.
    pub message: String,
    /// What to do, as one sentence.
    pub remedy: String,
    /// Why the user wants it quiet, where they said so.
    pub suppressed: Option<Suppression>,
}

/// A user's decision to keep a finding quiet for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Why, in the user's words.
    pub reason: String,
    /// The last day it holds, as `YYYY-MM-DD`.
    pub until: String,
}
