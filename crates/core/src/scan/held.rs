//! Credentials in files that are no configs: clients' own copies, and files of variables.
//!
//! Values are compared in memory, and none is kept: what goes on says only what was found where.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use countersign_clients::files::{self, Found};
use countersign_model::{Config, ConfigId, Entry, EntryId, FileRole, Nature, Start};
use countersign_rules::{HeldCredential, HeldFile};
use rayon::prelude::*;

use super::{
    gaps::Gaps,
    surroundings::{substitutions, working_folder},
};
use crate::{
    credentials::{self, OfText},
    setup::Setup,
};

/// Why values are read here.
const WHY: &str = "looked for in other files, in memory only";

/// Files of clients that are looked into in one scan.
const COPIES_MAX: usize = 200;

/// Credentials that are told of one file.
const CREDENTIALS_MAX: usize = 50;

/// The shortest credential that is looked for in other files: a shorter one stands in them by chance.
const KNOWN_MIN: usize = 12;

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

/// Finds the credentials of a config's copy.
fn in_document(text: &str, known: &BTreeSet<&str>) -> Vec<HeldCredential> {
    credentials::of_document(text)
        .into_iter()
        .map(|one| held(one, known))
        .collect()
}

fn held(one: OfText, known: &BTreeSet<&str>) -> HeldCredential {
    HeldCredential {
        label: one.label,
        is_known: known.contains(one.value.expose(WHY)),
        name: one.name,
        line: Some(one.line),
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
    let credentials: Vec<HeldCredential> = credentials::of_variables(&content.text)
        .into_iter()
        .map(|one| held(one, known))
        .collect();
    (!credentials.is_empty()).then(|| HeldFile {
        shown_path: setup.shorten(path),
        credentials,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::is_backup;

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
}
