use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use countersign_launch::sandbox::Sandbox;
use serde::Deserialize;

use super::{FetchError, Fetcher, Locked, PACKAGES_MAX, Wanted, inside, read};

/// Where pip says what it has installed.
const REPORT: &str = "countersign-report.json";

/// Makes an environment of its own, and has its pip install into it. The words are arguments, so that
/// nothing of them is read as a script.
const SCRIPT: &str = r#"python="$1" folder="$2"; shift 2
"$python" -m venv "$folder" && exec "$folder/bin/python" -m pip "$@""#;

/// Has pip put the package and all that it needs into a folder: wheels alone, which run nothing.
pub(super) fn prepare(sandbox: &mut Sandbox, wanted: &Wanted, with: &Fetcher, package: &Path) {
    sandbox.program = "/bin/sh".into();
    sandbox.readable.push(with.program.clone());
    let mut arguments: Vec<OsString> = vec!["-c".into(), SCRIPT.into(), "sh".into()];
    arguments.push(with.program.clone().into());
    arguments.push(package.into());
    let options = [
        "install",
        "--only-binary",
        ":all:",
        "--no-compile",
        "--no-input",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--report",
    ];
    arguments.extend(options.map(OsString::from));
    arguments.push(package.join(REPORT).into());
    if let Some(address) = &with.address {
        arguments.push("--index-url".into());
        arguments.push(address.into());
    }
    arguments.push("--".into());
    arguments.push(format!("{}=={}", wanted.name, wanted.version).into());
    sandbox.arguments = arguments;
}

#[derive(Deserialize)]
struct Report {
    install: Vec<Installed>,
}

#[derive(Deserialize)]
struct Installed {
    metadata: Metadata,
    download_info: Download,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct Download {
    #[serde(default)]
    archive_info: Archive,
}

#[derive(Default, Deserialize)]
struct Archive {
    #[serde(default)]
    hashes: Hashes,
}

#[derive(Default, Deserialize)]
struct Hashes {
    sha256: Option<String>,
}

/// Returns the tree as pip has reported it.
pub(super) fn packages(package: &Path) -> Result<Vec<Locked>, FetchError> {
    let text = read(package, &package.join(REPORT))?;
    let report: Report =
        serde_json::from_str(&text).map_err(|error| FetchError::Unreadable(error.to_string()))?;
    if report.install.len() > PACKAGES_MAX {
        return Err(FetchError::Unreadable("the tree is too large".to_owned()));
    }
    let all = report.install.into_iter().map(|installed| {
        let Metadata { name, version } = installed.metadata;
        match installed.download_info.archive_info.hashes.sha256 {
            Some(hash) => Ok(Locked {
                name,
                version,
                hash: format!("sha256-{hash}"),
            }),
            None => Err(FetchError::NotLocked(name)),
        }
    });
    all.collect()
}

/// Returns what runs the package's program.
pub(super) fn program(
    package: &Path,
    wanted: &Wanted,
) -> Result<(PathBuf, Vec<OsString>), FetchError> {
    let programs = package.join("bin");
    let names = wanted.program.iter().chain([&wanted.name]);
    let dashed = wanted.name.replace(['_', '.'], "-");
    let script = names
        .map(String::as_str)
        .chain([dashed.as_str()])
        .find_map(|name| inside(package, &programs.join(name)).ok())
        .ok_or_else(|| FetchError::NoProgram("none of its name".to_owned()))?;
    // Its path is that of a link: the environment is found from there.
    Ok((programs.join("python"), vec![script.into()]))
}
