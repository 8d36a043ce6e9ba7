//! OSV: known problems of one version of a package.

use countersign_model::{Advisory, Ecosystem, Package};
use serde::Deserialize;

use crate::read::{LIST_MAX, Part, ReadError, short};

/// Known problems of one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advisories {
    /// Those that were told, in no order.
    pub known: Vec<Advisory>,
    /// Whether these are all of them.
    pub is_complete: bool,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    vulns: Vec<Problem>,
    #[serde(default)]
    next_page_token: Part<String>,
}

#[derive(Deserialize)]
struct Problem {
    id: String,
    #[serde(default)]
    aliases: Part<Vec<String>>,
    #[serde(default)]
    summary: Part<String>,
    #[serde(default)]
    withdrawn: Part<String>,
    #[serde(default)]
    affected: Part<Vec<Part<Affected>>>,
}

#[derive(Deserialize)]
struct Affected {
    package: Named,
    #[serde(default)]
    ranges: Part<Vec<Part<Range>>>,
}

#[derive(Deserialize)]
struct Named {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct Range {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    events: Part<Vec<Part<Event>>>,
}

#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    fixed: Part<String>,
}

/// Writes the question for one version.
pub(crate) fn query(package: &Package, version: &str) -> String {
    let purl = package.purl(Some(version));
    serde_json::json!({ "package": { "purl": purl } }).to_string()
}

/// Reads the answer.
pub(crate) fn read(text: &str, package: &Package) -> Result<Advisories, ReadError> {
    let document: Document = serde_json::from_str(text)?;
    let is_complete = document.next_page_token.0.is_none() && document.vulns.len() <= LIST_MAX;
    let problems = document.vulns.into_iter();
    Ok(Advisories {
        known: problems
            .filter(|problem| problem.withdrawn.0.is_none())
            .take(LIST_MAX)
            .map(|problem| advisory(problem, package))
            .collect(),
        is_complete,
    })
}

fn advisory(problem: Problem, package: &Package) -> Advisory {
    let affected = problem.affected.0.unwrap_or_default().into_iter();
    let ours = affected
        .filter_map(|affected| affected.0)
        .filter(|affected| is_it(&affected.package, package));
    let ranges = ours
        .flat_map(|affected| affected.ranges.0.unwrap_or_default())
        .filter_map(|range| range.0)
        // The others are of commits.
        .filter(|range| range.kind != "GIT");
    let events = ranges.flat_map(|range| range.events.0.unwrap_or_default());
    let mut fixed: Vec<String> = events
        .filter_map(|event| event.0?.fixed.0)
        .map(|version| short(&version))
        .take(LIST_MAX)
        .collect();
    fixed.sort();
    fixed.dedup();
    let aliases = problem.aliases.0.unwrap_or_default().into_iter();
    Advisory {
        id: short(&problem.id),
        aliases: aliases.map(|id| short(&id)).take(LIST_MAX).collect(),
        summary: short(problem.summary.0.as_deref().unwrap_or_default()),
        fixed,
    }
}

fn is_it(named: &Named, package: &Package) -> bool {
    let ecosystem = match package.ecosystem {
        Ecosystem::Npm => "npm",
        Ecosystem::Pypi => "PyPI",
    };
    named.ecosystem == ecosystem && named.name.eq_ignore_ascii_case(&package.name)
}

#[cfg(test)]
mod tests {
    use countersign_model::{Ecosystem, Package};

    use super::{query, read};

    fn package() -> Package {
        Package {
            ecosystem: Ecosystem::Npm,
            name: "@acme/server".to_owned(),
            version: countersign_model::VersionSpec::Unstated,
        }
    }

    #[test]
    fn asks_for_one_version_by_its_package_url() {
        assert_eq!(
            query(&package(), "1.0.0"),
            r#"{"package":{"purl":"pkg:npm/%40acme/server@1.0.0"}}"#
        );
    }

    #[test]
    fn reads_problems_and_where_they_are_mended_in_this_package() {
        let text = r#"{"vulns": [
            {"id": "GHSA-1", "summary": "a hole", "aliases": ["CVE-1"], "affected": [
                {"package": {"ecosystem": "npm", "name": "@acme/server"}, "ranges": [
                    {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.1"}]},
                    {"type": "GIT", "events": [{"fixed": "abcdef"}]}]},
                {"package": {"ecosystem": "npm", "name": "other"}, "ranges": [
                    {"type": "SEMVER", "events": [{"fixed": "9.0.0"}]}]}]},
            {"id": "MAL-2026-1", "affected": 7},
            {"id": "GHSA-2", "withdrawn": "2026-01-01T00:00:00Z"}]}"#;
        let found = read(text, &package()).expect("is read");
        assert!(found.is_complete);
        assert_eq!(found.known.len(), 2);
        assert_eq!(found.known[0].fixed, ["1.0.1"]);
        let malicious: Vec<bool> = found.known.iter().map(|one| one.is_malicious()).collect();
        assert_eq!(malicious, [false, true]);
        let none = read("{}", &package()).expect("is read");
        assert!(none.known.is_empty() && none.is_complete);
    }

    #[test]
    fn what_is_not_all_says_so_and_what_is_no_answer_is_refused() {
        let more = read(r#"{"vulns": [], "next_page_token": "x"}"#, &package()).expect("is read");
        assert!(!more.is_complete);
        for odd in [r#"{"vulns": 7}"#, r#"{"vulns": [{"id": 1}]}"#, "[]7"] {
            assert!(read(odd, &package()).is_err(), "{odd}");
        }
    }
}
