//! Credentials in files that are no configs: clients' own copies, and files of variables.
//!
//! Values are compared in memory, and none is kept: what goes on says only what was found where.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use countersign_clients::{
    Format,
    files::{self, Found},
    read,
};
use countersign_confedit::{Kind, Lines, Node};
use countersign_model::{
    Config, ConfigId, Credential, Entry, EntryId, FileRole, Nature, SecretText, Start,
};
use countersign_rules::{HeldCredential, HeldFile};
use countersign_secrets::{Place, argument_spans, classify};
use rayon::prelude::*;

use super::{
    gaps::Gaps,
    surroundings::{substitutions, working_folder},
};
use crate::setup::Setup;

/// Why values are read here.
const WHY: &str = "looked for in other files, in memory only";

/// Files of clients that are looked into in one scan.
const COPIES_MAX: usize = 200;

/// Credentials that are told of one file.
const CREDENTIALS_MAX: usize = 50;

/// The shortest credential that is looked for in other files: a shorter one stands in them by chance.
const KNOWN_MIN: usize = 12;

/// Values inside one copy that are looked at.
const VALUES_MAX: usize = 100_000;

/// Looks into clients' state, databases and backups: for credentials that stand in a config, and in
/// backups for any.
pub(super) fn copies(
    setup: &Setup,
    configs: &[Config],
    gaps: &mut Gaps,
) -> HashMap<ConfigId, HeldFile> {
    let known = known(configs);
    let files: Vec<&Config> = configs
        .iter()
        .filter(|config| matches!(config.role, FileRole::State | FileRole::Database))
        .filter(|config| !known.is_empty() || is_backup(&config.path))
        .collect();
    if files.len() > COPIES_MAX {
        gaps.tell(format!(
            "only the first {COPIES_MAX} files of clients' state were looked into"
        ));
    }
    files
        .par_iter()
        .take(COPIES_MAX)
        .filter_map(|config| {
            let credentials = in_copy(config, &known);
            let held = HeldFile {
                shown_path: setup.shorten(&config.path),
                credentials,
            };
            (!held.credentials.is_empty()).then(|| (config.id.clone(), held))
        })
        .collect()
}

/// Returns the credentials of every entry that are long enough to be looked for.
fn known(configs: &[Config]) -> BTreeSet<&str> {
    configs
        .iter()
        .flat_map(|config| &config.entries)
        .flat_map(of_entry)
        .filter(|text| text.len() >= KNOWN_MIN)
        .collect()
}

fn of_entry(entry: &Entry) -> Vec<&str> {
    let settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings)
        .map(|setting| (&setting.nature, setting.value.expose(WHY)));
    let started: Vec<(&Nature, &str)> = match &entry.start {
        Start::Command(command) => command
            .tokens()
            .map(|token| (token.nature(), token.expose(WHY)))
            .collect(),
        Start::Remote(address) => vec![(address.nature(), address.expose(WHY))],
        Start::BuiltIn(_) | Start::Missing => Vec::new(),
    };
    settings
        .chain(started)
        .filter_map(|(nature, text)| match nature {
            Nature::Credential(found) => text.get(found.span.clone()),
            _ => None,
        })
        .collect()
}

/// Returns whether a client's file is an older copy of a config, by its name or its folder's.
fn is_backup(path: &Path) -> bool {
    let says_so = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.contains("backup")
            || name.ends_with(".bak")
            || name.contains(".bak.")
            || name.ends_with(".old")
    };
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    name(path).is_some_and(|name| says_so(&name))
        || path
            .parent()
            .and_then(name)
            .is_some_and(|name| says_so(&name))
}

