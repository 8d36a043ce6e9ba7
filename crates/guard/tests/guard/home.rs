use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fs,
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use countersign_model::{Binding, BoundStart, SecretId, SecretText};
use countersign_vault::{Elsewhere, FileKey, Held, Home as Bound, Item, Vault, make_file};
use tempfile::TempDir;

/// The id of the entry in every call.
pub(crate) const ENTRY: &str = "8f14e45fceea167a5a36dedd4bea2543";

/// A home of nobody with a vault that a key file opens.
pub(crate) struct Home(TempDir);

/// What a run of the guard came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        fs::create_dir(home.data()).unwrap();
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Where the guard finds the vault.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("own")
    }

    pub(crate) fn vault(&self) -> Vault {
        if self.data().join("vault.bin").exists() {
            return Vault::open(&self.data()).unwrap();
        }
        make_file(&self.data(), FileKey::KeyFile(self.path("key"))).unwrap()
    }

    /// Keeps a secret that is bound to one start, and returns its reference.
    pub(crate) fn keep(&self, number: u8, value: &str, start: &[&str], names: &[&str]) -> String {
        let value = Held::Text(SecretText::new(value.to_owned()));
        self.keep_held(number, value, start, names)
    }

    /// As [`Home::keep`], where a secret manager has it.
    pub(crate) fn keep_elsewhere(
        &self,
        number: u8,
        reference: &str,
        start: &[&str],
        names: &[&str],
    ) -> String {
        let elsewhere = Elsewhere::parse(reference).unwrap();
        self.keep_held(number, Held::Elsewhere(elsewhere), start, names)
    }

    fn keep_held(&self, number: u8, value: Held, start: &[&str], names: &[&str]) -> String {
        let (program, arguments) = start.split_first().unwrap();
        let id = SecretId::from_bytes([number; 16]);
        let binding = Binding {
            start: BoundStart::Command {
                program: (*program).to_owned(),
                arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
            },
            names: names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<BTreeSet<_>>(),
        };
        let item = Item {
            id,
            label: "a secret of a test".to_owned(),
            value,
            homes: vec![Bound {
                file: "/home/dev/mcp.json".to_owned(),
                pointer: "/servers/x".to_owned(),
                entry: "x".to_owned(),
                binding,
            }],
        };
        self.vault().put(&item).unwrap();
        id.reference()
    }

    /// Writes a program that this user may run.
    pub(crate) fn program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    /// The guard with an empty environment but for what it needs to find the vault and programs.
    pub(crate) fn guard(&self) -> Command {
        guard_at(Path::new(env!("CARGO_BIN_EXE_countersign-guard")), self)
    }

    /// The guard in front of a server, with nothing declared.
    pub(crate) fn in_front_of<S: AsRef<OsStr>>(&self, start: &[S]) -> Command {
        self.declaring(&[], start)
    }

    /// The guard in front of a server, with declared variables.
    pub(crate) fn declaring<S: AsRef<OsStr>>(&self, names: &[&str], start: &[S]) -> Command {
        let mut guard = self.guard();
        guard.args(["--entry", ENTRY, "--env", &names.join(",")]);
        guard.arg("--").args(start);
        guard
    }
}

/// A guard at another path.
pub(crate) fn guard_at(path: &Path, home: &Home) -> Command {
    let mut guard = Command::new(path);
    guard
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.0.path())
        .env("COUNTERSIGN_DATA_DIR", home.data())
        .current_dir(home.0.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    guard
}

/// Runs a guard to its end, with this input.
pub(crate) fn run(guard: &mut Command, input: &[u8]) -> Ran {
    let mut child = guard.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = thread::spawn(move || {
        // A server that does not read is no failure.
        let _ = stdin.write_all(&input);
    });
    let ran = finish(child);
    writer.join().unwrap();
    ran
}

/// Reads what a guard says to its end.
pub(crate) fn finish(mut child: Child) -> Ran {
    let mut stderr = child.stderr.take().unwrap();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    let mut out = Vec::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_end(&mut out).unwrap();
    }
    let status = child.wait().unwrap();
    let by_signal = || -status.signal().unwrap_or_default();
    Ran {
        code: status.code().unwrap_or_else(by_signal),
        out,
        err: reader.join().unwrap(),
    }
}

impl Ran {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }
}
