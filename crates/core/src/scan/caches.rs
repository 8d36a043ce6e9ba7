//! What launchers' caches hold: which version would start today. Nothing is run to find out.

use std::path::{Path, PathBuf};

use countersign_clients::{Pattern, files};
use countersign_model::{CachedVersion, Ecosystem, Launcher, Os};

use super::packages::npm_version;
use crate::setup::Setup;

/// Returns what the launcher's cache holds of a package.
pub(super) fn cached(
    setup: &Setup,
    ecosystem: Ecosystem,
    name: &str,
    exact: Option<&str>,
    launcher: Option<Launcher>,
) -> Option<CachedVersion> {
    match (ecosystem, launcher) {
        (Ecosystem::Npm, Some(Launcher::Npx | Launcher::NpmExec)) => npx(setup, name, exact),
        (Ecosystem::Pypi, Some(Launcher::Uvx)) => uvx(setup, name, exact),
        _ => None,
    }
}

/// npx keeps each set of packages it ran in a folder of its own.
///
/// Source: npm/cli `libnpmexec` (npm 11), checked 2026-11-24.
fn npx(setup: &Setup, name: &str, exact: Option<&str>) -> Option<CachedVersion> {
    let cache = setup
        .machine
        .variable("npm_config_cache")
        .map(str::to_owned)
        .or_else(|| {
            let template = match setup.machine.os {
                Os::Windows => "{LOCALAPPDATA}/npm-cache",
                Os::Linux | Os::Macos => "{HOME}/.npm",
            };
            setup.machine.expand(template)
        })?;
    let pattern = Pattern::new(&format!("{cache}/_npx/*/node_modules/{name}/package.json"));
    let found = all(&pattern)?
        .into_iter()
        .filter_map(|manifest| Some((npm_version(&manifest)?, manifest)))
        .filter(|(version, _)| exact.is_none_or(|exact| exact == version))
        .max_by_key(|(_, manifest)| modified_s(manifest))?;
    let (version, manifest) = found;
    Some(CachedVersion {
        version,
        path: manifest.to_string_lossy().into_owned(),
        // Without a version npx asks the registry first.
        is_used_offline: exact.is_some(),
    })
}

/// uv keeps wheels by package, and tools that were installed for good.
///
/// Source: uv documentation, "Caching" and "Tools" (uv 0.9), checked 2026-11-24.
fn uvx(setup: &Setup, name: &str, exact: Option<&str>) -> Option<CachedVersion> {
    installed_tool(setup, name, exact).or_else(|| cached_wheel(setup, name, exact))
}

fn installed_tool(setup: &Setup, name: &str, exact: Option<&str>) -> Option<CachedVersion> {
    let base = setup
        .machine
        .variable("UV_TOOL_DIR")
        .map(str::to_owned)
        .or_else(|| setup.machine.expand("{XDG_DATA_HOME}/uv/tools"))?;
    let underscored = name.replace('-', "_");
    let patterns = [
        format!("{base}/{name}/lib/*/site-packages/{underscored}-*.dist-info"),
        format!("{base}/{name}/Lib/site-packages/{underscored}-*.dist-info"),
    ];
    let found = patterns
        .iter()
        .filter_map(|pattern| all(&Pattern::new(pattern)))
        .flatten()
        .find_map(|path| Some((dist_info_version(&path)?, path)))?;
    let (version, path) = found;
    exact
        .is_none_or(|exact| exact == version)
        .then(|| CachedVersion {
            version,
            path: path.to_string_lossy().into_owned(),
            is_used_offline: true,
        })
}

/// Returns what a pattern stands for; `None` where not everything was seen, as the newest may be missing.
fn all(pattern: &Pattern) -> Option<Vec<PathBuf>> {
    let expanded = files::expand(pattern);
    expanded.gap.is_none().then_some(expanded.paths)
}

fn dist_info_version(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".dist-info")?;
    Some(name.rsplit_once('-')?.1.to_owned())
}

fn cached_wheel(setup: &Setup, name: &str, exact: Option<&str>) -> Option<CachedVersion> {
    let cache = setup
        .machine
        .variable("UV_CACHE_DIR")
        .map(str::to_owned)
        .or_else(|| {
            let template = match setup.machine.os {
                Os::Windows => "{LOCALAPPDATA}/uv/cache",
                Os::Linux | Os::Macos => "{HOME}/.cache/uv",
            };
            setup.machine.expand(template)
        })?;
    let pattern = Pattern::new(&format!("{cache}/wheels-v*/pypi/{name}/*"));
    let found = all(&pattern)?
        .into_iter()
        .filter_map(|path| {
            // `1.2.3-py3-none-any`, with or without an extension.
            let version = path.file_name()?.to_str()?.split('-').next()?.to_owned();
            let is_version = version
                .bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_digit());
            is_version.then_some((version, path))
        })
        .filter(|(version, _)| exact.is_none_or(|exact| exact == version))
        .max_by_key(|(_, path)| modified_s(path))?;
    let (version, path) = found;
    Some(CachedVersion {
        version,
        path: path.to_string_lossy().into_owned(),
        is_used_offline: exact.is_some(),
    })
}

fn modified_s(path: &Path) -> u64 {
    files::stat(path).map_or(0, |facts| facts.modified_s)
}
