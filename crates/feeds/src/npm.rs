//! npm: one document with every version of a package.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use countersign_model::{Listing, PackageFacts, Publisher, Release};
use serde::{Deserialize, de::IgnoredAny};

use crate::read::{LIST_MAX, Part, RELEASES_MAX, ReadError, short, time};

/// Scripts that run while a package is installed, in their order.
///
/// Source: <https://docs.npmjs.com/cli/v11/using-npm/scripts#npm-install> (checked 2026-11-25).
const INSTALL_SCRIPTS: [&str; 3] = ["preinstall", "install", "postinstall"];

/// The repository of the placeholder that npm puts in the place of a malicious package.
///
/// Source: <https://github.com/npm/security-holder> (checked 2026-11-25).
const HOLDER: &str = "npm/security-holder";

#[derive(Deserialize)]
struct Document {
    name: String,
    #[serde(rename = "dist-tags", default)]
    tags: Part<HashMap<String, Part<String>>>,
    #[serde(default)]
    versions: HashMap<String, Part<Version>>,
    #[serde(default)]
    time: HashMap<String, Part<String>>,
    #[serde(default)]
    maintainers: Part<Vec<Part<Person>>>,
    #[serde(default)]
    repository: Part<Repository>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    scripts: Part<HashMap<String, IgnoredAny>>,
    #[serde(default)]
    dependencies: Part<BTreeMap<String, IgnoredAny>>,
    #[serde(rename = "optionalDependencies", default)]
    optional: Part<BTreeMap<String, IgnoredAny>>,
    #[serde(default)]
    deprecated: Part<Deprecated>,
    #[serde(default)]
    dist: Part<Dist>,
    #[serde(rename = "_npmUser", default)]
    user: Part<Person>,
    #[serde(default)]
    maintainers: Part<Vec<Part<Person>>>,
    #[serde(default)]
    repository: Part<Repository>,
}

/// A sentence; old documents have `true` and `false` in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum Deprecated {
    Said(String),
    Flag(bool),
}

#[derive(Deserialize)]
struct Dist {
    #[serde(default)]
    integrity: Part<String>,
    #[serde(default)]
    shasum: Part<String>,
    #[serde(default)]
    attestations: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Person {
    #[serde(default)]
    name: String,
    #[serde(rename = "trustedPublisher", default)]
    trusted_publisher: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Repository {
    Address(String),
    Object { url: String },
}

/// Reads the document of a package.
pub(crate) fn read(text: &str, name: &str) -> Result<PackageFacts, ReadError> {
    let document: Document = serde_json::from_str(text)?;
    if document.name != name {
        return Err(ReadError::Other);
    }
    let (versions, times) = (document.versions, document.time);
    if versions.len() > RELEASES_MAX {
        return Err(ReadError::TooMany(RELEASES_MAX, "versions"));
    }
    let mut facts = PackageFacts {
        newest: tag(&document.tags, "latest"),
        maintainers: document.maintainers.0.as_deref().map(names),
        ..PackageFacts::default()
    };
    let is_held = [&document.repository]
        .into_iter()
        .chain(newest(&versions, facts.newest.as_deref()).map(|newest| &newest.repository))
        .any(|repository| address(repository).is_some_and(|at| at.contains(HOLDER)));
    if versions.is_empty() {
        facts.listing = Listing::Deleted;
    } else if is_held {
        facts.listing = Listing::Replaced;
    }
    for (version, read) in versions {
        let Some(read) = read.0 else {
            facts
                .gaps
                .push(format!("version {} has an odd form", short(&version)));
            continue;
        };
        let at = times.get(&version).and_then(|time| time.0.as_deref());
        facts.releases.push(release(&version, &read, at));
    }
    facts.gaps.truncate(LIST_MAX);
    Ok(facts)
}

fn newest<'a>(
    versions: &'a HashMap<String, Part<Version>>,
    newest: Option<&str>,
) -> Option<&'a Version> {
    versions.get(newest?)?.0.as_ref()
}

fn tag(tags: &Part<HashMap<String, Part<String>>>, name: &str) -> Option<String> {
    tags.0.as_ref()?.get(name)?.0.clone()
}

fn release(version: &str, read: &Version, at: Option<&str>) -> Release {
    let scripts = read.scripts.0.as_ref();
    let is_there = |name: &&str| scripts.is_some_and(|scripts| scripts.contains_key(*name));
    let dist = read.dist.0.as_ref();
    let digest = dist.and_then(|dist| dist.integrity.0.as_ref().or(dist.shasum.0.as_ref()));
    Release {
        version: version.to_owned(),
        published_at_s: at.and_then(time),
        publisher: read.user.0.as_ref().map(|user| Publisher {
            name: short(&user.name),
            is_build: user.trusted_publisher.is_some(),
        }),
        maintainers: read.maintainers.0.as_deref().map(names),
        has_provenance: dist.map(|dist| dist.attestations.is_some()),
        install_scripts: INSTALL_SCRIPTS
            .iter()
            .filter(|name| is_there(name))
            .map(|name| (*name).to_owned())
            .collect(),
        dependencies: Some(dependencies(read)),
        deprecated: match &read.deprecated.0 {
            Some(Deprecated::Said(said)) if !said.is_empty() => Some(short(said)),
            Some(Deprecated::Flag(true)) => Some(String::new()),
            Some(Deprecated::Said(_) | Deprecated::Flag(false)) | None => None,
        },
        yanked: None,
        integrity: digest.map(|digest| short(digest)).into_iter().collect(),
        repository: address(&read.repository).map(short),
    }
}

