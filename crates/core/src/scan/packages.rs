//! What in a project or in settings stands before the registry.

use std::path::{Path, PathBuf};

use countersign_clients::files::{self, Found};
use countersign_model::{Ecosystem, Launcher, Shadow};

use crate::setup::Setup;

/// Folders above the working folder in which node looks for packages.
const FOLDERS_ABOVE_MAX: usize = 8;

/// Finds what a launcher would take from the project in place of the registry.
pub(super) fn shadows(
    folder: Option<&str>,
    ecosystem: Ecosystem,
    name: &str,
    launcher: Option<Launcher>,
) -> Vec<Shadow> {
    let takes_local = matches!(
        launcher,
        Some(Launcher::Npx | Launcher::NpmExec | Launcher::Bunx)
    );
    let Some(folder) = folder.filter(|_| ecosystem == Ecosystem::Npm && takes_local) else {
        return Vec::new();
    };
    Path::new(folder)
        .ancestors()
        .take(FOLDERS_ABOVE_MAX)
        .map(|above| above.join("node_modules").join(name).join("package.json"))
        .find(|manifest| files::is_there(manifest))
        .map(|manifest| {
            let version = npm_version(&manifest).unwrap_or_else(|| "an unknown version".to_owned());
            Shadow {
                path: manifest.to_string_lossy().into_owned(),
                meaning: format!(
                    "the project's `node_modules` holds version {version} of `{name}`"
                ),
            }
        })
        .into_iter()
        .collect()
}

/// Finds what `python -m name` would take from the working folder.
pub(super) fn module_shadows(folder: Option<&str>, name: &str) -> Vec<Shadow> {
    let Some(folder) = folder else {
        return Vec::new();
    };
    let top = name.split('.').next().unwrap_or(name);
    let is_plain = !top.is_empty()
        && top
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let folder = Path::new(folder);
    [folder.join(format!("{top}.py")), folder.join(top)]
        .into_iter()
        .filter(|path| is_plain && files::is_there(path))
        .take(1)
        .map(|path| Shadow {
            meaning: format!(
                "the working folder holds `{}`",
                path.file_name().unwrap_or_default().to_string_lossy()
            ),
            path: path.to_string_lossy().into_owned(),
        })
        .collect()
}

/// Reads the version out of a `package.json`.
pub(super) fn npm_version(manifest: &Path) -> Option<String> {
    let Found::Text(content) = files::read(manifest) else {
        return None;
    };
    let json: serde_json::Value = serde_json::from_str(&content.text).ok()?;
    Some(json.get("version")?.as_str()?.to_owned())
}

/// Finds a registry that settings name for a package, with where they do; `None` for the usual one.
pub(super) fn registry(
    setup: &Setup,
    folder: Option<&str>,
    ecosystem: Ecosystem,
    name: &str,
) -> Option<(String, String)> {
    let found = match ecosystem {
        Ecosystem::Npm => npm_registry(setup, folder, name),
        Ecosystem::Pypi => pypi_index(setup, folder),
    }?;
    let (address, source) = found;
    (!is_usual(&address)).then(|| {
        (
            countersign_secrets::address(&address).shown().to_owned(),
            source,
        )
    })
}

fn is_usual(address: &str) -> bool {
    let bare = address.trim().trim_end_matches('/');
    matches!(
        bare,
        "https://registry.npmjs.org"
            | "https://registry.yarnpkg.com"
            | "https://pypi.org/simple"
            | "https://pypi.python.org/simple"
    )
}

/// Source: `npm help npmrc` and `npm help scope` (npm 11), checked 2026-11-24.
fn npm_registry(setup: &Setup, folder: Option<&str>, name: &str) -> Option<(String, String)> {
    let scope = name
        .strip_prefix('@')
        .and_then(|rest| rest.split('/').next());
    let keys: Vec<String> = scope
        .map(|scope| format!("@{scope}:registry"))
        .into_iter()
        .chain(std::iter::once("registry".to_owned()))
        .collect();
    let variable = ["npm_config_registry", "NPM_CONFIG_REGISTRY"]
        .iter()
        .find_map(|name| Some((setup.machine.variable(name)?.to_owned(), (*name).to_owned())));
    let project = folder.map(|folder| PathBuf::from(folder).join(".npmrc"));
    let user = PathBuf::from(&setup.machine.home).join(".npmrc");
    let files: Vec<PathBuf> = project.into_iter().chain(std::iter::once(user)).collect();
    let scoped = || in_files(setup, &files, &keys[..keys.len() - 1]);
    let plain = || in_files(setup, &files, &keys[keys.len() - 1..]);
    scoped().or(variable).or_else(plain)
}

/// Source: uv documentation, "Package indexes" and "Configuration files" (uv 0.9), checked 2026-11-24.
fn pypi_index(setup: &Setup, folder: Option<&str>) -> Option<(String, String)> {
    let variable = ["UV_DEFAULT_INDEX", "UV_INDEX_URL"]
        .iter()
        .find_map(|name| Some((setup.machine.variable(name)?.to_owned(), (*name).to_owned())));
    if variable.is_some() {
        return variable;
    }
    let config = setup
        .machine
        .expand("{XDG_CONFIG_HOME}/uv/uv.toml")
        .map(PathBuf::from);
    let files: Vec<PathBuf> = folder
        .map(|folder| PathBuf::from(folder).join("uv.toml"))
        .into_iter()
        .chain(config)
        .collect();
    in_files(setup, &files, &["index-url".to_owned()])
}

/// Finds the first of `keys` with a value in files of lines `key = value`.
fn in_files(setup: &Setup, files: &[PathBuf], keys: &[String]) -> Option<(String, String)> {
    files.iter().find_map(|file| {
        let Found::Text(content) = files::read(file) else {
            return None;
        };
        content.text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']);
            let is_asked = keys.iter().any(|asked| asked == key.trim());
            (is_asked && !value.is_empty() && !value.contains("${"))
                .then(|| (value.to_owned(), setup.shorten(file)))
        })
    })
}