fn in_copy(config: &Config, known: &BTreeSet<&str>) -> Vec<HeldCredential> {
    let Some(text) = text_of(config) else {
        return Vec::new();
    };
    let mut held: Vec<HeldCredential> = Vec::new();
    if is_backup(&config.path) {
        held.extend(in_document(&text, known));
    }
    if held.is_empty() && known.iter().any(|value| text.contains(value)) {
        // Whatever form the file has: the text of a credential is in it.
        let has_lines = config.role != FileRole::Database;
        held.extend(known.iter().filter_map(|value| {
            let at = text.find(value)?;
            Some(HeldCredential {
                label: "credential",
                name: None,
                line: has_lines.then(|| line_at(&text, at)).flatten(),
                is_known: true,
            })
        }));
    }
    held.sort_by_key(|held| held.line);
    held.truncate(CREDENTIALS_MAX);
    held
}

/// Reads a file of a client as text; a database as what of it is text.
fn text_of(config: &Config) -> Option<zeroize::Zeroizing<String>> {
    if config.role == FileRole::Database {
        return files::bytes(&config.path)
            .map(|bytes| zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()));
    }
    match files::read(&config.path) {
        Found::Text(content) => Some(content.text),
        Found::Absent | Found::Failed { .. } => None,
    }
}

fn line_at(text: &str, at: usize) -> Option<u32> {
    let before = text[..at].bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(before + 1).ok()
}

/// Finds the credentials of a config's copy: of every value under its key, of every list as a command
/// line.
fn in_document(text: &str, known: &BTreeSet<&str>) -> Vec<HeldCredential> {
    let format = if text.trim_start().starts_with(['{', '[']) {
        Format::Jsonc
    } else {
        Format::Yaml
    };
    let Ok(root) = read::document(text, format) else {
        return Vec::new();
    };
    let mut search = Search {
        lines: Lines::of(text),
        known,
        left: VALUES_MAX,
        seen: Vec::new(),
        held: Vec::new(),
    };
    search.node(None, &root);
    search.held
}

struct Search<'text> {
    lines: Lines,
    known: &'text BTreeSet<&'text str>,
    left: usize,
    /// Values that were told, so that one that stands twice is told once.
    seen: Vec<SecretText>,
    held: Vec<HeldCredential>,
}

