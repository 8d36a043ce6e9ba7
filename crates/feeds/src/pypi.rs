//! PyPI: the JSON of a project, and the index that knows provenance and status.

use std::collections::HashMap;

use countersign_model::{Listing, PackageFacts, Release};
use serde::{Deserialize, Deserializer};

use crate::read::{LIST_MAX, Part, RELEASES_MAX, ReadError, short, time};

/// The form of the index that is read.
///
/// Source: <https://packaging.python.org/en/latest/specifications/simple-repository-api/> (checked 2026-11-25).
pub(crate) const INDEX_TYPE: &str = "application/vnd.pypi.simple.v1+json";

/// Files of one project that are looked at.
const FILES_MAX: usize = 200_000;

/// What runs while a release without a wheel is installed.
const BUILD: &str = "build from source";

#[derive(Deserialize)]
struct Document {
    info: Project,
    #[serde(default)]
    releases: HashMap<String, Part<Vec<Part<File>>>>,
    #[serde(default)]
    ownership: Part<Ownership>,
}

#[derive(Deserialize)]
struct Project {
    name: String,
    #[serde(default)]
    version: Part<String>,
    #[serde(default)]
    project_urls: Part<HashMap<String, Part<String>>>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default)]
    packagetype: Part<String>,
    #[serde(default)]
    upload_time_iso_8601: Part<String>,
    #[serde(default)]
    yanked: Part<bool>,
    #[serde(default)]
    yanked_reason: Part<String>,
    #[serde(default)]
    digests: Part<HashMap<String, Part<String>>>,
}

#[derive(Deserialize)]
struct Ownership {
    #[serde(default)]
    organization: Part<String>,
    #[serde(default)]
    roles: Part<Vec<Part<Role>>>,
}

#[derive(Deserialize)]
struct Role {
    user: String,
}

/// What the index says.
#[derive(Debug)]
pub(crate) struct Index {
    listing: Listing,
    /// Whether a file says from which build it came, by its name; nothing where the index does not say.
    provenance: HashMap<String, bool>,
}

#[derive(Deserialize)]
struct IndexDocument {
    name: String,
    #[serde(rename = "project-status", default)]
    status: Part<Status>,
    #[serde(default)]
    files: Vec<Part<IndexFile>>,
}

#[derive(Deserialize)]
struct Status {
    status: String,
    #[serde(default)]
    reason: Part<String>,
}

#[derive(Deserialize)]
struct IndexFile {
    filename: String,
    #[serde(default)]
    provenance: Said,
}

/// Whether a field has a text: `None` where there is no such field.
#[derive(Default)]
struct Said(Option<bool>);

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Part::<String>::deserialize(deserializer)?;
        Ok(Self(Some(text.0.is_some())))
    }
}

/// Reads the JSON of a project.
pub(crate) fn read(text: &str, name: &str) -> Result<PackageFacts, ReadError> {
    let document: Document = serde_json::from_str(text)?;
    if normal(&document.info.name) != normal(name) {
        return Err(ReadError::Other);
    }
    let releases = document.releases;
    if releases.len() > RELEASES_MAX {
        return Err(ReadError::TooMany(RELEASES_MAX, "releases"));
    }
    let mut facts = PackageFacts {
        newest: document.info.version.0,
        maintainers: document.ownership.0.and_then(owners),
        ..PackageFacts::default()
    };
    let repository = source(&document.info.project_urls);
    for (version, files) in releases {
        let Some(files) = files.0 else {
            facts
                .gaps
                .push(format!("release {} has an odd form", short(&version)));
            continue;
        };
        let files: Vec<File> = files.into_iter().filter_map(|file| file.0).collect();
        // Nothing can be installed of a release without files.
        if !files.is_empty() {
            let of_newest = facts.newest.as_ref() == Some(&version);
            facts.releases.push(Release {
                repository: repository.clone().filter(|_| of_newest),
                ..release(version, &files)
            });
        }
    }
    if facts.releases.is_empty() && facts.gaps.is_empty() {
        facts.listing = Listing::Deleted;
    }
    facts.gaps.truncate(LIST_MAX);
    Ok(facts)
}

