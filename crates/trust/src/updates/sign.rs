//! What speaks against a package, or against an update of it, and how that is said.

use std::fmt;

use countersign_model::{Publisher, Severity};

/// Something that speaks against a package, or against an update of it. Texts are those of registries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateSign {
    /// Others can publish it than before.
    MaintainersAdded {
        /// Who.
        names: Vec<String>,
    },
    /// Some cannot publish it any more.
    MaintainersRemoved {
        /// Who.
        names: Vec<String>,
    },
    /// Somebody published it who could not before, or a person where a build did.
    PublisherChanged {
        /// The release.
        version: String,
        /// Who published the present one.
        from: Publisher,
        /// Who published this one.
        to: Publisher,
    },
    /// The present release says from which build it came, and this one does not.
    ProvenanceGone {
        /// The release.
        version: String,
    },
    /// It runs scripts while it is installed that the present one does not run.
    InstallScriptsAdded {
        /// The release.
        version: String,
        /// The scripts.
        scripts: Vec<String>,
    },
    /// It brings packages along that the present one does not.
    DependenciesAdded {
        /// The release.
        version: String,
        /// Their names.
        names: Vec<String>,
    },
    /// It names another source than the present one.
    RepositoryChanged {
        /// The release.
        version: String,
        /// The source of the present one.
        from: String,
        /// Its source.
        to: String,
    },
    /// Its owners say that it should not be used any more.
    Deprecated {
        /// The release; nothing where it is all of them.
        version: Option<String>,
        /// What they say.
        message: String,
    },
    /// It gets no updates any more.
    Archived,
    /// It was yanked.
    Yanked {
        /// The release.
        version: String,
        /// Why; may be empty.
        reason: String,
    },
    /// The registry holds it back.
    Quarantined {
        /// Why; may be empty.
        reason: String,
    },
    /// The registry has no such package.
    Deleted,
    /// The registry has put a placeholder in its place.
    Replaced,
    /// The registry has the package and not this release any more.
    VersionGone {
        /// The release.
        version: String,
    },
    /// The files of a release are not those that they were.
    ContentChanged {
        /// The release.
        version: String,
    },
    /// A release has files that it did not have when it was approved.
    FilesAdded {
        /// The release.
        version: String,
        /// Their names.
        files: Vec<String>,
    },
    /// A release has known problems.
    Vulnerable {
        /// The release.
        version: String,
        /// Their ids.
        ids: Vec<String>,
        /// The versions in which they are mended.
        fixed_in: Vec<String>,
    },
    /// A release is known to be malicious.
    Malicious {
        /// The release.
        version: String,
        /// The ids under which it is known.
        ids: Vec<String>,
    },
    /// Its name is almost that of a well-known package.
    NearMiss {
        /// The well-known one.
        meant: String,
    },
}

impl UpdateSign {
    /// Returns the stable code by which a front end decides.
    pub const fn code(&self) -> &'static str {
        match self {
            UpdateSign::MaintainersAdded { .. } => "maintainers-added",
            UpdateSign::MaintainersRemoved { .. } => "maintainers-removed",
            UpdateSign::PublisherChanged { .. } => "publisher-changed",
            UpdateSign::ProvenanceGone { .. } => "provenance-gone",
            UpdateSign::InstallScriptsAdded { .. } => "install-scripts-added",
            UpdateSign::DependenciesAdded { .. } => "dependencies-added",
            UpdateSign::RepositoryChanged { .. } => "repository-changed",
            UpdateSign::Deprecated { .. } => "deprecated",
            UpdateSign::Archived => "archived",
            UpdateSign::Yanked { .. } => "yanked",
            UpdateSign::Quarantined { .. } => "quarantined",
            UpdateSign::Deleted => "deleted",
            UpdateSign::Replaced => "replaced",
            UpdateSign::VersionGone { .. } => "version-gone",
            UpdateSign::ContentChanged { .. } => "content-changed",
            UpdateSign::FilesAdded { .. } => "files-added",
            UpdateSign::Vulnerable { .. } => "vulnerable",
            UpdateSign::Malicious { .. } => "malicious",
            UpdateSign::NearMiss { .. } => "near-miss",
        }
    }

    /// Returns how severe it is.
    pub const fn severity(&self) -> Severity {
        match self {
            UpdateSign::Malicious { .. }
            | UpdateSign::Replaced
            | UpdateSign::Quarantined { .. }
            | UpdateSign::ContentChanged { .. } => Severity::Critical,
            UpdateSign::ProvenanceGone { .. }
            | UpdateSign::InstallScriptsAdded { .. }
            | UpdateSign::PublisherChanged { .. }
            | UpdateSign::Deleted
            | UpdateSign::VersionGone { .. }
            | UpdateSign::Vulnerable { .. } => Severity::High,
            UpdateSign::MaintainersAdded { .. }
            | UpdateSign::RepositoryChanged { .. }
            | UpdateSign::FilesAdded { .. }
            | UpdateSign::Yanked { .. }
            | UpdateSign::NearMiss { .. } => Severity::Medium,
            UpdateSign::MaintainersRemoved { .. }
            | UpdateSign::DependenciesAdded { .. }
            | UpdateSign::Deprecated { .. }
            | UpdateSign::Archived => Severity::Low,
        }
    }
}