impl Search<'_> {
    fn node(&mut self, name: Option<&str>, node: &Node) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        match &node.kind {
            Kind::Map(members) => {
                for member in members {
                    self.node(Some(&member.key), &member.value);
                }
            }
            Kind::List(elements) => {
                let words: Vec<String> = elements
                    .iter()
                    .map(|element| element.as_str().unwrap_or_default().to_owned())
                    .collect();
                let all = argument_spans(&words);
                for ((element, word), found) in elements.iter().zip(&words).zip(all) {
                    for one in found {
                        self.add(name, element, word, &one);
                    }
                    if element.as_str().is_none() {
                        self.node(name, element);
                    }
                }
            }
            Kind::Text(text) => {
                let place = name.map_or(Place::Positional, Place::Member);
                if let Nature::Credential(found) = classify(place, text) {
                    self.add(name, node, text, &found);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }

    fn add(&mut self, name: Option<&str>, node: &Node, text: &str, found: &Credential) {
        let Some(value) = text.get(found.span.clone()) else {
            return;
        };
        let value_seen = SecretText::new(value.to_owned());
        if self.seen.contains(&value_seen) || self.held.len() >= CREDENTIALS_MAX {
            return;
        }
        self.seen.push(value_seen);
        self.held.push(HeldCredential {
            label: found.label,
            name: name.map(str::to_owned),
            line: Some(self.lines.position(node.span.start).0),
            is_known: self.known.contains(value),
        });
    }
}

/// Looks into the files from which entries load variables.
pub(super) fn environment_files(
    setup: &Setup,
    configs: &[Config],
    gaps: &mut Gaps,
) -> HashMap<EntryId, Vec<HeldFile>> {
    let known = known(configs);
    let mut held = HashMap::new();
    for config in configs {
        for entry in &config.entries {
            let files: Vec<HeldFile> = paths(setup, config, entry)
                .iter()
                .filter_map(|path| environment_file(setup, path, &known, gaps))
                .collect();
            if !files.is_empty() {
                held.insert(entry.id.clone(), files);
            }
        }
    }
    held
}

/// Returns the files that an entry loads: by its own member, and by a flag of what it starts.
fn paths(setup: &Setup, config: &Config, entry: &Entry) -> Vec<String> {
    let mut named = entry.environment_files.clone();
    if let Start::Command(command) = &entry.start {
        let tokens: Vec<&str> = command.tokens().map(|token| token.shown()).collect();
        named.extend(
            tokens
                .windows(2)
                .filter(|pair| pair[0] == "--env-file")
                .map(|pair| pair[1].to_owned()),
        );
        named.extend(
            tokens
                .iter()
                .filter_map(|token| token.strip_prefix("--env-file="))
                .map(str::to_owned),
        );
    }
    let folder = working_folder(setup, config, entry);
    named
        .into_iter()
        .filter_map(|mut path| {
            for (name, value) in substitutions(setup, config, entry) {
                path = path.replace(&format!("${{{name}}}"), &value);
            }
            let path = setup.machine.absolute(&path);
            if Path::new(&path).is_absolute() {
                return Some(path);
            }
            let is_known = !path.contains("${");
            is_known
                .then(|| folder.as_ref().map(|folder| format!("{folder}/{path}")))
                .flatten()
        })
        .collect()
}

/// Looks into a file of variables: lines of `NAME=value`.
fn environment_file(
    setup: &Setup,
    path: &str,
    known: &BTreeSet<&str>,
    gaps: &mut Gaps,
) -> Option<HeldFile> {
    let path = Path::new(path);
    let content = match files::read(path) {
        Found::Text(content) => content,
        Found::Absent => return None,
        Found::Failed { failure, .. } => {
            gaps.tell(format!(
                "what {} holds is not known: {failure}",
                setup.shorten(path)
            ));
            return None;
        }
    };
    let mut credentials = Vec::new();
    for (number, line) in (1..).zip(content.text.lines()) {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        if let Nature::Credential(found) = classify(Place::Variable(name.trim()), value)
            && credentials.len() < CREDENTIALS_MAX
        {
            let text = value.get(found.span.clone()).unwrap_or_default();
            credentials.push(HeldCredential {
                label: found.label,
                name: Some(countersign_secrets::shown_text(name.trim()).into_owned()),
                line: Some(number),
                is_known: known.contains(text),
            });
        }
    }
    (!credentials.is_empty()).then(|| HeldFile {
        shown_path: setup.shorten(path),
        credentials,
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::{in_document, is_backup};

    #[test]
    fn knows_backups_by_their_names() {
        for path in [
            "/h/.claude/backups/.claude.json.backup.1",
            "/h/goose/config.yaml.bak",
            "/h/mcpm/backups/x.json",
        ] {
            assert!(is_backup(Path::new(path)), "{path}");
        }
        assert!(!is_backup(Path::new("/h/.gemini/mcp-oauth-tokens.json")));
    }

    #[test]
    fn finds_each_credential_of_a_copy_once() {
        let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
        let text = format!(
            "{{\n \"env\": {{\"TOKEN\": \"{token}\"}},\n \"args\": [\"--password\", \"Tr0ub4dor&3\", \"x\"],\n \"again\": \"{token}\"\n}}"
        );
        let known = BTreeSet::from([token.as_str()]);
        let held = in_document(&text, &known);
        let told: Vec<_> = held
            .iter()
            .map(|held| (held.name.as_deref(), held.line, held.is_known))
            .collect();
        assert_eq!(
            told,
            [
                (Some("TOKEN"), Some(2), true),
                (Some("args"), Some(3), false)
            ]
        );
        let yaml = format!("extensions:\n  x:\n    envs:\n      TOKEN: {token}\n");
        assert_eq!(in_document(&yaml, &known).len(), 1);
        assert!(in_document("not: [valid", &known).is_empty());
    }
}
