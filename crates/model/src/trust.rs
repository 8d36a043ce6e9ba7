use std::fmt;

/// Who stands behind an approval.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signatory {
    /// The team's list.
    Team {
        /// The list's own name.
        list: String,
        /// Whether the list carries a verified signature (two strokes).
        is_signed: bool,
    },
    /// The user of this machine.
    Personal,
}

/// The verdict on an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Somebody has refused it.
    Denied,
    /// Approved once, and no longer the same.
    Changed,
    /// Approved once, and the approval has run out.
    Expired,
    /// Approved in one version, while the entry takes whatever version comes.
    Floating,
    /// It could not be decided what it is, or whether an approval holds.
    Unknown,
    /// Nobody has looked at it.
    Unreviewed,
    /// Approved, and the same.
    Approved,
}

impl Status {
    /// Every status, least trusted first.
    pub const ALL: [Status; 7] = [
        Status::Denied,
        Status::Changed,
        Status::Expired,
        Status::Floating,
        Status::Unknown,
        Status::Unreviewed,
        Status::Approved,
    ];

    /// Returns the lowercase name.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Denied => "denied",
            Status::Changed => "changed",
            Status::Expired => "expired",
            Status::Floating => "floating",
            Status::Unknown => "unknown",
            Status::Unreviewed => "unreviewed",
            Status::Approved => "approved",
        }
    }

    /// Returns whether an approval exists that does not hold for what is configured.
    pub const fn has_departed(self) -> bool {
        matches!(self, Status::Changed | Status::Expired | Status::Floating)
    }
}

/// Why a verdict is what it is. One verdict has every reason that speaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The team's list refuses it.
    TeamDenies {
        /// The list's name.
        list: String,
        /// The list's words.
        why: String,
    },
    /// The user refused it.
    PersonallyDenied {
        /// The user's words.
        note: String,
    },
    /// An approval holds.
    ApprovedBy {
        /// Who approved.
        signatory: Signatory,
        /// The reviewer's name, where the list gives one.
        reviewer: Option<String>,
        /// The last day, as `YYYY-MM-DD`.
        until: Option<String>,
    },
    /// The list that approves carries no signature.
    ListUnsigned {
        /// The list's name.
        list: String,
    },
    /// No list and no approval names it.
    NobodyReviewed,
    /// Another version is approved.
    VersionDiffers {
        /// What is approved.
        approved: String,
        /// What is configured.
        configured: String,
    },
    /// One version is approved, the entry takes what comes.
    EntryFloats {
        /// What is approved.
        approved: String,
        /// Where the entry floats to, as the pin says it.
        floats: String,
    },
    /// The file is another one than the approved.
    HashDiffers {
        /// Approved digest, shortened.
        approved: String,
        /// Present digest, shortened.
        found: String,
    },
    /// The file could not be compared (yet).
    HashUnknown,
    /// The command line is another one than the approved.
    CommandDiffers {
        /// The approved shape.
        approved: String,
        /// What is configured, as it may be shown.
        configured: String,
    },
    /// Variables are handed over that are not approved.
    EnvironmentDiffers {
        /// Their names.
        extra: Vec<String>,
    },
    /// Headers are sent that are not approved.
    HeadersDiffer {
        /// Their names.
        extra: Vec<String>,
    },
    /// It comes from a registry that is not approved.
    RegistryDiffers {
        /// The registry that is used.
        used: String,
        /// The registry that is approved.
        approved: String,
    },
    /// Something inside the project stands before what is approved.
    Shadowed {
        /// What, as its finding says it.
        by: String,
    },
    /// A wrapper is in front that the approval does not know.
    WrapperDiffers {
        /// The wrappers that are there.
        configured: String,
    },
    /// The approval has run out.
    Expired {
        /// Whose.
        signatory: Signatory,
        /// The last day, as `YYYY-MM-DD`.
        on: String,
    },
    /// What it is could not be decided.
    Unidentified {
        /// Why.
        why: String,
    },
    /// A personal approval is there, and does not lift what the team's list says.
    PersonalDoesNotLift {
        /// The list's name.
        list: String,
    },
    /// The list does not let personal approvals stand for what it does not name.
    PersonalNotAllowed {
        /// The list's name.
        list: String,
    },
    /// A stored approval is not the one that was made, or cannot be checked.
    ApprovalUnverified {
        /// Why.
        why: String,
    },
    /// What the server tells the model is what the user approved.
    SurfaceApproved,
    /// What the server tells the model is not what the user approved.
    SurfaceDiffers {
        /// What matters most of what changed, such as "the description of `send_mail`".
        what: String,
        /// When it was first seen, as `YYYY-MM-DD`.
        on: String,
    },
    /// The user rejected what the server tells the model.
    SurfaceRejected {
        /// The user's words.
        note: String,
    },
}

