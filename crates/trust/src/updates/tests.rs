//! Every sign with its honest twin, and which release is offered.

use std::collections::BTreeMap;

use countersign_model::{Advisory, Ecosystem, Listing, PackageFacts, Publisher, Release, Severity};

use super::{COOL_DOWN_S, Offered, Said, UpdateSign, UpdateVerdict, Watched, updates};

const NOW: i64 = 1_800_000_000;
const DAY: i64 = 24 * 60 * 60;

fn release(version: &str, days: i64) -> Release {
    Release {
        version: version.to_owned(),
        published_at_s: Some(NOW - days * DAY),
        publisher: Some(person("ada")),
        maintainers: Some(names(&["ada", "ben"])),
        has_provenance: Some(true),
        integrity: names(&["sha512-a"]),
        repository: Some("git+https://github.com/acme/server.git".to_owned()),
        ..Release::default()
    }
}

fn person(name: &str) -> Publisher {
    Publisher {
        name: name.to_owned(),
        is_build: false,
    }
}

fn build() -> Publisher {
    Publisher {
        name: "GitHub Actions".to_owned(),
        is_build: true,
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A package that is used at 1.0.0, with a newer release that is old enough.
fn facts() -> PackageFacts {
    PackageFacts {
        newest: Some("1.1.0".to_owned()),
        releases: vec![release("1.0.0", 100), release("1.1.0", 30)],
        maintainers: Some(names(&["ada", "ben"])),
        ..PackageFacts::default()
    }
}

fn advisory(id: &str, fixed: &[&str]) -> Advisory {
    Advisory {
        id: id.to_owned(),
        aliases: Vec::new(),
        summary: String::new(),
        fixed: names(fixed),
    }
}

fn watched() -> Watched<'static> {
    Watched {
        ecosystem: Ecosystem::Npm,
        version: "1.0.0",
        integrity: &[],
        maintainers: None,
        mistaken_for: None,
    }
}

fn none() -> BTreeMap<String, Vec<Advisory>> {
    BTreeMap::from([("1.0.0".to_owned(), Vec::new())])
}

fn known(version: &str, advisories: Vec<Advisory>) -> BTreeMap<String, Vec<Advisory>> {
    let mut known = none();
    known.insert(version.to_owned(), advisories);
    known
}

fn judged(facts: &PackageFacts, advisories: &BTreeMap<String, Vec<Advisory>>) -> UpdateVerdict {
    let said = Said {
        facts: Some(facts),
        advisories,
    };
    updates(&watched(), &said, NOW, COOL_DOWN_S)
}

/// Checks that every sign is said in a sentence.
fn said(verdict: &UpdateVerdict) {
    for sign in &verdict.signs {
        let text = sign.to_string();
        assert!(text.len() > 15, "{sign:?}: {text}");
    }
}

fn codes(verdict: &UpdateVerdict) -> Vec<&'static str> {
    verdict.signs.iter().map(UpdateSign::code).collect()
}

/// Checks that a change of the newer release, or of the package, makes exactly these signs.
fn check(change: impl FnOnce(&mut PackageFacts), expect: &[&str]) -> UpdateVerdict {
    let mut changed = facts();
    change(&mut changed);
    let verdict = judged(&changed, &none());
    said(&verdict);
    assert_eq!(codes(&verdict), expect, "{:?}", verdict.signs);
    verdict
}

fn newer(facts: &mut PackageFacts) -> &mut Release {
    &mut facts.releases[1]
}

fn present(facts: &mut PackageFacts) -> &mut Release {
    &mut facts.releases[0]
}

#[test]
fn an_honest_update_is_offered_with_nothing_against_it() {
    let verdict = check(|_| {}, &[]);
    let offered = Offered {
        version: "1.1.0".to_owned(),
        age_s: Some(30 * DAY),
        is_security_fix: false,
    };
    assert_eq!(verdict.newest, Some(offered.clone()));
    assert_eq!(verdict.eligible, Some(offered));
    assert!(verdict.not_compared.is_empty());
}

