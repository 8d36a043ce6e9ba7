//! `cargo xtask bench`: the figures as a table, with the machine that they were taken on.

use std::{env, fs, path::PathBuf, thread};

use crate::{
    artefacts::{AppFor, Copies, build_app, build_cli, can_test_desktop},
    failure::Failure,
    node,
    place::Place,
    program::Program,
    setup::{self, Need},
};

/// The group of figures that is about the window.
const WINDOW: &str = "window";

pub(crate) fn bench(place: &Place, arguments: &[String]) -> Result<(), Failure> {
    let is_asked = arguments.is_empty() || arguments.iter().any(|argument| argument == WINDOW);
    let has_window = is_asked && can_test_desktop();
    setup::packages(if has_window {
        Need::DesktopTests
    } else {
        Need::Compile
    })?;
    let copies = Copies::new(place)?;
    let cli = copies.copy(&build_cli(place, true)?)?;
    copies.copy_companions(place, true)?;
    let app = has_window.then(|| app(place, &copies)).transpose()?;
    println!("machine: {}\n", machine());
    let bench = place
        .cargo("run")
        .arguments(["--quiet", "--release", "--package", "countersign-tests"])
        .arguments(["--bin", "bench", "--"])
        .arguments(arguments)
        .environment("COUNTERSIGN_BIN", cli)
        .environment("COUNTERSIGN_GUARD_BIN", copies.guard())
        .environment("COUNTERSIGN_BRIDGE_BIN", copies.bridge());
    match app {
        Some(app) => bench.environment("COUNTERSIGN_APP", app),
        None => bench,
    }
    .run_unbounded()
}

/// Builds the window as it is released, but for the driver's access to it.
fn app(place: &Place, copies: &Copies) -> Result<PathBuf, Failure> {
    node::is_fit()?;
    node::install_ui(place)?;
    node::build_ui(place)?;
    copies.copy(&build_app(place, AppFor::Tests, true)?)
}

fn machine() -> String {
    let file = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processor = field(&file("/proc/cpuinfo"), "model name");
    let memory = field(&file("/proc/meminfo"), "MemTotal").and_then(|text| gibibytes(&text));
    let system = Program::new("uname").arguments(["-s", "-r"]).output();
    let system = system.map_or_else(|| env::consts::OS.to_owned(), |text| text.trim().to_owned());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let mut parts = vec![processor.unwrap_or_else(|| env::consts::ARCH.to_owned())];
    parts.push(format!("{cores} cores"));
    parts.extend(memory);
    parts.push(system);
    // Figures of a busy machine are no figures of the product.
    let load = file("/proc/loadavg");
    parts.extend(
        load.split(' ')
            .next()
            .filter(|load| !load.is_empty())
            .map(|load| format!("load {load}")),
    );
    parts.extend(
        Program::new("rustc")
            .argument("--version")
            .output()
            .map(|version| version.trim().to_owned()),
    );
    parts.join(", ")
}

/// The value of the first line `name : value`.
fn field(text: &str, name: &str) -> Option<String> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim().to_owned())
}

fn gibibytes(kibibytes: &str) -> Option<String> {
    let kibibytes: u64 = kibibytes.strip_suffix(" kB")?.trim().parse().ok()?;
    Some(format!("{} GiB", kibibytes.div_ceil(1024 * 1024)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_machine_from_what_linux_tells() {
        let text = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: Other\n";
        assert_eq!(
            field(text, "model name").as_deref(),
            Some("Some CPU @ 2 GHz")
        );
        assert_eq!(gibibytes("24106264 kB").as_deref(), Some("23 GiB"));
        assert_eq!(gibibytes("much"), None);
    }
}