impl fmt::Display for Reason {
    #[expect(clippy::too_many_lines, reason = "one arm for each reason")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::TeamDenies { list, why } => write!(f, "denied by {list}: {why}"),
            Reason::PersonallyDenied { note } if note.is_empty() => f.write_str("denied by you"),
            Reason::PersonallyDenied { note } => write!(f, "denied by you: {note}"),
            Reason::ApprovedBy { .. } => self.write_approval(f),
            Reason::ListUnsigned { list } => write!(f, "listed in {list}, which is not signed"),
            Reason::NobodyReviewed => f.write_str("nobody has reviewed it"),
            Reason::VersionDiffers {
                approved,
                configured,
            } => {
                write!(
                    f,
                    "version {approved} is approved, this entry starts {configured}"
                )
            }
            Reason::EntryFloats { approved, floats } => {
                write!(f, "version {approved} is approved, this entry {floats}")
            }
            Reason::HashDiffers { approved, found } => {
                write!(
                    f,
                    "the file is not the approved one: {found} instead of {approved}"
                )
            }
            Reason::HashUnknown => f.write_str("the file's hash has not been compared"),
            Reason::CommandDiffers {
                approved,
                configured,
            } => write!(
                f,
                "the command is not the approved one: `{configured}` instead of `{approved}`"
            ),
            Reason::EnvironmentDiffers { extra } => {
                write!(
                    f,
                    "variables are handed over that are not approved: {}",
                    extra.join(", ")
                )
            }
            Reason::HeadersDiffer { extra } => {
                write!(
                    f,
                    "headers are sent that are not approved: {}",
                    extra.join(", ")
                )
            }
            Reason::RegistryDiffers { used, approved } => {
                write!(f, "it comes from {used}, approved is {approved}")
            }
            Reason::Shadowed { by } => write!(f, "{by}, which is started instead"),
            Reason::WrapperDiffers { configured } => {
                write!(
                    f,
                    "it is started through {configured}, which is not approved"
                )
            }
            Reason::Expired {
                signatory: Signatory::Team { list, .. },
                on,
            } => {
                write!(f, "the approval in {list} ended on {on}")
            }
            Reason::Expired {
                signatory: Signatory::Personal,
                on,
            } => {
                write!(f, "your approval ended on {on}")
            }
            Reason::Unidentified { why } => write!(f, "what it starts could not be named: {why}"),
            Reason::PersonalDoesNotLift { list } => {
                write!(f, "your own approval does not lift what {list} says")
            }
            Reason::PersonalNotAllowed { list } => {
                write!(
                    f,
                    "{list} does not let personal approvals stand for servers it does not name"
                )
            }
            Reason::ApprovalUnverified { why } => {
                write!(f, "a stored approval was not used: {why}")
            }
            Reason::SurfaceApproved => f.write_str("what it tells the model is what you approved"),
            Reason::SurfaceDiffers { what, on } => write!(f, "{what} changed on {on}"),
            Reason::SurfaceRejected { note } if note.is_empty() => {
                f.write_str("you rejected what it tells the model")
            }
            Reason::SurfaceRejected { note } => {
                write!(f, "you rejected what it tells the model: {note}")
            }
        }
    }
}

impl Reason {
    fn write_approval(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason::ApprovedBy {
            signatory,
            reviewer,
            until,
        } = self
        else {
            return Ok(());
        };
        match signatory {
            Signatory::Team { list, .. } => write!(f, "approved in {list}")?,
            Signatory::Personal => f.write_str("approved by you")?,
        }
        if let Some(reviewer) = reviewer {
            write!(f, " by {reviewer}")?;
        }
        if let Some(until) = until {
            write!(f, ", until {until}")?;
        }
        Ok(())
    }

    /// Returns the stable code used in output.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::TeamDenies { .. } => "team-denies",
            Reason::PersonallyDenied { .. } => "personally-denied",
            Reason::ApprovedBy { .. } => "approved",
            Reason::ListUnsigned { .. } => "list-unsigned",
            Reason::NobodyReviewed => "nobody-reviewed",
            Reason::VersionDiffers { .. } => "version-differs",
            Reason::EntryFloats { .. } => "entry-floats",
            Reason::HashDiffers { .. } => "hash-differs",
            Reason::HashUnknown => "hash-unknown",
            Reason::CommandDiffers { .. } => "command-differs",
            Reason::EnvironmentDiffers { .. } => "environment-differs",
            Reason::HeadersDiffer { .. } => "headers-differ",
            Reason::RegistryDiffers { .. } => "registry-differs",
            Reason::Shadowed { .. } => "shadowed",
            Reason::WrapperDiffers { .. } => "wrapper-differs",
            Reason::Expired { .. } => "expired",
            Reason::Unidentified { .. } => "unidentified",
            Reason::PersonalDoesNotLift { .. } => "personal-does-not-lift",
            Reason::PersonalNotAllowed { .. } => "personal-not-allowed",
            Reason::ApprovalUnverified { .. } => "approval-unverified",
            Reason::SurfaceApproved => "surface-approved",
            Reason::SurfaceDiffers { .. } => "surface-differs",
            Reason::SurfaceRejected { .. } => "surface-rejected",
        }
    }
}

/// Something that an approval would cover and that was not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NotCompared {
    /// What the server tells the model.
    Tools,
    /// The artefact that the registry would deliver.
    Artefact,
    /// The packages that it depends on.
    Dependencies,
    /// What runs on the other side of an address.
    RemoteContent,
    /// Hosts and paths that it may use: enforced only where the guard runs.
    Reach,
}

impl NotCompared {
    /// Returns the stable word used in output.
    pub const fn word(self) -> &'static str {
        match self {
            NotCompared::Tools => "tools",
            NotCompared::Artefact => "artefact",
            NotCompared::Dependencies => "dependencies",
            NotCompared::RemoteContent => "remote-content",
            NotCompared::Reach => "reach",
        }
    }
}

/// What is thought of an entry, why, and what was not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The verdict.
    pub status: Status,
    /// Who approved, where it is approved.
    pub signatory: Option<Signatory>,
    /// Every reason, the deciding one first.
    pub reasons: Vec<Reason>,
    /// What was not compared.
    pub not_compared: Vec<NotCompared>,
}

impl Verdict {
    /// Returns the seal as one character: `○ ◐ ● ◑ ✕ ?`.
    pub fn seal(&self) -> char {
        match self.status {
            Status::Denied => '✕',
            Status::Changed | Status::Expired | Status::Floating => '◑',
            Status::Unknown => '?',
            Status::Unreviewed => '○',
            Status::Approved => match &self.signatory {
                Some(Signatory::Team {
                    is_signed: true, ..
                }) => '●',
                _ => '◐',
            },
        }
    }
}
