//! What registries say about packages, images and servers. All of it is untrusted text.

/// What a registry says about a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFacts {
    /// The version that the registry itself calls the newest.
    pub newest: Option<String>,
    /// Its releases, in no order.
    pub releases: Vec<Release>,
    /// Who may publish it now; `None` where the registry does not say.
    pub maintainers: Option<Vec<String>>,
    /// How the registry lists it.
    pub listing: Listing,
    /// What could not be read, in words.
    pub gaps: Vec<String>,
}

impl PackageFacts {
    /// Returns the release of a version, spelled as the registry does.
    pub fn release(&self, version: &str) -> Option<&Release> {
        self.releases
            .iter()
            .find(|release| release.version == version)
    }
}

/// How a registry lists a package or server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Listing {
    /// As one that is there.
    #[default]
    Active,
    /// As one that should not be used any more, with what its owners say about it.
    Deprecated(String),
    /// As one that gets no updates.
    Archived,
    /// As one that the registry holds back, for what may be malware.
    Quarantined(String),
    /// As one that was taken away.
    Deleted,
    /// The registry itself has put a placeholder in its place.
    Replaced,
}

/// One version of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// The version, spelled as the registry does.
    pub version: String,
    /// When it was published, in seconds since 1970 (UTC).
    pub published_at_s: Option<i64>,
    /// Who published it.
    pub publisher: Option<Publisher>,
    /// Who could publish at that time.
    pub maintainers: Option<Vec<String>>,
    /// Whether it says from which build it came; `None` where that is not known. It was not verified.
    pub has_provenance: Option<bool>,
    /// Names of the scripts that run while it is installed.
    pub install_scripts: Vec<String>,
    /// Names of the packages that it brings along, sorted; `None` where that is not known.
    pub dependencies: Option<Vec<String>>,
    /// What its owners say to those who should not use it any more.
    pub deprecated: Option<String>,
    /// Why it was yanked, if it was; may be empty.
    pub yanked: Option<String>,
    /// The digests of its files as the registry writes them, sorted.
    pub integrity: Vec<String>,
    /// The address of its source, as it says itself.
    pub repository: Option<String>,
}

/// Who published a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// The name.
    pub name: String,
    /// Whether it is a build that the registry lets publish without a person's token.
    pub is_build: bool,
}

/// A known problem of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advisory {
    /// Its id, such as `GHSA-…`, `PYSEC-…` or `MAL-…`.
    pub id: String,
    /// Other ids of the same.
    pub aliases: Vec<String>,
    /// What it is, in a sentence.
    pub summary: String,
    /// The versions in which it is mended.
    pub fixed: Vec<String>,
}

impl Advisory {
    /// Returns whether it says that the package is known to be malicious.
    ///
    /// Source: <https://github.com/ossf/malicious-packages>, ids with the prefix `MAL-` (checked 2026-11-25).
    pub fn is_malicious(&self) -> bool {
        let mut ids = self.aliases.iter().chain([&self.id]);
        ids.any(|id| id.starts_with("MAL-"))
    }
}
