//! A home with credentials in ten files of four formats.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use countersign_tests::{
    Home, Ran, guard,
    plain::{FILES, filled},
    ship,
};

pub(crate) use countersign_tests::plain::TOKENS;
use serde_json::Value;

/// A server that says what it was started with, as JSON, and then what it reads.
const SERVER: &str = r#"#!/bin/sh
printf '%s\n' "$@" > "$0.arguments"
env > "$0.environment"
exec cat
"#;

/// A home whose credentials the tests move.
pub(crate) struct Scene {
    pub(crate) home: Home,
}

impl Scene {
    /// Makes a home with no vault, and puts guard and bridge beside the command line.
    pub(crate) fn bare() -> Self {
        ship();
        let mut home = Home::new();
        let server = home.write("server", SERVER);
        fs::set_permissions(&server, fs::Permissions::from_mode(0o700)).expect("is ours");
        for (path, text) in FILES {
            let path = home.write(path, &filled(text));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("is ours");
        }
        let temporary = home.beside("tmp");
        let runtime = home.beside("run");
        for (name, folder) in [("TMPDIR", &temporary), ("XDG_RUNTIME_DIR", &runtime)] {
            fs::create_dir_all(folder).expect("is made");
            home.set(name, &folder.to_string_lossy());
        }
        // What a shell script needs, and nothing else of this machine.
        home.set("PATH", "/usr/bin:/bin");
        Self { home }
    }

    /// As [`Scene::bare`], with an encrypted file that a key file opens.
    pub(crate) fn new() -> Self {
        let scene = Self::bare();
        let key = scene.home.beside("key").to_string_lossy().into_owned();
        scene.run(&["vault", "make", "--key-file", &key]).fine();
        scene
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.home.countersign(arguments)
    }

    /// Runs the program with something on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = self.home.command(arguments);
        let output = fed(&mut command, input);
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Ran {
            arguments: arguments.join(" "),
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Returns the configs by where they stand.
    pub(crate) fn texts(&self) -> BTreeMap<PathBuf, String> {
        let read = |(path, _): &(&str, &str)| {
            let path = self.path(path);
            let text = fs::read_to_string(&path).expect("is read");
            (path, text)
        };
        FILES.iter().map(read).collect()
    }

    /// Returns where a file of the home is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        let config = if cfg!(target_os = "macos") {
            "Library/Application Support"
        } else {
            ".config"
        };
        self.home.path().join(path.replace("{config}", config))
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("is read")
    }

    /// Moves everything, and returns the number of the move.
    pub(crate) fn migrate(&self) -> u64 {
        let ran = self.run(&["secrets", "migrate", "--all", "--json"]).fine();
        ran.json()["moved"]["id"].as_u64().expect("it has a number")
    }

    pub(crate) fn status(&self) -> Value {
        self.run(&["secrets", "status", "--json"]).fine().json()
    }

    /// Starts the entry of a Claude config as Claude Code does, feeds it, and returns what came of it.
    pub(crate) fn start(&self, path: &str, entry: &str, input: &str) -> Output {
        let config: Value = serde_json::from_str(&self.read(path)).expect("is JSON");
        let entry = &config["mcpServers"][entry];
        let text = |value: &Value| value.as_str().expect("is text").to_owned();
        let mut command = Command::new(text(&entry["command"]));
        command.args(entry["args"].as_array().into_iter().flatten().map(text));
        self.home.environment(&mut command);
        for (name, value) in entry["env"].as_object().into_iter().flatten() {
            command.env(name, text(value));
        }
        command.current_dir(self.home.path());
        fed(&mut command, input)
    }

    /// Returns what the server was started with: its arguments, and its variables.
    pub(crate) fn started(&self) -> Option<(Vec<String>, BTreeMap<String, String>)> {
        let arguments = fs::read_to_string(self.path("server.arguments")).ok()?;
        let environment = fs::read_to_string(self.path("server.environment")).ok()?;
        let variables = environment.lines().filter_map(|line| line.split_once('='));
        Some((
            arguments.lines().map(str::to_owned).collect(),
            variables
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        ))
    }

    /// Where the guard is installed.
    pub(crate) fn guard(&self) -> PathBuf {
        let status = self.status();
        let shown = status["programs"][0]["path"]
            .as_str()
            .expect("it has a place")
            .to_owned();
        self.home.path().join(shown.trim_start_matches("~/"))
    }
}

/// Runs a program with an input, and takes what it says.
pub(crate) fn fed(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    // A program that needs no input may have ended.
    let _ = child
        .stdin
        .take()
        .expect("it is piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

/// Returns whether a file is the guard under test.
pub(crate) fn is_guard(path: &Path) -> bool {
    fs::read(path).expect("is read") == fs::read(guard()).expect("is read")
}
