//! Which crate may import which, and what each may use of the world.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    none_of,
    packages::{Package, metadata},
    read,
};

const PURE: [&str; 5] = ["confedit", "model", "rules", "secrets", "trust"];
/// What opens a privilege, and the crates that may hold it.
const PRIVILEGES: [(&str, &[&str]); 10] = [
    ("tauri", &["app"]),
    ("tauri-build", &["app"]),
    ("reqwest", &["feeds", "probe"]),
    ("rusqlite", &["store"]),
    ("keyring", &["vault"]),
    ("sysinfo", &["launch"]),
    ("listeners", &["launch"]),
    ("notify", &["core"]),
    ("clap", &["cli"]),
    ("tokio", &["app", "bridge", "core", "feeds", "probe"]),
];

#[test]
fn crates_import_only_what_the_table_allows() {
    let allowed = table(&read("crates/README.md"));
    let mut broken = Vec::new();
    for package in metadata().ours() {
        let name = short(&package.name);
        let Some(row) = allowed.get(name) else {
            broken.push(format!("{name} has no row"));
            continue;
        };
        let edges: BTreeSet<_> = ours_among(package).collect();
        broken.extend(
            edges
                .iter()
                .filter(|edge| !row.contains(**edge) && !row.contains("all"))
                .map(|edge| format!("{name} imports {edge}")),
        );
    }
    none_of(broken, "the edges in crates/README.md");
}

#[test]
fn the_table_names_no_crate_that_is_not_there() {
    let ours = metadata().ours();
    let names: BTreeSet<_> = ours.iter().map(|package| short(&package.name)).collect();
    let allowed = table(&read("crates/README.md"));
    let unknown = allowed
        .iter()
        .flat_map(|(name, row)| row.iter().chain([name]))
        .filter(|name| *name != "all" && !names.contains(name.as_str()))
        .cloned()
        .collect();
    none_of(unknown, "rows of crates/README.md without a crate");
}

#[test]
fn privileges_stay_with_the_crates_that_hold_them() {
    let mut broken = Vec::new();
    for package in metadata().ours() {
        let name = short(&package.name);
        // Nothing of the tests is shipped.
        if name == "tests" {
            continue;
        }
        for dependency in package.dependencies.iter().filter(|d| !d.is_for_tests) {
            let holders = PRIVILEGES.iter().find(|(what, _)| *what == dependency.name);
            if holders.is_some_and(|(_, holders)| !holders.contains(&name)) {
                broken.push(format!("{name} uses {}", dependency.name));
            }
        }
    }
    none_of(broken, "libraries that open a privilege");
}

#[test]
fn xtask_needs_nothing_but_std() {
    let ours = metadata().ours();
    let xtask = ours.iter().find(|package| package.name == "xtask");
    let dependencies = &xtask.expect("it is a member").dependencies;
    let broken = dependencies.iter().map(|d| d.name.clone()).collect();
    none_of(broken, "what xtask depends on");
}

#[test]
fn pure_crates_forbid_the_machine() {
    const BANNED: [&str; 6] = [
        "std::fs::read_to_string",
        "std::fs::write",
        "std::env::var",
        "std::time::SystemTime::now",
        "std::process::Command::new",
        "std::net::TcpStream::connect",
    ];
    let mut broken = Vec::new();
    for name in PURE {
        let lints = read(&format!("crates/{name}/clippy.toml"));
        let missing = BANNED.iter().filter(|method| !lints.contains(*method));
        broken.extend(missing.map(|method| format!("{name} does not forbid {method}")));
    }
    none_of(broken, "clippy.toml of the pure crates");
}

/// The rows of the table whose first column is headed `crate`: name and what it may import.
fn table(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim().trim_matches('|');
        line.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    page.lines()
        .skip_while(|line| cells(line).first().is_none_or(|head| head != "crate"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .flat_map(|line| {
            let cells = cells(line);
            let names = words(cells.first().map_or("", String::as_str));
            let imports: BTreeSet<_> = words(cells.get(1).map_or("", String::as_str)).collect();
            names
                .map(|name| (name, imports.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn words(cell: &str) -> impl Iterator<Item = String> {
    cell.split(',')
        .map(|word| word.trim().trim_matches('`').to_owned())
        .filter(|word| !word.is_empty() && word != "–")
}

fn ours_among(package: &Package) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        // What only a crate's tests import is not shipped with it.
        .filter(|dependency| dependency.is_ours && !dependency.is_for_tests)
        .map(|dependency| short(&dependency.name))
}

fn short(name: &str) -> &str {
    name.strip_prefix("countersign-").unwrap_or(name)
}

#[test]
fn reads_names_and_imports_from_a_table() {
    let page =
        "text\n\n| crate | may import |\n|---|---|\n| a, `b` | – |\n| c | a, b |\n\nmore | text";
    let rows = table(page);
    assert_eq!(rows.len(), 3);
    assert!(rows["b"].is_empty());
    assert_eq!(rows["c"], BTreeSet::from(["a".to_owned(), "b".to_owned()]));
}