fn release(version: String, files: &[File]) -> Release {
    let is_yanked = |file: &File| file.yanked.0 == Some(true);
    let reasons = files
        .iter()
        .filter_map(|file| file.yanked_reason.0.as_deref());
    let times = files
        .iter()
        .filter_map(|file| file.upload_time_iso_8601.0.as_deref());
    let is_wheel = |file: &File| file.packagetype.0.as_deref() == Some("bdist_wheel");
    let mut integrity: Vec<String> = files.iter().filter_map(digest).collect();
    integrity.sort();
    Release {
        version,
        published_at_s: times.filter_map(time).min(),
        yanked: files
            .iter()
            .all(is_yanked)
            .then(|| reasons.map(short).next().unwrap_or_default()),
        install_scripts: match files.iter().any(is_wheel) {
            true => Vec::new(),
            false => vec![BUILD.to_owned()],
        },
        integrity,
        ..Release::default()
    }
}

/// Writes a file's name and digest.
fn digest(file: &File) -> Option<String> {
    let digests = file.digests.0.as_ref()?;
    let digest = digests.get("sha256")?.0.as_deref()?;
    Some(format!(
        "{} sha256:{}",
        short(&file.filename),
        short(digest)
    ))
}

fn owners(ownership: Ownership) -> Option<Vec<String>> {
    let organization = ownership.organization.0;
    let organization = organization.map(|name| format!("the organization {}", short(&name)));
    let roles = ownership.roles.0?.into_iter().filter_map(|role| role.0);
    let people = roles.map(|role| short(&role.user)).take(LIST_MAX);
    let mut names: Vec<String> = people.chain(organization).collect();
    names.sort();
    names.dedup();
    Some(names)
}

fn source(urls: &Part<HashMap<String, Part<String>>>) -> Option<String> {
    let urls = urls.0.as_ref()?;
    let of = |wanted: &str| {
        let mut urls = urls.iter();
        let (_, url) = urls.find(|(label, _)| label.eq_ignore_ascii_case(wanted))?;
        url.0.as_deref().map(short)
    };
    ["repository", "source", "source code", "homepage"]
        .into_iter()
        .find_map(of)
}

/// Reads the index of a project.
pub(crate) fn read_index(text: &str, name: &str) -> Result<Index, ReadError> {
    let document: IndexDocument = serde_json::from_str(text)?;
    if normal(&document.name) != normal(name) {
        return Err(ReadError::Other);
    }
    if document.files.len() > FILES_MAX {
        return Err(ReadError::TooMany(FILES_MAX, "files"));
    }
    let files = document.files.into_iter().filter_map(|file| file.0);
    let provenance = files.filter_map(|file| Some((file.filename, file.provenance.0?)));
    let reason = |status: &Status| short(status.reason.0.as_deref().unwrap_or_default());
    Ok(Index {
        listing: match &document.status.0 {
            Some(status) => match status.status.as_str() {
                "archived" => Listing::Archived,
                "quarantined" => Listing::Quarantined(reason(status)),
                "deprecated" => Listing::Deprecated(reason(status)),
                _ => Listing::Active,
            },
            None => Listing::Active,
        },
        provenance: provenance.collect(),
    })
}

/// Puts in what the index says. A release has provenance if each of its files has.
pub(crate) fn join(facts: &mut PackageFacts, index: &Index) {
    if facts.listing == Listing::Active {
        facts.listing = index.listing.clone();
    }
    for release in &mut facts.releases {
        let files = release.integrity.iter();
        let files = files.filter_map(|digest| digest.split_once(' '));
        let said: Option<Vec<bool>> = files
            .map(|(file, _)| index.provenance.get(file).copied())
            .collect();
        release.has_provenance = said
            .filter(|said| !said.is_empty())
            .map(|said| said.iter().all(|has| *has));
    }
}

/// Takes attestations as they are, once they are JSON.
pub(crate) fn read_provenance(text: &str) -> Result<String, ReadError> {
    serde_json::from_str::<HashMap<String, serde::de::IgnoredAny>>(text)?;
    Ok(text.to_owned())
}

