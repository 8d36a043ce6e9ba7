//! Answers to what identities ask: search path, hashes, packages in the project, registries, caches.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Mutex,
};

use countersign_model::{Config, Entry, EntryId, Os, Scope, Server};
use countersign_trust::{Question, Subject, Surroundings, complete, identify, questions};
use rayon::prelude::*;

use super::{caches, hashes, packages};
use crate::{
    install::{self, Installed},
    setup::Setup,
};

/// What was looked up already in this scan.
#[derive(Default)]
struct Known {
    which: Mutex<HashMap<String, Option<String>>>,
}

/// Names what every entry of the configs starts or reaches.
pub(super) fn identify_all(setup: &Setup, configs: &[Config]) -> HashMap<EntryId, Server> {
    let known = Known::default();
    let entries: Vec<_> = configs
        .iter()
        .flat_map(|config| config.entries.iter().map(move |entry| (config, entry)))
        .collect();
    entries
        .par_iter()
        .map(|(config, entry)| (entry.id.clone(), one(setup, &known, config, entry)))
        .collect()
}

fn one(setup: &Setup, known: &Known, config: &Config, entry: &Entry) -> Server {
    let folder = working_folder(setup, config, entry);
    let Installed { guard, bridge } = install::place(setup);
    let subject = Subject {
        start: &entry.start,
        environment: &entry.environment,
        working_folder: folder.clone(),
        os: setup.machine.os,
        home: setup.machine.home.clone(),
        guard_path: Some(guard),
        bridge_path: Some(bridge),
        substitutions: substitutions(setup, config, entry),
    };
    let mut server = identify(&subject);
    // A bare name that leads to a file asks for that file's hash next.
    for _ in 0..2 {
        let asked = questions(&server);
        if asked.is_empty() {
            break;
        }
        let mut surroundings = Surroundings::default();
        for question in &asked {
            answer(setup, known, folder.as_deref(), question, &mut surroundings);
        }
        let is_followed_up = matches!(asked[0], Question::Which { .. });
        server = complete(server, surroundings);
        if !is_followed_up {
            break;
        }
    }
    server
}

/// Returns the folder in which an entry starts: its own, else its project's. Absolute or unknown.
pub(super) fn working_folder(setup: &Setup, config: &Config, entry: &Entry) -> Option<String> {
    let project = project(config, entry);
    let Some(own) = &entry.working_folder else {
        return project;
    };
    let mut folder = own.clone();
    for (name, value) in substitutions(setup, config, entry) {
        folder = folder.replace(&format!("${{{name}}}"), &value);
    }
    let folder = setup.machine.absolute(&folder);
    let is_absolute = folder.starts_with('/') || folder.as_bytes().get(1) == Some(&b':');
    if is_absolute && !folder.contains("${") {
        Some(folder)
    } else {
        project.map(|project| format!("{}/{folder}", project.trim_end_matches('/')))
    }
}

/// Returns the project of an entry, where all its readers agree on one.
fn project(config: &Config, entry: &Entry) -> Option<String> {
    let mut projects = entry
        .readers
        .iter()
        .map(|index| config.readers[*index].project.as_deref());
    let first = projects.next()??;
    projects
        .all(|other| other == Some(first))
        .then(|| first.to_string_lossy().replace('\\', "/"))
}

/// Returns what clients put in the place of `${NAME}`.
pub(super) fn substitutions(
    setup: &Setup,
    config: &Config,
    entry: &Entry,
) -> Vec<(String, String)> {
    let text = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let mut known = vec![
        ("userHome".to_owned(), setup.machine.home.clone()),
        ("/".to_owned(), "/".to_owned()),
        ("pathSeparator".to_owned(), "/".to_owned()),
    ];
    if let Some(project) = project(config, entry) {
        for name in [
            "workspaceFolder",
            "workspaceRoot",
            "workspacePath",
            "CLAUDE_PROJECT_DIR",
            "projectDir",
        ] {
            known.push((name.to_owned(), project.clone()));
        }
    }
    let is_plugin = entry
        .readers
        .iter()
        .any(|index| config.readers[*index].scope == Scope::Plugin);
    if is_plugin && let Some(folder) = config.path.parent() {
        let root = if folder
            .file_name()
            .is_some_and(|name| name == ".claude-plugin" || name == ".cursor-plugin")
        {
            folder.parent().unwrap_or(folder)
        } else {
            folder
        };
        for name in [
            "__dirname",
            "CLAUDE_PLUGIN_ROOT",
            "PLUGIN_ROOT",
            "extensionPath",
        ] {
            known.push((name.to_owned(), text(root)));
        }
    }
    known
}

fn answer(
    setup: &Setup,
    known: &Known,
    folder: Option<&str>,
    question: &Question,
    surroundings: &mut Surroundings,
) {
    match question {
        Question::Which { name } => {
            if setup.is_own_home {
                surroundings.was_searched = true;
                surroundings.program_path = which(setup, known, name);
            }
        }
        Question::Hash { path } => surroundings.hash = hashes::cached(setup, Path::new(path)),
        Question::Package {
            ecosystem,
            name,
            exact,
            launcher,
        } => {
            surroundings.shadows = packages::shadows(folder, *ecosystem, name, *launcher);
            surroundings.registry = packages::registry(setup, folder, *ecosystem, name);
            surroundings.cached =
                caches::cached(setup, *ecosystem, name, exact.as_deref(), *launcher);
        }
        Question::Module { name } => {
            surroundings.shadows = packages::module_shadows(folder, name);
        }
    }
}

/// Finds a program on this process' search path, as a client started by this user would.
fn which(setup: &Setup, known: &Known, name: &str) -> Option<String> {
    if let Some(answer) = known.which.lock().ok()?.get(name) {
        return answer.clone();
    }
    let path = setup.machine.variable("PATH").unwrap_or_default();
    let found = std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .find_map(|folder| program_in(setup.machine.os, &folder, name))
        .map(|path| path.to_string_lossy().replace('\\', "/"));
    if let Ok(mut answers) = known.which.lock() {
        answers.insert(name.to_owned(), found.clone());
    }
    found
}

fn program_in(os: Os, folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = folder.join(name);
    let candidates: Vec<PathBuf> = match os {
        Os::Windows => ["exe", "cmd", "bat", "com"]
            .iter()
            .map(|extension| folder.join(format!("{name}.{extension}")))
            .collect(),
        Os::Linux | Os::Macos => vec![plain],
    };
    candidates.into_iter().find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
