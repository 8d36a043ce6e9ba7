//! Node.js packages: the interface's, and the real third-party clients'.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::Failure,
    files::{copy, create, key, needed, read, write},
    place::Place,
    program::Program,
};

/// The clients that are fetched, by the names of their programs.
pub(crate) const REAL_CLIENTS: [&str; 4] = ["claude", "codex", "gemini", "opencode"];

/// Refuses a Node.js that the interface's build does not run on.
pub(crate) fn is_fit() -> Result<(), Failure> {
    let found = Program::new("node").argument("--version").output();
    let found = found.map(|version| version.trim().to_owned());
    match found {
        Some(version) if is_new_enough(&version) && npm(&["--version"]).succeeds() => Ok(()),
        found => Err(Failure::NodeUnfit {
            found: found.filter(|version| !version.is_empty()),
        }),
    }
}

/// Installs the interface's packages where the lock differs from the one last installed.
pub(crate) fn install_ui(place: &Place) -> Result<(), Failure> {
    install(&place.ui(), false)
}

/// Runs one of the interface's scripts.
pub(crate) fn ui_script(place: &Place, script: &str) -> Program {
    npm(&["run", script])
        .folder(&place.ui())
        .environment("NO_COLOR", "1")
        .environment("npm_config_update_notifier", "false")
}

/// Builds the interface into `ui/dist`.
pub(crate) fn build_ui(place: &Place) -> Result<(), Failure> {
    needed(&place.ui().join("package.json"), "the window")?;
    ui_script(place, "build").run()
}

/// Fetches the pinned clients into the cache and returns their folder.
pub(crate) fn fetch_real_clients(place: &Place) -> Result<PathBuf, Failure> {
    let from = place.root.join("tests").join("real-clients");
    let lock = from.join("package-lock.json");
    needed(&lock, "the tests with real clients")?;
    let folder = place
        .cache
        .join("countersign-real-clients")
        .join(format!("{:016x}", key(&read(&lock)?)));
    create(&folder)?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        copy(&from.join(name), &folder.join(name))?;
    }
    // Some of them put their program in place by an install script.
    install(&folder, true)?;
    Ok(folder)
}

fn install(folder: &Path, runs_scripts: bool) -> Result<(), Failure> {
    let lock = folder.join("package-lock.json");
    needed(&lock, "`npm ci`")?;
    let locked = read(&lock)?;
    let stamp = folder.join("node_modules").join(".installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == locked) {
        return Ok(());
    }
    npm(&["ci", "--no-audit", "--no-fund"])
        .argument(format!("--ignore-scripts={}", !runs_scripts))
        .folder(folder)
        .run_with_retry()?;
    write(&stamp, &locked)
}

fn npm(arguments: &[&str]) -> Program {
    let name = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Program::new(name).shown_as("npm").arguments(arguments)
}

/// Vite runs on 20.19 and newer of 20, and on 22.12 and newer.
fn is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map_while(|number| number.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_which_versions_of_node_will_do() {
        for fit in ["v20.19.0", "v20.20.2", "v22.12.0", "v24.21.0"] {
            assert!(is_new_enough(fit), "{fit}");
        }
        for unfit in ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "node"] {
            assert!(!is_new_enough(unfit), "{unfit}");
        }
    }

    #[test]
    fn gives_each_lock_a_folder_of_its_own() {
        assert_eq!(key(b""), 0xcbf2_9ce4_8422_2325);
        assert_ne!(key(b"{}"), key(b"{ }"));
    }
}