fn dependencies(read: &Version) -> Vec<String> {
    let both = [&read.dependencies, &read.optional].into_iter();
    let names = both
        .filter_map(|part| part.0.as_ref())
        .flat_map(BTreeMap::keys);
    let names: BTreeSet<String> = names.take(LIST_MAX).map(|name| short(name)).collect();
    names.into_iter().collect()
}

fn names(people: &[Part<Person>]) -> Vec<String> {
    let people = people.iter().filter_map(|person| person.0.as_ref());
    let mut names: Vec<String> = people
        .map(|person| short(&person.name))
        .filter(|name| !name.is_empty())
        .take(LIST_MAX)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn address(repository: &Part<Repository>) -> Option<&str> {
    match repository.0.as_ref()? {
        Repository::Address(url) | Repository::Object { url } => Some(url),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use countersign_model::{Listing, Publisher};

    use super::read;
    use crate::ReadError;

    pub(crate) const DOCUMENT: &str = r#"{
        "name": "@acme/server", "dist-tags": { "latest": "2.0.0" },
        "maintainers": [{ "name": "eve" }, { "name": "ada", "email": "ada@example.com" }],
        "time": { "created": "2026-01-01T00:00:00.000Z", "1.0.0": "1970-01-02T00:00:00.000Z", "2.0.0": "soon" },
        "versions": {
            "1.0.0": {
                "scripts": { "test": "x", "postinstall": "node setup.js", "preinstall": "" },
                "dependencies": { "zod": "^4" }, "optionalDependencies": { "fsevents": "*", "zod": "*" },
                "deprecated": "use 2", "_npmUser": { "name": "ada" }, "maintainers": [{ "name": "ada" }],
                "dist": { "integrity": "sha512-aaaa", "attestations": { "url": "https://example.com" } },
                "repository": { "type": "git", "url": "git+https://github.com/acme/server.git" }
            },
            "2.0.0": {
                "scripts": null, "deprecated": false, "dist": { "shasum": "bbbb" }, "repository": "acme/server",
                "_npmUser": { "name": "GitHub Actions", "trustedPublisher": { "id": "github" } }
            }
        }
    }"#;

    #[test]
    fn reads_what_npm_says_of_each_version() {
        let facts = read(DOCUMENT, "@acme/server").expect("is read");
        assert_eq!(facts.newest.as_deref(), Some("2.0.0"));
        assert_eq!(
            facts.maintainers,
            Some(vec!["ada".to_owned(), "eve".to_owned()])
        );
        assert_eq!(
            (&facts.listing, facts.releases.len()),
            (&Listing::Active, 2)
        );
        let first = facts.release("1.0.0").expect("is there");
        assert_eq!(first.published_at_s, Some(86_400));
        assert_eq!(first.install_scripts, ["preinstall", "postinstall"]);
        assert_eq!(first.deprecated.as_deref(), Some("use 2"));
        let dependencies = ["fsevents", "zod"].map(str::to_owned);
        assert_eq!(first.dependencies, Some(dependencies.to_vec()));
        assert_eq!(first.has_provenance, Some(true));
        assert_eq!(first.integrity, ["sha512-aaaa"]);
        let second = facts.release("2.0.0").expect("is there");
        let publisher = Publisher {
            name: "GitHub Actions".to_owned(),
            is_build: true,
        };
        assert_eq!(second.publisher, Some(publisher));
        assert_eq!(second.has_provenance, Some(false));
        assert_eq!((&second.deprecated, second.published_at_s), (&None, None));
        assert_eq!(second.repository.as_deref(), Some("acme/server"));
    }

    #[test]
    fn a_package_that_was_taken_away_or_replaced_is_told() {
        let gone = r#"{"name": "a", "time": {"unpublished": {"time": "x"}}}"#;
        assert_eq!(read(gone, "a").expect("is read").listing, Listing::Deleted);
        let held = r#"{"name": "a", "dist-tags": {"latest": "0.0.1-security"},
            "versions": {"0.0.1-security": {"repository": {"url": "git+https://github.com/npm/security-holder.git"}}}}"#;
        assert_eq!(read(held, "a").expect("is read").listing, Listing::Replaced);
    }

    #[test]
    fn odd_parts_are_left_out_and_told_and_another_package_is_refused() {
        let odd = r#"{"name": "a", "dist-tags": [], "maintainers": {"a": 1}, "time": {"2.0.0": 7},
            "versions": {"1.0.0": 7, "2.0.0": {"scripts": [], "dist": "x", "_npmUser": "u", "deprecated": {}}}}"#;
        let facts = read(odd, "a").expect("is read");
        assert_eq!((facts.newest, facts.maintainers), (None, None));
        assert_eq!(facts.gaps, ["version 1.0.0 has an odd form"]);
        assert_eq!(facts.releases.len(), 1);
        assert_eq!(facts.releases[0].has_provenance, None);
        assert_eq!(read(odd, "b"), Err(ReadError::Other));
        for text in [
            "",
            "[]",
            "{\"name\": 1}",
            "{\"name\": \"a\", \"versions\": 7}",
            &"[".repeat(100_000),
        ] {
            assert!(matches!(read(text, "a"), Err(ReadError::Form(_))));
        }
    }

    #[test]
    fn more_versions_than_are_looked_at_are_refused() {
        let versions: Vec<String> = (0..20_001).map(|at| format!("\"{at}\":{{}}")).collect();
        let text = format!("{{\"name\":\"a\",\"versions\":{{{}}}}}", versions.join(","));
        assert!(matches!(
            read(&text, "a"),
            Err(ReadError::TooMany(20_000, _))
        ));
    }
}
