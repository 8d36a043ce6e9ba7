use std::{fs, path::Path};

use countersign_tests::Home;

use super::{
    runs::{Times, whole},
    table::Table,
};

const OWNERS: usize = 100;
const REPOSITORIES: usize = 100;
const INNER: [&str; 9] = [
    "src",
    "src/core",
    "src/ui",
    "tests",
    "tests/data",
    "docs",
    "docs/api",
    "scripts",
    "examples",
];

/// One repository of this many has a config.
const WITH_CONFIG: usize = 100;
const RUNS: usize = 5;

/// Measures the walk of a folder with 100,000 folders in it.
pub(crate) fn measure(table: &mut Table) {
    let home = Home::new();
    let root = home.beside("walked");
    write(&root);
    let root = root.to_string_lossy();
    let arguments = ["scan", &root, "--only", "--no-running", "--json"];
    let report = home.countersign(&arguments).fine().json();
    let found = report["configs"].as_array().map_or(0, Vec::len);
    table.exactly(
        "configs found below 100,000 folders",
        found,
        OWNERS * REPOSITORIES / WITH_CONFIG,
    );
    let times = Times::of(RUNS, || whole(&home, &arguments));
    table.at_most(
        "walk of 100,000 folders, warm",
        times.median(),
        1000.0,
        "ms",
        &times.spread(),
    );
}

fn write(root: &Path) {
    const CONFIG: &str =
        r#"{ "mcpServers": { "docs": { "command": "npx", "args": ["-y", "docs-mcp@1.0.0"] } } }"#;
    for number in 0..OWNERS * REPOSITORIES {
        let owner = root.join(format!("owner-{:02}", number % OWNERS));
        let repository = owner.join(format!("repository-{:02}", number / OWNERS));
        for inner in INNER {
            fs::create_dir_all(repository.join(inner)).expect("the temporary folder is writable");
        }
        fs::write(repository.join("README.md"), "# Title\n").expect("the folder was made");
        fs::write(repository.join("src/main.js"), "").expect("the folder was made");
        if number.is_multiple_of(WITH_CONFIG) {
            fs::write(repository.join(".mcp.json"), CONFIG).expect("the folder was made");
        }
    }
}