/// Writes a name as PyPI compares names.
///
/// Source: <https://packaging.python.org/en/latest/specifications/name-normalization/> (checked 2026-11-25).
fn normal(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

#[cfg(test)]
pub(crate) mod tests {
    use countersign_model::Listing;

    use super::{join, read, read_index};
    use crate::ReadError;

    pub(crate) const DOCUMENT: &str = r#"{
        "info": { "name": "Acme_Server", "version": "2.0", "project_urls": { "Source": "https://github.com/acme/server" } },
        "ownership": { "organization": "acme", "roles": [{ "role": "Owner", "user": "ada" }] },
        "releases": {
            "0.1": [],
            "1.0": [
                { "filename": "acme-1.0.whl", "packagetype": "bdist_wheel", "yanked": true, "yanked_reason": "broken",
                  "upload_time_iso_8601": "1970-01-02T00:00:00.000000Z", "digests": { "sha256": "aa" } },
                { "filename": "acme-1.0.tar.gz", "packagetype": "sdist", "yanked": true,
                  "upload_time_iso_8601": "1970-01-03T00:00:00Z", "digests": { "sha256": "bb" } }
            ],
            "2.0": [
                { "filename": "acme-2.0.tar.gz", "packagetype": "sdist", "yanked": false, "digests": { "sha256": "cc" } }
            ]
        }
    }"#;

    fn index(status: &str, files: &str) -> String {
        format!(r#"{{"name": "acme-server", "project-status": {status}, "files": [{files}]}}"#)
    }

    #[test]
    fn reads_what_pypi_says_of_each_release() {
        let facts = read(DOCUMENT, "acme.server").expect("is read");
        assert_eq!(
            (facts.releases.len(), facts.newest.as_deref()),
            (2, Some("2.0"))
        );
        let owners = ["ada", "the organization acme"].map(str::to_owned);
        assert_eq!(facts.maintainers, Some(owners.to_vec()));
        let first = facts.release("1.0").expect("is there");
        assert_eq!(first.published_at_s, Some(86_400));
        assert_eq!(first.yanked.as_deref(), Some("broken"));
        assert!(first.install_scripts.is_empty());
        assert_eq!(
            first.integrity,
            ["acme-1.0.tar.gz sha256:bb", "acme-1.0.whl sha256:aa"]
        );
        let second = facts.release("2.0").expect("is there");
        assert_eq!(second.install_scripts, ["build from source"]);
        assert_eq!((&second.yanked, second.has_provenance), (&None, None));
        assert!(second.repository.is_some());
    }

    #[test]
    fn the_index_tells_provenance_and_status() {
        let mut facts = read(DOCUMENT, "acme-server").expect("is read");
        let text = index(
            r#"{"status": "quarantined", "reason": "malware"}"#,
            r#"{"filename": "acme-1.0.whl", "provenance": "https://x"}, {"filename": "acme-1.0.tar.gz", "provenance": null},
               {"filename": "acme-2.0.tar.gz", "provenance": "https://x"}"#,
        );
        join(
            &mut facts,
            &read_index(&text, "acme-server").expect("is read"),
        );
        assert_eq!(facts.listing, Listing::Quarantined("malware".to_owned()));
        let has = |version: &str| facts.release(version).expect("is there").has_provenance;
        assert_eq!((has("1.0"), has("2.0")), (Some(false), Some(true)));
        let mut facts = read(DOCUMENT, "acme-server").expect("is read");
        let text = index("7", r#"{"filename": "acme-2.0.tar.gz"}"#);
        join(
            &mut facts,
            &read_index(&text, "acme-server").expect("is read"),
        );
        assert_eq!(facts.listing, Listing::Active);
        assert!(
            facts
                .releases
                .iter()
                .all(|one| one.has_provenance.is_none())
        );
    }

    #[test]
    fn odd_parts_are_left_out_and_told_and_another_project_is_refused() {
        let odd = r#"{"info": {"name": "a", "version": 7}, "releases": {"1": {}, "2": [3, {"filename": "x"}]}}"#;
        let facts = read(odd, "a").expect("is read");
        assert_eq!(facts.gaps, ["release 1 has an odd form"]);
        assert_eq!((facts.releases.len(), facts.newest), (1, None));
        assert_eq!(read(odd, "b"), Err(ReadError::Other));
        assert!(read_index(&index("null", ""), "b").is_err());
        let none = r#"{"info": {"name": "a"}, "releases": {"1": []}}"#;
        assert_eq!(read(none, "a").expect("is read").listing, Listing::Deleted);
    }
}
