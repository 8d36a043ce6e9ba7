//! Servers that a launcher would download: fetched first, then asked without network.

use std::{
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use countersign_launch::sandbox::{Sandbox, Tier, Unconfined};
use countersign_model::{Argument, Ecosystem, Entry, Identity, Server};
use countersign_probe::{Fetcher, Patience, Probed, Registry, Wanted, ask_program, fetch};

use super::{AskError, WHY, arguments, environment, find, runtime};
use crate::Setup;

/// Variables that say how this machine reaches a registry, or which it uses.
const NETWORK: [&str; 11] = [
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "PIP_CERT",
    "PIP_INDEX_URL",
    "npm_config_registry",
];

/// One exact version of a package, and the arguments that its program gets.
pub(super) struct Parts<'a> {
    ecosystem: Ecosystem,
    name: &'a str,
    version: &'a str,
    arguments: &'a [Argument],
}

/// Takes a launcher's command apart: flags, one exact version of a package, arguments. `None` for anything
/// else, which only the launcher itself understands.
pub(super) fn parts(server: &Server) -> Option<Parts<'_>> {
    let Identity::Package(package) = &server.identity else {
        return None;
    };
    if server.registry.is_some() || !server.companions.is_empty() {
        return None;
    }
    let version = package.version.exact()?;
    let token = match package.ecosystem {
        Ecosystem::Npm => format!("{}@{version}", package.name),
        Ecosystem::Pypi => format!("{}=={version}", package.name),
    };
    let commands = server.command.get(1..)?;
    let at = commands.iter().position(|one| one.expose(WHY) == token)?;
    let is_plain = commands[..at]
        .iter()
        .all(|one| PLAIN.contains(&one.expose(WHY)));
    is_plain.then(|| Parts {
        ecosystem: package.ecosystem,
        name: &package.name,
        version,
        arguments: &commands[at + 1..],
    })
}

/// What may stand before the package without changing what runs.
const PLAIN: [&str; 5] = ["-y", "--yes", "exec", "tool", "run"];

/// Fetches a package and asks its program.
pub(super) fn ask(setup: &Setup, entry: &Entry, parts: &Parts<'_>) -> Result<Probed, AskError> {
    let (registry, fetcher) = match parts.ecosystem {
        Ecosystem::Npm => (Registry::Npm, "npm"),
        Ecosystem::Pypi => (Registry::PyPi, "python3"),
    };
    let wanted = Wanted::new(registry, parts.name, parts.version, None)?;
    let with = environment(setup, entry);
    let program = find(OsStr::new(fetcher), &without_shims(&with))?;
    let private = PathBuf::from(&setup.machine.home);
    let folder = tempfile::tempdir().map_err(AskError::Folder)?;
    let fetched = fetch(
        &wanted,
        &Fetcher {
            environment: reaching(setup),
            readable: certificates(setup)
                .chain(runtime(&program, &private))
                .collect(),
            program,
            private: vec![private.clone()],
            address: None,
            folder: folder.path().to_owned(),
            unconfined: Unconfined::Refuse,
            tier: Tier::Strongest,
        },
    )?;
    let inner = tempfile::tempdir().map_err(AskError::Folder)?;
    let mut sandbox = Sandbox::new(fetched.program.clone(), inner.path().to_owned());
    sandbox.private = vec![private.clone()];
    sandbox.environment = with;
    sandbox.readable.push(fetched.folder.clone());
    sandbox.readable.extend(runtime(&fetched.program, &private));
    sandbox.arguments.extend(fetched.arguments);
    arguments(&mut sandbox, parts.arguments.iter(), false);
    Ok(ask_program(&sandbox, &Patience::default())?)
}

/// Leaves out folders of shims: scripts that choose a version by files in the home, which a sandbox hides.
fn without_shims(environment: &[(OsString, OsString)]) -> Vec<(OsString, OsString)> {
    let is_real = |folder: &PathBuf| !folder.ends_with("shims");
    let mut environment = environment.to_vec();
    for (_, value) in environment.iter_mut().filter(|(name, _)| name == "PATH") {
        let real = std::env::split_paths(value).filter(is_real);
        *value = std::env::join_paths(real).unwrap_or_else(|_| value.clone());
    }
    environment
}

/// The environment of the program that fetches.
fn reaching(setup: &Setup) -> Vec<(OsString, OsString)> {
    super::BASE
        .iter()
        .chain(&NETWORK)
        .filter_map(|name| Some((OsString::from(name), setup.machine.variable(name)?.into())))
        .collect()
}

/// Files of certificates that the environment names.
fn certificates(setup: &Setup) -> impl Iterator<Item = PathBuf> {
    ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT"]
        .into_iter()
        .filter_map(|name| setup.machine.variable(name).map(PathBuf::from))
        .filter(|path| path.is_file())
}