#[test]
fn maintainers_that_come_and_go_are_told() {
    let verdict = check(
        |facts| facts.maintainers = Some(names(&["ada", "eve"])),
        &["maintainers-added", "maintainers-removed"],
    );
    assert_eq!(
        verdict.signs[0].to_string(),
        "Others can publish it than before: eve."
    );
    check(
        |facts| facts.maintainers = Some(names(&["ben", "ada"])),
        &[],
    );
    check(|facts| facts.maintainers = None, &[]);
    let kept = names(&["ada"]);
    let watched = Watched {
        maintainers: Some(&kept),
        ..watched()
    };
    let (facts, advisories) = (facts(), none());
    let said = Said {
        facts: Some(&facts),
        advisories: &advisories,
    };
    let verdict = updates(&watched, &said, NOW, COOL_DOWN_S);
    assert_eq!(codes(&verdict), ["maintainers-added"]);
}

#[test]
fn another_publisher_is_told_unless_it_could_publish_before() {
    let verdict = check(
        |facts| newer(facts).publisher = Some(person("eve")),
        &["publisher-changed"],
    );
    assert_eq!(
        verdict.signs[0].to_string(),
        "1.1.0 was published by eve; the present version was by ada."
    );
    check(|facts| newer(facts).publisher = Some(person("ben")), &[]);
    check(|facts| newer(facts).publisher = Some(build()), &[]);
    check(|facts| newer(facts).publisher = None, &[]);
    let from_build = |to: Publisher| {
        move |facts: &mut PackageFacts| {
            present(facts).publisher = Some(build());
            newer(facts).publisher = Some(to);
        }
    };
    check(from_build(person("ada")), &["publisher-changed"]);
    check(from_build(build()), &[]);
}

#[test]
fn provenance_that_is_gone_is_told() {
    check(
        |facts| newer(facts).has_provenance = Some(false),
        &["provenance-gone"],
    );
    check(
        |facts| {
            facts
                .releases
                .iter_mut()
                .for_each(|one| one.has_provenance = Some(false));
        },
        &[],
    );
    let unknown = check(|facts| newer(facts).has_provenance = None, &[]);
    assert_eq!(
        unknown.not_compared,
        ["the registry does not say whether 1.1.0 has provenance"]
    );
}

#[test]
fn install_scripts_that_were_added_are_told() {
    let verdict = check(
        |facts| newer(facts).install_scripts = names(&["postinstall"]),
        &["install-scripts-added"],
    );
    assert!(
        verdict.signs[0]
            .to_string()
            .ends_with("does not: postinstall.")
    );
    check(
        |facts| {
            for release in &mut facts.releases {
                release.install_scripts = names(&["postinstall"]);
            }
        },
        &[],
    );
    check(
        |facts| present(facts).install_scripts = names(&["install"]),
        &[],
    );
}

#[test]
fn packages_that_come_along_for_the_first_time_are_told() {
    let brings = |before: &[&str], after: &[&str]| {
        let (before, after) = (names(before), names(after));
        move |facts: &mut PackageFacts| {
            present(facts).dependencies = Some(before);
            newer(facts).dependencies = Some(after);
        }
    };
    let verdict = check(
        brings(&["zod"], &["crypto-js", "zod"]),
        &["dependencies-added"],
    );
    assert!(
        verdict.signs[0]
            .to_string()
            .ends_with("does not: crypto-js.")
    );
    check(brings(&["crypto-js", "zod"], &["zod"]), &[]);
    check(
        |facts| newer(facts).dependencies = Some(names(&["zod"])),
        &[],
    );
}

#[test]
fn another_source_is_told_and_another_spelling_is_not() {
    let to = |address: &'static str| {
        move |facts: &mut PackageFacts| newer(facts).repository = Some(address.to_owned())
    };
    check(to("https://github.com/eve/server"), &["repository-changed"]);
    check(to("github:acme/server"), &[]);
}

#[test]
fn what_its_owners_took_back_is_told_and_not_offered() {
    let verdict = check(
        |facts| newer(facts).deprecated = Some("use 2".to_owned()),
        &["deprecated"],
    );
    assert_eq!(
        verdict.signs[0].to_string(),
        "1.1.0 should not be used any more, say its owners: use 2"
    );
    assert_eq!(verdict.eligible, None);
    let verdict = check(
        |facts| newer(facts).yanked = Some(String::new()),
        &["yanked"],
    );
    assert_eq!(verdict.signs[0].to_string(), "1.1.0 was yanked.");
    assert_eq!(verdict.eligible, None);
    let verdict = check(
        |facts| present(facts).yanked = Some("broken".to_owned()),
        &["yanked"],
    );
    assert!(verdict.eligible.is_some(), "away from what was yanked");
    check(
        |facts| facts.listing = Listing::Deprecated(String::new()),
        &["deprecated"],
    );
    check(|facts| facts.listing = Listing::Archived, &["archived"]);
}

