//! `cargo xtask test`: everything that can be checked, and one line of counts in the end.
//!
//! All fetching comes first; what is tested then runs where there is no network but loopback. A
//! stage that fails does not keep those after it from running, unless they need what it makes.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{
    arguments::TestChoices,
    artefacts::{AppFor, Copies, build_app, build_cli, can_test_desktop},
    failure::Failure,
    files::needed,
    namespace,
    node::{self, REAL_CLIENTS},
    place::Place,
    program::Program,
    python,
    report::Runner,
    setup::{self, Need},
    stages::Stages,
};

/// Integration tests that need more than the command line, and have stages of their own.
const OWN_STAGE: [&str; 2] = ["desktop", "real_clients"];
const LEFT_OUT: &str = "left out by --quick";

pub(crate) fn test(place: &Place, choices: TestChoices) -> ExitCode {
    let has_window = !choices.is_quick && can_test_desktop();
    let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let mut run = Run {
        place,
        has_window,
        stages: Stages::default(),
        loopback: Vec::new(),
    };
    run.fetch();
    let real_clients = run.fetch_real_clients(choices.has_real_clients || is_ci);
    let real_servers = real_clients.as_ref().and_then(|_| run.fetch_real_servers());
    run.isolate();
    let has_ui = run
        .stages
        .prepare("build the interface", || node::build_ui(place));
    run.style();
    match Copies::new(place) {
        Ok(copies) => {
            let has_cli = run.rust(&copies);
            run.interface();
            run.desktop(&copies, has_ui, choices.is_quick);
            if let Some(clients) = real_clients {
                run.real_clients(&copies, &clients, real_servers.as_deref(), has_cli);
            }
        }
        Err(failure) => {
            run.stages.check("copies of the programs", || Err(failure));
        }
    }
    if run.stages.conclude() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Run<'a> {
    place: &'a Place,
    has_window: bool,
    stages: Stages,
    /// What stands in front of a test's command; empty where the system allows no namespace.
    loopback: Vec<OsString>,
}

