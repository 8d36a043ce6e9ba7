use countersign_tests::{Home, many};
use serde_json::Value;

use super::{
    runs::{Times, first_output, whole},
    table::Table,
};

const RUNS: usize = 30;

/// Measures a scan of a home with many clients.
pub(crate) fn measure(table: &mut Table) {
    let home = Home::new();
    many::write(&home);
    let quiet = ["scan", "--json", "--no-running"];
    let report = home.countersign(&quiet).fine().json();
    table.exactly(
        "configs that are found and read",
        read_configs(&report),
        many::CONFIGS,
    );
    table.exactly("entries that are found", entries(&report), many::ENTRIES);
    let times = Times::of(RUNS, || whole(&home, &quiet));
    let what = format!(
        "scan of {} configs, {} entries, processes left out",
        many::CONFIGS,
        many::ENTRIES
    );
    table.at_most(&what, times.median(), 50.0, "ms", &times.spread());
    let times = Times::of(RUNS, || whole(&home, &["scan", "--json"]));
    table.at_most(
        "the same, processes looked at",
        times.median(),
        50.0,
        "ms",
        &times.spread(),
    );
    let times = Times::of(RUNS, || first_output(&home, &["scan"]));
    table.at_most(
        "first output of a scan",
        times.median(),
        100.0,
        "ms",
        &times.spread(),
    );
    memory(table, &home);
}

#[cfg(target_os = "linux")]
fn memory(table: &mut Table, home: &Home) {
    const MEMORY_RUNS: usize = 5;
    let most = (0..MEMORY_RUNS)
        .map(|_| super::runs::resident_mib_max(home, &["scan", "--json"]))
        .fold(0.0, f64::max);
    table.at_most("most memory resident in a scan", most, 30.0, "MiB", "");
}

#[cfg(not(target_os = "linux"))]
fn memory(_table: &mut Table, _home: &Home) {}

/// Counts the configs that were read and hold servers.
fn read_configs(report: &Value) -> usize {
    list(report, "configs")
        .filter(|config| config["state"] == "read")
        .filter(|config| {
            config["entries"]
                .as_array()
                .is_some_and(|ids| !ids.is_empty())
        })
        .count()
}

fn entries(report: &Value) -> usize {
    list(report, "entries").count()
}

fn list<'report>(report: &'report Value, name: &str) -> impl Iterator<Item = &'report Value> {
    report[name].as_array().into_iter().flatten()
}