#[test]
fn a_package_that_is_gone_held_back_or_replaced_is_told() {
    check(
        |facts| facts.listing = Listing::Quarantined("malware".to_owned()),
        &["quarantined"],
    );
    let empty = |listing: Listing| {
        move |facts: &mut PackageFacts| {
            facts.releases.clear();
            facts.listing = listing;
        }
    };
    check(empty(Listing::Deleted), &["deleted"]);
    check(empty(Listing::Replaced), &["replaced"]);
    let verdict = check(
        |facts| {
            facts.releases.remove(0);
        },
        &["version-gone"],
    );
    assert!(verdict.newest.is_some());
    let advisories = none();
    let said = Said {
        facts: None,
        advisories: &advisories,
    };
    let verdict = updates(&watched(), &said, NOW, COOL_DOWN_S);
    assert_eq!(codes(&verdict), ["deleted"]);
}

#[test]
fn files_that_are_not_those_that_were_approved_are_told() {
    let of = |approved: &[&str], present: &[&str]| {
        let approved = names(approved);
        let watched = Watched {
            integrity: &approved,
            ..watched()
        };
        let (mut facts, advisories) = (facts(), none());
        facts.releases[0].integrity = names(present);
        let said = Said {
            facts: Some(&facts),
            advisories: &advisories,
        };
        codes(&updates(&watched, &said, NOW, COOL_DOWN_S))
    };
    assert_eq!(of(&["sha512-b"], &["sha512-a"]), ["content-changed"]);
    assert_eq!(of(&["sha512-a"], &["sha512-a"]), [""; 0]);
    assert_eq!(of(&[], &["sha512-a"]), [""; 0]);
    let (one, two) = ("a.whl sha256:1", "b.whl sha256:2");
    assert_eq!(of(&[one], &["a.whl sha256:3"]), ["content-changed"]);
    assert_eq!(of(&[one], &[one, two]), ["files-added"]);
    assert_eq!(of(&[one, two], &[one]), [""; 0]);
}

#[test]
fn known_problems_are_told_and_what_mends_them_is_not_kept_waiting() {
    let mut facts = facts();
    newer(&mut facts).published_at_s = Some(NOW - DAY);
    facts.releases.push(release("2.0.0", 0));
    let young = judged(&facts, &none());
    assert_eq!((young.eligible, codes_of(&young.signs)), (None, vec![]));
    let problem = known("1.0.0", vec![advisory("GHSA-1", &["1.1.0"])]);
    let verdict = judged(&facts, &problem);
    assert_eq!(codes(&verdict), ["vulnerable"]);
    assert_eq!(
        verdict.signs[0].to_string(),
        "1.0.0 has known problems: GHSA-1. They are mended in 1.1.0."
    );
    let eligible = verdict.eligible.expect("it is not kept waiting");
    assert_eq!(
        (eligible.version.as_str(), eligible.is_security_fix),
        ("1.1.0", true)
    );
    let both = known(
        "1.0.0",
        vec![
            advisory("GHSA-1", &["1.1.0"]),
            advisory("GHSA-2", &["0.9.1", "2.0.0"]),
        ],
    );
    let eligible = judged(&facts, &both).eligible.expect("it mends both");
    assert_eq!(eligible.version, "2.0.0");
    let unmended = known("1.0.0", vec![advisory("GHSA-1", &[])]);
    let verdict = judged(&facts, &unmended);
    assert_eq!(verdict.eligible, None);
    assert!(verdict.signs[0].to_string().contains("no version mends"));
}

fn codes_of(signs: &[UpdateSign]) -> Vec<&'static str> {
    signs.iter().map(UpdateSign::code).collect()
}

