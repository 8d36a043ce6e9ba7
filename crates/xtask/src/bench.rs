//! `cargo xtask bench`: the figures as a table, with the machine that they were taken on.

use std::{env, fs, thread};

use crate::{
    artefacts::build_cli,
    failure::Failure,
    place::Place,
    program::Program,
    setup::{self, Need},
};

pub(crate) fn bench(place: &Place, arguments: &[String]) -> Result<(), Failure> {
    setup::packages(Need::Compile)?;
    let cli = build_cli(place, true)?;
    println!("machine: {}\n", machine());
    place
        .cargo("run")
        .arguments(["--quiet", "--release", "--package", "countersign-tests"])
        .arguments(["--bin", "bench", "--"])
        .arguments(arguments)
        .environment("COUNTERSIGN_BIN", cli)
        .run_unbounded()
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
