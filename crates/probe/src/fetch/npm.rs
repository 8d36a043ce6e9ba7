use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{Path, PathBuf},
};

use countersign_launch::sandbox::Sandbox;
use serde::Deserialize;
use serde_json::Value;

use super::{FetchError, Fetcher, Locked, PACKAGES_MAX, Wanted, inside, is_word, read};

pub(super) fn is_name(name: &str) -> bool {
    const MARKS: &str = "._-~";
    match name.strip_prefix('@') {
        None => is_word(name, MARKS),
        Some(scoped) => scoped
            .split_once('/')
            .is_some_and(|(scope, name)| is_word(scope, MARKS) && is_word(name, MARKS)),
    }
}

/// Has npm put the package and all that it needs into a folder, without running anything of them.
pub(super) fn prepare(sandbox: &mut Sandbox, wanted: &Wanted, with: &Fetcher, package: &Path) {
    let mut arguments: Vec<OsString> = [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--package-lock=true",
        "--global=false",
        "--workspaces=false",
        "--allow-git=none",
        "--prefix",
    ]
    .map(OsString::from)
    .to_vec();
    arguments.push(package.into());
    if let Some(address) = &with.address {
        arguments.push(format!("--registry={address}").into());
    }
    arguments.push("--".into());
    arguments.push(format!("{}@{}", wanted.name, wanted.version).into());
    sandbox.arguments = arguments;
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    version: String,
    #[serde(default)]
    integrity: Option<String>,
}

/// Returns the tree as npm has locked it.
pub(super) fn packages(package: &Path) -> Result<Vec<Locked>, FetchError> {
    let text = read(package, &package.join("package-lock.json"))?;
    let lock: Lock =
        serde_json::from_str(&text).map_err(|error| FetchError::Unreadable(error.to_string()))?;
    if lock.packages.len() > PACKAGES_MAX {
        return Err(FetchError::Unreadable("the tree is too large".to_owned()));
    }
    let others = lock
        .packages
        .into_iter()
        .filter(|(place, _)| !place.is_empty());
    others
        .map(|(name, Entry { version, integrity })| match integrity {
            Some(hash) if !hash.is_empty() => Ok(Locked {
                name,
                version,
                hash,
            }),
            _ => Err(FetchError::NotLocked(name)),
        })
        .collect()
}

/// Returns what runs the package's program.
pub(super) fn program(
    package: &Path,
    wanted: &Wanted,
    environment: &[(OsString, OsString)],
) -> Result<(PathBuf, Vec<OsString>), FetchError> {
    let own = package.join("node_modules").join(&wanted.name);
    let text = read(package, &own.join("package.json"))?;
    let manifest: Value =
        serde_json::from_str(&text).map_err(|error| FetchError::Unreadable(error.to_string()))?;
    let short = wanted.name.rsplit('/').next().unwrap_or_default();
    let file = match manifest.get("bin") {
        Some(Value::String(file)) => file,
        Some(Value::Object(files)) => {
            let named = wanted.program.as_deref().unwrap_or(short);
            let only = files.values().next().filter(|_| files.len() == 1);
            let only = only.filter(|_| wanted.program.is_none());
            let found = files.get(named).or(only).and_then(Value::as_str);
            found.ok_or_else(|| FetchError::NoProgram("none of that name".to_owned()))?
        }
        _ => return Err(FetchError::NoProgram("none".to_owned())),
    };
    let script = inside(package, &own.join(file))?;
    let node = found_in_path("node", environment)
        .ok_or_else(|| FetchError::NoProgram("no `node` to run it".to_owned()))?;
    Ok((node, vec![script.into()]))
}

fn found_in_path(name: &str, environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let (_, path) = environment.iter().find(|(name, _)| name == "PATH")?;
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}