impl Run<'_> {
    fn fetch(&mut self) {
        let need = if self.has_window {
            Need::DesktopTests
        } else {
            Need::Compile
        };
        self.stages
            .prepare("system packages", || setup::packages(need));
        self.stages.prepare("fetch crates", || {
            self.place.cargo("fetch").run_with_retry()
        });
        self.stages.prepare("fetch the interface's packages", || {
            node::is_fit()?;
            node::install_ui(self.place)
        });
    }

    /// Returns the folder of the clients where they were asked for and could be had.
    fn fetch_real_clients(&mut self, is_asked: bool) -> Option<PathBuf> {
        if !is_asked {
            self.stages.skip(
                "real clients",
                "over 1 GB to fetch; they run when CI is set, or with --real-clients",
            );
            return None;
        }
        let mut fetched = None;
        let mut why = None;
        self.stages.prepare("fetch real clients", || {
            match node::fetch_real_clients(self.place) {
                Ok(folder) => fetched = Some(folder),
                Err(failure @ Failure::NoFile { .. }) => return Err(failure),
                Err(failure) => why = Some(failure),
            }
            Ok(())
        });
        if let Some(failure) = why {
            for client in REAL_CLIENTS {
                let why = format!("could not be fetched: {failure}");
                self.stages.skip(&format!("real client {client}"), &why);
            }
        }
        fetched
    }

    /// Returns the folder with the programs of real servers in Python, where they could be had.
    fn fetch_real_servers(&mut self) -> Option<PathBuf> {
        match python::fetch_real_servers(self.place) {
            Ok(folder) => Some(folder),
            Err(failure) => {
                let why = format!("could not be fetched: {failure}");
                self.stages.skip("real server mcp-server-time", &why);
                None
            }
        }
    }

    fn isolate(&mut self) {
        match namespace::loopback_only() {
            Some(wrapper) => {
                println!("\ntests run with no network but loopback");
                self.loopback = wrapper;
            }
            None => println!(
                "\nthis system allows no network namespace: tests run with the network as it is"
            ),
        }
    }

    fn style(&mut self) {
        let place = self.place;
        self.stages.check("format", || {
            place.cargo("fmt").arguments(["--all", "--check"]).run()
        });
        self.stages.check("clippy", || {
            let clippy = place
                .cargo("clippy")
                .arguments(["--workspace", "--all-targets"]);
            let clippy = if self.has_window {
                clippy
            } else {
                // Its build needs the web view's development files.
                clippy.arguments(["--exclude", "countersign-app"])
            };
            clippy.arguments(["--", "-D", "warnings"]).run()
        });
    }

    /// Runs what needs no window; returns whether there is a command line to test.
    fn rust(&mut self, copies: &Copies) -> bool {
        let place = self.place;
        let has_cli = self.stages.prepare("build the command line", || {
            copies.copy(&build_cli(place, false)?)?;
            copies.copy_companions(place, false)
        });
        let is_built = self.stages.prepare("build the tests", || {
            cargo_test(place).argument("--no-run").run()
        });
        if !is_built {
            return has_cli;
        }
        let windowless = integration_tests(&place.root);
        let tests = self
            .offline(cargo_test(self.place), copies)
            .arguments(["--lib", "--bins"])
            .arguments(windowless.iter().flat_map(|name| ["--test", name.as_str()]));
        let examples = self
            .offline(cargo_test(self.place), copies)
            .argument("--doc");
        self.stages
            .tests("tests", Runner::CargoTest, &[tests, examples]);
        has_cli
    }

    fn interface(&mut self) {
        const NAME: &str = "tests of the interface";
        let place = self.place;
        let script = |name| {
            needed(&place.ui().join("package.json"), "the window")?;
            node::ui_script(place, name).run()
        };
        self.stages
            .check("types of the interface", || script("check"));
        self.stages
            .check("lint of the interface", || script("lint"));
        if let Err(failure) = needed(&place.ui().join("package.json"), "the window") {
            self.stages.check(NAME, || Err(failure));
            return;
        }
        // Only this reporter names every test, those that are left out included.
        let vitest = node::ui_script(place, "test")
            .arguments(["--", "--reporter=verbose"])
            .wrapped(&self.loopback);
        self.stages.tests(NAME, Runner::Vitest, &[vitest]);
    }

    fn desktop(&mut self, copies: &Copies, has_ui: bool, is_quick: bool) {
        const NAME: &str = "desktop tests";
        if is_quick {
            return self.stages.skip(NAME, LEFT_OUT);
        }
        if !self.has_window {
            return self
                .stages
                .skip(NAME, "only Linux has a driver for the web view");
        }
        if !has_ui {
            return self.stages.skip(NAME, "the interface could not be built");
        }
        let place = self.place;
        let is_built = self.stages.prepare("build the app", || {
            copies
                .copy(&build_app(place, AppFor::Tests, false)?)
                .map(drop)
        });
        if !is_built {
            return self.stages.skip(NAME, "the app could not be built");
        }
        let tests = self
            .offline(cargo_test(self.place), copies)
            .arguments(["--test", "desktop"])
            .environment("COUNTERSIGN_APP", copies.app());
        self.stages.tests(NAME, Runner::CargoTest, &[tests]);
    }

    fn real_clients(
        &mut self,
        copies: &Copies,
        clients: &Path,
        servers: Option<&Path>,
        has_cli: bool,
    ) {
        const NAME: &str = "tests with real clients";
        if !has_cli {
            return self
                .stages
                .skip(NAME, "the command line could not be built");
        }
        let tests = self
            .offline(cargo_test(self.place), copies)
            .arguments(["--test", "real_clients"])
            .environment("COUNTERSIGN_REAL_CLIENTS", clients)
            .environment("COUNTERSIGN_REAL_SERVERS", servers.unwrap_or(Path::new("")));
        self.stages.tests(NAME, Runner::CargoTest, &[tests]);
    }

    fn offline(&self, cargo: Program, copies: &Copies) -> Program {
        cargo
            .argument("--offline")
            .environment("COUNTERSIGN_BIN", copies.cli())
            .environment("COUNTERSIGN_GUARD_BIN", copies.guard())
            .environment("COUNTERSIGN_BRIDGE_BIN", copies.bridge())
            .wrapped(&self.loopback)
    }
}

/// Always the same choice of packages: another one would build their dependencies anew.
fn cargo_test(place: &Place) -> Program {
    place
        .cargo("test")
        .arguments(["--workspace", "--exclude", "countersign-app"])
        .argument("--no-fail-fast")
}

/// The names of the workspace's integration tests, but for those that have their own stage.
fn integration_tests(root: &Path) -> Vec<String> {
    let entries = |folder: &Path| {
        fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect::<Vec<_>>()
    };
    let mut names: Vec<String> = entries(&root.join("crates"))
        .into_iter()
        .chain([root.join("tests")])
        .flat_map(|package| entries(&package.join("tests")))
        .filter_map(|path| test_name(&path))
        .filter(|name| !OWN_STAGE.contains(&name.as_str()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// A file `name.rs`, or a folder `name` with a `main.rs`, is a test of that name.
fn test_name(path: &Path) -> Option<String> {
    let is_test = if path.is_dir() {
        path.join("main.rs").is_file()
    } else {
        path.extension().is_some_and(|extension| extension == "rs")
    };
    let name = path.file_stem()?.to_str()?;
    is_test.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_integration_test_but_those_with_their_own_stage() {
        let root = env::temp_dir().join(format!("countersign-xtask-{}", std::process::id()));
        for file in [
            "crates/a/tests/reads.rs",
            "crates/b/tests/reads.rs",
            "crates/b/tests/suite/main.rs",
            "crates/b/tests/fixtures/case.rs",
            "tests/tests/desktop.rs",
            "tests/tests/tidy.rs",
            "tests/tests/notes.md",
        ] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = integration_tests(&root);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, ["reads", "suite", "tidy"]);
    }
}