#[test]
fn what_is_known_to_be_malicious_is_told_first_and_never_offered() {
    let verdict = judged(
        &facts(),
        &known("1.0.0", vec![advisory("MAL-1", &["1.1.0"])]),
    );
    assert_eq!(codes(&verdict), ["malicious"]);
    assert!(!verdict.eligible.expect("away from it").is_security_fix);
    let newer = known("1.1.0", vec![advisory("MAL-2", &[])]);
    let mut changed = facts();
    changed.maintainers = Some(names(&["ada", "ben", "eve"]));
    let verdict = judged(&changed, &newer);
    assert_eq!(codes(&verdict), ["malicious", "maintainers-added"]);
    assert_eq!(verdict.signs[0].severity(), Severity::Critical);
    assert_eq!((verdict.eligible, verdict.newest.is_some()), (None, true));
    let alias = Advisory {
        aliases: names(&["MAL-3"]),
        ..advisory("GHSA-3", &[])
    };
    let verdict = judged(&facts(), &known("1.0.0", vec![alias]));
    assert_eq!(codes(&verdict), ["malicious"]);
}

#[test]
fn a_release_is_offered_once_it_is_old_enough() {
    let mut facts = facts();
    facts.releases.push(release("1.2.0", 13));
    facts.newest = Some("1.2.0".to_owned());
    let verdict = judged(&facts, &none());
    let version = |offered: Option<Offered>| offered.expect("is offered").version;
    assert_eq!(version(verdict.newest), "1.2.0");
    assert_eq!(version(verdict.eligible), "1.1.0");
    facts.releases[2] = release("1.2.0", 14);
    assert_eq!(version(judged(&facts, &none()).eligible), "1.2.0");
    for odd in [None, Some(NOW + DAY), Some(i64::MIN)] {
        facts.releases[2].published_at_s = odd;
        let verdict = judged(&facts, &none());
        assert_eq!(version(verdict.eligible), "1.1.0", "{odd:?}");
    }
}

#[test]
fn early_earlier_and_odd_versions_are_not_offered() {
    let mut facts = facts();
    facts.releases.push(release("2.0.0-rc.1", 50));
    facts.releases.push(release("0.9.9", 1));
    facts.releases.push(release("newest", 60));
    facts.newest = Some("0.9.9".to_owned());
    let verdict = judged(&facts, &none());
    assert_eq!(verdict.newest.expect("is offered").version, "1.1.0");
    assert_eq!(
        verdict.not_compared,
        ["1 releases have no version that can be compared"]
    );
    let advisories = BTreeMap::new();
    let said = Said {
        facts: Some(&facts),
        advisories: &advisories,
    };
    let odd = Watched {
        version: "main",
        ..watched()
    };
    let verdict = updates(&odd, &said, NOW, COOL_DOWN_S);
    assert_eq!(
        (verdict.newest, codes_of(&verdict.signs)),
        (None, vec!["version-gone"])
    );
    assert_eq!(
        verdict.not_compared,
        [
            "`main` is no version that can be compared",
            "known problems of main were not asked for"
        ]
    );
}

#[test]
fn a_pin_may_spell_its_version_otherwise_than_the_registry() {
    let facts = PackageFacts {
        releases: vec![release("1.0.0", 100), release("1.1", 30)],
        ..facts()
    };
    let advisories = BTreeMap::from([("1.0".to_owned(), Vec::new())]);
    let watched = Watched {
        ecosystem: Ecosystem::Pypi,
        version: "1.0",
        ..watched()
    };
    let said = Said {
        facts: Some(&facts),
        advisories: &advisories,
    };
    let verdict = updates(&watched, &said, NOW, COOL_DOWN_S);
    assert_eq!(codes(&verdict), [""; 0]);
    assert_eq!(verdict.eligible.expect("is offered").version, "1.1");
}

#[test]
fn a_name_that_is_almost_another_is_told() {
    let near = Watched {
        mistaken_for: Some("@acme/server"),
        ..watched()
    };
    let (facts, advisories) = (facts(), none());
    let said = Said {
        facts: Some(&facts),
        advisories: &advisories,
    };
    let verdict = updates(&near, &said, NOW, COOL_DOWN_S);
    assert_eq!(
        verdict.signs[0].to_string(),
        "Its name is almost that of @acme/server, which is well known."
    );
}
