//! No credential comes out: not on a terminal, not in JSON or SARIF, not in an error, not in an own file.
//!
//! Every text of [`files`] holds credentials that were made up for this run. They are planted in a
//! home, everything is asked of the program, and none of them may be found in what it says or keeps.

#![forbid(unsafe_code)]

mod files;
mod plant;

use countersign_tests::{Home, Ran};
use plant::Plants;
use serde_json::Value;

/// A home with credentials, and what was said and kept about it.
struct Told {
    home: Home,
    plants: Plants,
    runs: Vec<Ran>,
}

#[test]
fn tells_no_credential_of_json_clients() {
    let mut told = Told::about(&files::JSON);
    told.ask_everything(20);
}

#[test]
fn tells_no_credential_of_toml_and_yaml_clients() {
    let mut told = Told::about(&files::OTHERS);
    told.ask_everything(7);
}

#[test]
fn tells_no_credential_of_documents_beside_the_configs() {
    let mut told = Told::about(&files::BESIDE);
    told.home
        .write(".claude.json", r#"{"projects": {"{home}/shop": {}}}"#);
    told.ask_everything(1);
}

#[test]
fn tells_no_credential_of_what_cannot_be_read() {
    let mut told = Told::about(&files::MALFORMED);
    told.home
        .write(".claude.json", r#"{"projects": {"{home}/broken": {}}}"#);
    told.ask_everything(0);
}

#[test]
fn tells_no_credential_that_stands_as_a_name() {
    let mut told = Told::about(&files::NAMES);
    told.ask_everything(20);
}

#[test]
fn tells_no_credential_of_lists() {
    let mut told = Told::about(&[
        (
            "exact.toml",
            "format = 1\nname = \"t\"\n[[approve]]\nserver = \"pkg:npm/a\"\nversion = \"1\"\ncommand = [\"npx\", \"a@1\", \"--token=<<github>>\", \"<<gitlab>>\"]\nenv = [\"TOKEN=<<random>>\"]\n",
        ),
        ("syntax.toml", "format = 1\nname = <<github>>\n"),
        (
            "keys.toml",
            "format = 1\nname = \"t\"\ntoken = \"<<github>>\"\n[[approve]]\nserver = \"https://u:<<password>>@h/x?k=<<random>>\"\nheaders = [\"X: <<hex>>\"]\nexpires = \"<<random>>\"\n",
        ),
        (
            "names.toml",
            "format = 1\nname = \"<<github>>\"\n\"<<gitlab>>\" = 1\n[\"<<openai>>\"]\n[[approve]]\nserver = \"pkg:npm/a\"\nversion = \"1\"\nenv = [\"<<stripe>>\"]\n\"<<slack>>\" = 1\n",
        ),
        (
            "twice.toml",
            "format = 1\nname = \"t\"\n\"<<github>>\" = 1\n\"<<github>>\" = 2\n",
        ),
    ]);
    for name in [
        "exact.toml",
        "syntax.toml",
        "keys.toml",
        "names.toml",
        "twice.toml",
    ] {
        let path = told.home.path().join(name).to_string_lossy().into_owned();
        told.ask(&["allowlist", "check", &path]);
        told.ask(&["allowlist", "check", "--strict", &path]);
        told.ask(&["scan", "--list", &path, "--json"]);
        told.ask(&["scan", "--list", &path, "--all"]);
    }
    told.check();
}

#[test]
fn tells_no_credential_of_a_lists_address() {
    let mut told = Told::about(&[]);
    let address = told.plants.fill(
        "an address",
        "https://127.0.0.1:9/list.toml?token=<<random>>",
    );
    told.ask(&["settings", "add-list", "url", &address]);
    told.ask(&["settings"]);
    told.ask(&["settings", "--json"]);
    told.ask(&["scan", "--no-running"]);
    told.ask(&["scan", "--no-running", "--json"]);
    told.ask(&["allowlist", "refresh"]);
    told.ask(&[
        "settings",
        "remove-list",
        "url",
        &format!("{address}&other"),
    ]);
    told.ask(&["settings", "remove-list", "url", &address]);
    // The setting itself has to be kept; no output repeats it.
    told.check_runs();
}

impl Told {
    fn about(files: &[(&str, &str)]) -> Self {
        let home = Home::new();
        let mut plants = Plants::default();
        for (path, text) in files {
            home.write(path, &plants.fill(path, text));
        }
        Self {
            home,
            plants,
            runs: Vec::new(),
        }
    }

    fn ask(&mut self, arguments: &[&str]) {
        let ran = self.home.countersign(arguments);
        assert!(
            matches!(ran.code, 0..=4),
            "{} ended with {}: {}",
            ran.arguments,
            ran.code,
            ran.err
        );
        self.runs.push(ran);
    }

    /// Asks for everything that can be asked about the home, which has `entries` at least.
    fn ask_everything(&mut self, entries: usize) {
        let report = self.home.report();
        let ids: Vec<String> = report["entries"]
            .as_array()
            .expect("there is a list")
            .iter()
            .filter_map(|entry| entry["id"].as_str().map(str::to_owned))
            .collect();
        assert!(
            ids.len() >= entries,
            "{} of {entries}: {report:#}",
            ids.len()
        );
        self.look();
        let list = self.home.beside("list.toml").to_string_lossy().into_owned();
        for id in &ids {
            self.ask(&["show", id, "--no-running"]);
            self.ask(&["show", id, "--no-running", "--json"]);
            self.ask(&["allowlist", "add", id]);
            self.ask(&["allowlist", "add", id, "--file", &list]);
            self.ask(&["approve", id]);
        }
        for finding in report["findings"].as_array().into_iter().flatten().take(8) {
            let about = [&finding["entry"], &finding["config"]]
                .into_iter()
                .find_map(Value::as_str)
                .unwrap_or("machine");
            let rule = finding["rule"].as_str().expect("it names its rule");
            self.ask(&[
                "quiet",
                rule,
                about,
                "--reason",
                "known",
                "--until",
                "2999-12-31",
            ]);
        }
        self.look();
        self.ask(&["settings"]);
        self.ask(&["settings", "--json"]);
        self.ask(&["scan", "--list", &list]);
        self.check();
    }

    fn look(&mut self) {
        for arguments in [
            &["scan", "--no-running"] as &[&str],
            &["scan", "--no-running", "--all"],
            &["scan", "--no-running", "--json"],
            &["scan", "--no-running", "--sarif"],
            &["servers", "--no-running"],
            &["servers", "--no-running", "--json"],
            &["clients", "--no-running"],
            &["clients", "--no-running", "--json"],
        ] {
            self.ask(arguments);
        }
    }

    /// Checks everything that was said, and everything that was kept.
    fn check(&self) {
        let mut told = self.said();
        let mut files = self.home.own_files();
        if let Ok(list) = std::fs::read(self.home.beside("list.toml")) {
            files.insert("list.toml".into(), list);
        }
        for (path, content) in files {
            let text = String::from_utf8_lossy(&content).to_lowercase();
            told.push((path.to_string_lossy().into_owned(), text));
        }
        self.check_told(&told);
    }

    /// Checks everything that was said.
    fn check_runs(&self) {
        self.check_told(&self.said());
    }

    fn said(&self) -> Vec<(String, String)> {
        self.runs
            .iter()
            .map(|ran| {
                let by = format!("countersign {}", ran.arguments);
                (by, format!("{}{}", ran.out, ran.err).to_lowercase())
            })
            .collect()
    }

    fn check_told(&self, told: &[(String, String)]) {
        let leaks: Vec<String> = self
            .plants
            .all()
            .iter()
            .filter_map(|plant| {
                let (by, around) = told.iter().find_map(|(by, text)| {
                    let part = plant.shown_in(text)?;
                    text.lines()
                        .find(|line| line.contains(&part))
                        .map(|line| (by, line))
                })?;
                Some(format!("{}: by {by} in `{}`", plant.what, around.trim()))
            })
            .collect();
        assert!(
            leaks.is_empty(),
            "{} of {} come out:\n  {}",
            leaks.len(),
            self.plants.all().len(),
            leaks.join("\n  ")
        );
    }
}
