//! Every rule against its fixtures: each bad one fails for exactly its rule, each good one for none.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use countersign_model::{Finding, Nature, Start};
use countersign_rules::{Check, RULES, Reference};

use crate::fixture::{self, Fixture};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[test]
fn every_rule_has_a_bad_and_a_good_fixture() {
    for rule in RULES {
        let names: Vec<String> = fixtures(rule.meta.id.as_str())
            .iter()
            .map(|path| name(path))
            .collect();
        for kind in ["bad-", "good-"] {
            let has = names.iter().any(|name| name.starts_with(kind));
            assert!(has, "{} has no `{kind}*` fixture", rule.meta.id);
        }
    }
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    for entry in fs::read_dir(folder()).expect("there are fixtures") {
        let id = name(&entry.expect("can be listed").path());
        assert!(
            countersign_rules::rule(&id).is_some(),
            "no rule is named {id}"
        );
    }
}

#[test]
fn bad_fixtures_fail_for_exactly_one_rule() {
    let mut wrong = Vec::new();
    for (id, path) in all("bad-") {
        let findings = fixture::load(&path).check();
        let rules: BTreeSet<&str> = findings
            .iter()
            .map(|finding| finding.rule.as_str())
            .collect();
        if rules != BTreeSet::from([id]) {
            wrong.push(format!("{id}/{}: {}", name(&path), told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_fixtures_fail_for_no_rule() {
    let mut wrong = Vec::new();
    for (id, path) in all("good-") {
        let findings = fixture::load(&path).check();
        if !findings.is_empty() {
            wrong.push(format!("{id}/{}: {}", name(&path), told(&findings)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_message_holds_a_secret() {
    for (id, path) in all("") {
        let fixture = fixture::load(&path);
        let secrets = secrets(&fixture);
        for finding in fixture.check() {
            for secret in &secrets {
                let is_told = finding.message.contains(secret) || finding.remedy.contains(secret);
                assert!(!is_told, "{id}/{} tells a secret", name(&path));
            }
        }
    }
}

#[test]
fn rules_say_everything_about_themselves() {
    let mut ids = BTreeSet::new();
    for rule in RULES {
        let meta = &rule.meta;
        let id = meta.id.as_str();
        assert!(ids.insert(id), "{id} stands twice");
        let is_kebab = id
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(is_kebab, "{id} is not lowercase words joined by hyphens");
        for text in [meta.title, meta.why, meta.example, meta.remedy] {
            assert!(!text.trim().is_empty(), "{id} leaves something out");
        }
        let is_sentence = meta.why.ends_with('.') && meta.remedy.ends_with('.');
        assert!(
            is_sentence && !meta.title.ends_with('.'),
            "{id}: sentences end, titles do not"
        );
        let is_placed = meta
            .references
            .iter()
            .any(|reference| !matches!(reference, Reference::Cwe(_)));
        assert!(is_placed, "{id} names neither SAFE-MCP nor OWASP");
    }
}

#[test]
fn each_rule_is_the_file_of_its_name() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = BTreeSet::new();
    for part in ["entry", "file", "document", "machine", "surface"] {
        for entry in fs::read_dir(source.join(part)).expect("rules lie in folders") {
            let path = entry.expect("can be listed").path();
            let stem = path.file_stem().expect("a file has a name");
            files.insert(stem.to_string_lossy().replace('_', "-"));
        }
    }
    let ids: BTreeSet<String> = RULES
        .iter()
        .map(|rule| rule.meta.id.as_str().to_owned())
        .collect();
    assert_eq!(files, ids);
}

/// Lists the fixtures of a rule.
fn fixtures(id: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder().join(id)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("can be listed").path())
        .collect();
    paths.sort();
    paths
}

/// Lists every rule's fixtures whose name begins with `kind`.
fn all(kind: &str) -> Vec<(&'static str, PathBuf)> {
    // Surfaces have fixtures and tests of their own.
    RULES
        .iter()
        .filter(|rule| !matches!(rule.check, Check::Surface(_)))
        .map(|rule| rule.meta.id.as_str())
        .flat_map(|id| fixtures(id).into_iter().map(move |path| (id, path)))
        .filter(|(_, path)| name(path).starts_with(kind))
        .collect()
}

fn name(path: &Path) -> String {
    path.file_name()
        .expect("a fixture has a name")
        .to_string_lossy()
        .into_owned()
}

fn told(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} ({})", finding.rule, finding.message))
        .collect();
    if lines.is_empty() {
        "nothing".to_owned()
    } else {
        lines.join("; ")
    }
}

/// Returns what a fixture keeps in plain text and nobody may see.
fn secrets(fixture: &Fixture) -> Vec<String> {
    const WHY: &str = "tests look for it in messages";
    let mut secrets = Vec::new();
    for entry in fixture.configs.iter().flat_map(|config| &config.entries) {
        let settings = entry
            .environment
            .iter()
            .chain(&entry.headers)
            .chain(&entry.other_settings)
            .map(|setting| (&setting.nature, setting.value.expose(WHY)));
        let tokens: Vec<_> = match &entry.start {
            Start::Command(command) => command
                .tokens()
                .map(|token| (token.nature(), token.expose(WHY)))
                .collect(),
            Start::Remote(address) => vec![(address.nature(), address.expose(WHY))],
            _ => Vec::new(),
        };
        secrets.extend(
            settings
                .chain(tokens)
                .filter_map(|(nature, text)| match nature {
                    Nature::Credential(found) => text.get(found.span.clone()).map(str::to_owned),
                    _ => None,
                }),
        );
    }
    secrets
}
