//! Licences, sources and bans of everything that is built in, from what cargo itself knows.

use std::{env, process::Command, sync::LazyLock};

use serde_json::Value;

use crate::{
    none_of, output, root,
    sources::{TextFile, files, is_fixture},
};

const ALLOWED_LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];
/// Licences that are accepted for these packages only, which are used unmodified.
const EXCEPTIONS: [(&str, &str); 7] = [
    ("cssparser", "MPL-2.0"),
    ("cssparser-macros", "MPL-2.0"),
    ("dtoa-short", "MPL-2.0"),
    ("option-ext", "MPL-2.0"),
    ("selectors", "MPL-2.0"),
    // Drives the window in tests; not shipped.
    ("webdriver", "MPL-2.0"),
    // Certificates, not code.
    ("webpki-root-certs", "CDLA-Permissive-2.0"),
];
const BANNED: [&str; 6] = [
    "hakoniwa",
    "native-tls",
    "openssl-sys",
    "rustls-pemfile",
    "serde_yaml",
    "sigstore",
];
/// Libraries of which two versions would mean two locks on one thing.
const SINGLE: [&str; 1] = ["rusqlite"];
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const NPM: &str = "https://registry.npmjs.org/";

#[test]
fn every_licence_is_one_that_is_allowed() {
    let broken = metadata()
        .packages
        .iter()
        .filter(|package| !is_allowed(package))
        .map(|package| format!("{}: {}", package.name, package.license))
        .collect();
    none_of(broken, "licences that are not on the list");
}

#[test]
fn no_banned_package_is_locked() {
    let names = metadata().packages.iter().map(|package| &package.name);
    let banned = names.filter(|name| BANNED.contains(&name.as_str()));
    none_of(banned.cloned().collect(), "banned packages");
}

#[test]
fn some_libraries_are_locked_once() {
    let count = |name: &&str| {
        let packages = metadata().packages.iter();
        packages.filter(|package| package.name == *name).count()
    };
    let broken = SINGLE.iter().filter(|name| count(name) > 1);
    none_of(
        broken.map(|name| (*name).to_owned()).collect(),
        "libraries of which there may be one version",
    );
}

#[test]
fn everything_comes_from_the_public_registry() {
    let broken = metadata()
        .packages
        .iter()
        .filter(|package| package.source.as_deref().is_some_and(|s| s != CRATES_IO))
        .map(|package| format!("{} from {:?}", package.name, package.source))
        .collect();
    none_of(broken, "packages that do not come from crates.io");
}

#[test]
fn our_manifests_name_versions() {
    let broken = metadata()
        .ours()
        .iter()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| !dependency.is_ours && dependency.requirement == "*")
        .map(|dependency| dependency.name.clone())
        .collect();
    none_of(broken, "dependencies that take any version");
}

#[test]
fn npm_locks_name_no_other_registry() {
    let locks = files().iter().filter(|file| {
        let is_lock = file.path.ends_with("package-lock.json");
        is_lock && !is_fixture(&file.path)
    });
    let mut broken = Vec::new();
    for TextFile { path, text } in locks {
        let lock: Value = serde_json::from_str(text).expect("npm writes JSON");
        let packages = lock["packages"].as_object().expect("a lock names packages");
        let resolved = packages.values().filter_map(|p| p["resolved"].as_str());
        broken.extend(
            resolved
                .filter(|address| !address.starts_with(NPM))
                .map(|address| format!("{path}: {address}")),
        );
    }
    none_of(broken, "addresses in npm's locks");
}

/// What cargo knows of the workspace and all that it is built from, on every system.
pub(crate) struct Metadata {
    packages: Vec<Package>,
}

pub(crate) struct Package {
    pub(crate) name: String,
    license: String,
    /// Nothing for members of the workspace.
    source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) is_ours: bool,
    /// Only its own tests use it.
    pub(crate) is_for_tests: bool,
    requirement: String,
}

impl Metadata {
    pub(crate) fn ours(&self) -> Vec<&Package> {
        let packages = self.packages.iter();
        packages
            .filter(|package| package.source.is_none())
            .collect()
    }
}

pub(crate) fn metadata() -> &'static Metadata {
    static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["metadata", "--offline", "--locked", "--format-version=1"])
            .current_dir(root());
        let all: Value = serde_json::from_str(&output(&mut command)).expect("cargo writes JSON");
        let packages = all["packages"].as_array().expect("it names packages");
        Metadata {
            packages: packages.iter().map(package).collect(),
        }
    });
    &METADATA
}

fn package(value: &Value) -> Package {
    let dependencies = value["dependencies"].as_array().into_iter().flatten();
    Package {
        name: text(&value["name"]),
        license: text(&value["license"]),
        source: value["source"].as_str().map(str::to_owned),
        dependencies: dependencies
            .map(|dependency| Dependency {
                name: text(&dependency["name"]),
                is_ours: dependency["path"].is_string(),
                is_for_tests: dependency["kind"] == "dev",
                requirement: text(&dependency["req"]),
            })
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn is_allowed(package: &Package) -> bool {
    let is_exception = |license: &str| EXCEPTIONS.contains(&(package.name.as_str(), license));
    holds(&package.license, &|license| {
        ALLOWED_LICENCES.contains(&license) || is_exception(license)
    })
}

/// Whether an SPDX expression can be met; the old `A/B` means `A OR B`.
fn holds(expression: &str, is_met: &dyn Fn(&str) -> bool) -> bool {
    let expression = expression.trim();
    let is_met_in = |part: &str| holds(part, is_met);
    for (operator, all) in [(" OR ", false), ("/", false), (" AND ", true)] {
        let parts = split_outside_brackets(expression, operator);
        if parts.len() > 1 {
            let mut parts = parts.into_iter();
            return if all {
                parts.all(is_met_in)
            } else {
                parts.any(is_met_in)
            };
        }
    }
    let inner = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inner.map_or_else(|| is_met(expression), is_met_in)
}

fn split_outside_brackets<'a>(expression: &'a str, operator: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 && expression[at..].starts_with(operator) => {
                parts.push(&expression[start..at]);
                start = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    parts
}

#[test]
fn reads_licence_expressions() {
    let check = |expression: &str, expect: bool| {
        let outcome = holds(expression, &|license| ["MIT", "ISC"].contains(&license));
        assert_eq!(outcome, expect, "{expression}");
    };
    check("MIT", true);
    check("GPL-3.0", false);
    check("", false);
    check("MIT/Apache-2.0", true);
    check("GPL-3.0 OR MIT", true);
    check("ISC AND GPL-3.0", false);
    check("ISC AND (GPL-3.0 OR MIT)", true);
    check("(MIT OR GPL-3.0) AND (GPL-3.0)", false);
}
