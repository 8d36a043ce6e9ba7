use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, mpsc},
    thread,
};

use countersign_model::{Bridged, GuardId, SecretId, SecretText};
use countersign_vault::{Elsewhere, FileKey, Held, Home as Bound, Item, Vault, make_file};
use tempfile::TempDir;

use crate::server::DEADLINE;

/// The id of the entry in every call.
pub(crate) const ENTRY: &str = "8f14e45fceea167a5a36dedd4bea2543";

/// The credential of every entry here.
pub(crate) const CANARY: &str = "canary-5d1f6c2e";

/// The same in the header that servers want.
pub(crate) const BEARER: &str = "Bearer canary-5d1f6c2e";

/// A home of nobody with a vault that a key file opens.
#[derive(Clone)]
pub(crate) struct Home(Arc<TempDir>);

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self(Arc::new(tempfile::tempdir().unwrap()));
        fs::create_dir(home.data()).unwrap();
        home
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Where the bridge finds the vault.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("own")
    }

    pub(crate) fn vault(&self) -> Vault {
        if self.data().join("vault.bin").exists() {
            return Vault::open(&self.data()).unwrap();
        }
        make_file(&self.data(), FileKey::KeyFile(self.path("key"))).unwrap()
    }

    /// Keeps a secret that one entry may have.
    pub(crate) fn keep(&self, number: u8, value: &str, entry: &Bridged) {
        let value = Held::Text(SecretText::new(value.to_owned()));
        self.vault().put(&item(number, value, entry)).unwrap();
    }

    /// As [`Home::keep`], where a secret manager has it.
    pub(crate) fn keep_elsewhere(&self, number: u8, reference: &str, entry: &Bridged) {
        let value = Held::Elsewhere(Elsewhere::parse(reference).unwrap());
        self.vault().put(&item(number, value, entry)).unwrap();
    }

    /// The bridge with an empty environment but for what it needs to find the vault.
    pub(crate) fn bridge(&self) -> Command {
        bridge_at(Path::new(env!("CARGO_BIN_EXE_countersign-bridge")), self)
    }

    /// Starts the bridge for an entry.
    pub(crate) fn start(&self, entry: &Bridged) -> Bridge {
        Bridge {
            home: Some(self.clone()),
            ..Bridge::start(self.bridge().args(entry.arguments()))
        }
    }

    /// Runs the bridge for an entry to its end, with this input.
    pub(crate) fn run(&self, entry: &Bridged, input: &str) -> Ran {
        let mut bridge = self.start(entry);
        bridge.send(input);
        bridge.finish()
    }
}

/// A bridge at another path.
pub(crate) fn bridge_at(path: &Path, home: &Home) -> Command {
    let mut bridge = Command::new(path);
    bridge
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.0.path())
        .env("COUNTERSIGN_DATA_DIR", home.data())
        .current_dir(home.0.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    bridge
}

/// An item that one entry may have.
pub(crate) fn item(number: u8, value: Held, entry: &Bridged) -> Item {
    Item {
        id: SecretId::from_bytes([number; 16]),
        label: "a secret of a test".to_owned(),
        value,
        homes: vec![Bound {
            file: "/home/dev/mcp.json".to_owned(),
            pointer: "/servers/x".to_owned(),
            entry: "x".to_owned(),
            binding: entry.binding(),
        }],
    }
}

/// The reference to what is kept under a number.
pub(crate) fn reference(number: u8) -> String {
    SecretId::from_bytes([number; 16]).reference()
}

/// An entry.
pub(crate) fn entry(url: &str, headers: &[&str]) -> Bridged {
    Bridged {
        id: GuardId::parse(ENTRY).unwrap(),
        is_sse: false,
        headers: headers.iter().map(|&header| header.to_owned()).collect(),
        url: url.to_owned(),
    }
}

/// An entry with a header that refers to the first secret.
pub(crate) fn with_bearer(url: &str) -> Bridged {
    entry(url, &[&format!("Authorization: Bearer {}", reference(1))])
}

/// A home whose first secret belongs to an entry with a header.
pub(crate) fn home_of(entry: &Bridged) -> Home {
    let home = Home::new();
    home.keep(1, CANARY, entry);
    home
}

/// A bridge that runs.
pub(crate) struct Bridge {
    pub(crate) child: Child,
    input: Option<ChildStdin>,
    lines: mpsc::Receiver<String>,
    /// It goes with the last one that needs it.
    home: Option<Home>,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    /// What nobody read before.
    pub(crate) out: Vec<String>,
    pub(crate) err: String,
}

impl Bridge {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines() {
                let _ = sender.send(line.unwrap());
            }
        });
        let input = child.stdin.take();
        Self {
            child,
            input,
            lines,
            home: None,
        }
    }

    /// Sends lines. A bridge that ends does not read them all.
    pub(crate) fn send(&mut self, lines: &str) {
        let input = self.input.as_mut().unwrap();
        let _ = input.write_all(format!("{lines}\n").as_bytes());
    }

    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(DEADLINE).expect("a line comes")
    }

    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.send(line);
        self.line()
    }

    /// Closes the client's end.
    pub(crate) fn close(&mut self) {
        self.input = None;
    }

    pub(crate) fn finish(mut self) -> Ran {
        self.close();
        let mut err = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut err).unwrap();
        let status = self.child.wait().unwrap();
        drop(self.home);
        let by_signal = || -status.signal().unwrap_or_default();
        Ran {
            code: status.code().unwrap_or_else(by_signal),
            out: self.lines.iter().collect(),
            err,
        }
    }
}

pub(crate) fn initialize(version: &str) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":"init","method":"initialize","params":{{"protocolVersion":"{version}"}}}}"#
    )
}

pub(crate) const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

pub(crate) fn request(id: u32, method: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{}}}}"#)
}

/// A request of a revision without a handshake.
pub(crate) fn stateless(id: u32, method: &str) -> String {
    let meta = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{meta}}}}}"#)
}