impl fmt::Display for UpdateSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpdateSign::MaintainersAdded { names } => {
                let names = names.join(", ");
                write!(f, "Others can publish it than before: {names}.")
            }
            UpdateSign::MaintainersRemoved { names } => {
                let names = names.join(", ");
                write!(f, "Some cannot publish it any more: {names}.")
            }
            UpdateSign::Archived => f.write_str("It gets no updates any more, say its owners."),
            UpdateSign::Quarantined { reason } => {
                let why = because(reason);
                write!(f, "The registry holds it back, as what may be malware{why}")
            }
            UpdateSign::Deleted => f.write_str("The registry has no such package any more."),
            UpdateSign::Replaced => f.write_str(
                "The registry holds its name with a placeholder, as where it took a package away.",
            ),
            UpdateSign::VersionGone { version } => {
                write!(f, "The registry does not have {version} any more.")
            }
            UpdateSign::ContentChanged { version } => {
                write!(
                    f,
                    "The files of {version} are not those that were approved."
                )
            }
            UpdateSign::NearMiss { meant } => {
                write!(
                    f,
                    "Its name is almost that of {meant}, which is well known."
                )
            }
            UpdateSign::Deprecated { version, message } => {
                let what = version.as_deref().unwrap_or("It");
                let why = because(message);
                write!(f, "{what} should not be used any more, say its owners{why}")
            }
            of_release => f.write_str(&of_release.release_words()),
        }
    }
}

impl UpdateSign {
    /// Says what is different in a release, or known of it.
    fn release_words(&self) -> String {
        match self {
            UpdateSign::PublisherChanged { version, from, to } => {
                let (from, to) = (publisher(from), publisher(to));
                format!("{version} was published by {to}; the present version was by {from}.")
            }
            UpdateSign::ProvenanceGone { version } => format!(
                "{version} does not say from which build it came; the present version does."
            ),
            UpdateSign::InstallScriptsAdded { version, scripts } => format!(
                "{version} runs something while it is installed that the present version does not: {}.",
                scripts.join(", ")
            ),
            UpdateSign::DependenciesAdded { version, names } => format!(
                "{version} brings packages along that the present version does not: {}.",
                names.join(", ")
            ),
            UpdateSign::RepositoryChanged { version, from, to } => {
                format!("{version} says that its source is {to}; the present version says {from}.")
            }
            UpdateSign::Yanked { version, reason } => {
                format!("{version} was yanked{}", because(reason))
            }
            UpdateSign::FilesAdded { version, files } => format!(
                "{version} has files that it did not have when it was approved: {}.",
                files.join(", ")
            ),
            UpdateSign::Vulnerable {
                version,
                ids,
                fixed_in,
            } => {
                let ids = ids.join(", ");
                match fixed_in.is_empty() {
                    true => format!("{version} has known problems that no version mends: {ids}."),
                    false => {
                        let fixed = fixed_in.join(", ");
                        format!("{version} has known problems: {ids}. They are mended in {fixed}.")
                    }
                }
            }
            UpdateSign::Malicious { version, ids } => {
                format!("{version} is known to be malicious: {}.", ids.join(", "))
            }
            UpdateSign::MaintainersAdded { .. }
            | UpdateSign::MaintainersRemoved { .. }
            | UpdateSign::Archived
            | UpdateSign::Quarantined { .. }
            | UpdateSign::Deleted
            | UpdateSign::Replaced
            | UpdateSign::VersionGone { .. }
            | UpdateSign::ContentChanged { .. }
            | UpdateSign::NearMiss { .. }
            | UpdateSign::Deprecated { .. } => String::new(),
        }
    }
}

/// A reason behind a sentence, where there is one.
fn because(reason: &str) -> String {
    match reason.is_empty() {
        true => ".".to_owned(),
        false => format!(": {reason}"),
    }
}

fn publisher(publisher: &Publisher) -> String {
    match publisher.is_build {
        true => format!("a build ({})", publisher.name),
        false => publisher.name.clone(),
    }
}
