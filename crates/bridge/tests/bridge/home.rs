//! A home with a vault, and runs of the bridge in it.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use countersign_model::{Binding, BoundStart, SecretId, SecretText};
use countersign_vault::{FileKey, Held, Home as Bound, Item, Vault, make_file};
use serde_json::Value;
use tempfile::TempDir;

/// The id of the entry in every call.
pub(crate) const ENTRY: &str = "8f14e45fceea167a5a36dedd4bea2543";

/// A credential that nobody has.
pub(crate) const SECRET: &str = "q9Xv2Lm7Rb1Tn5Yw8Hc4Dg6Jf0Ps";

/// A home of nobody.
pub(crate) struct Home(TempDir);

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Returns the messages of the output.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let read = |line: &str| serde_json::from_str(line).expect("every line is a message");
        self.out.lines().map(read).collect()
    }
}

impl Home {
    /// Makes a home with an encrypted file that a key file opens.
    pub(crate) fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::create_dir(home.data()).expect("is made");
        make_file(&home.data(), FileKey::KeyFile(home.0.path().join("key"))).expect("is made");
        home
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.0.path().join("own")
    }

    /// Keeps a value that is bound to an address and to headers by name, and returns its reference. `{}`
    /// in the address stands for that.
    pub(crate) fn keep(&self, number: u8, value: &str, url: &str, names: &[&str]) -> String {
        let id = SecretId::from_bytes([number; 16]);
        let item = Item {
            id,
            label: "a secret of a test".to_owned(),
            value: Held::Text(SecretText::new(value.to_owned())),
            homes: vec![Bound {
                file: "/home/dev/mcp.json".to_owned(),
                pointer: "/servers/x".to_owned(),
                entry: "x".to_owned(),
                binding: Binding {
                    start: BoundStart::Remote {
                        url: url.replace("{}", &id.reference()),
                    },
                    names: names.iter().map(|&name| name.to_owned()).collect(),
                },
            }],
        };
        let vault = Vault::open(&self.data()).expect("is there");
        vault.put(&item).expect("is kept");
        id.reference()
    }

    /// Runs the bridge with an input to its end.
    pub(crate) fn run(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_countersign-bridge"))
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("COUNTERSIGN_DATA_DIR", self.data())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it can be started");
        let mut pipe = child.stdin.take().expect("it is piped");
        // What refuses its arguments reads to the end as well.
        let _ = pipe.write_all(input);
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("it writes UTF-8");
        Ran {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Runs the bridge for an entry, with headers.
    pub(crate) fn ask(&self, headers: &[&str], url: &str, input: &str) -> Ran {
        let mut arguments = vec!["--entry", ENTRY];
        for header in headers {
            arguments.extend(["--header", header]);
        }
        arguments.extend(["--", url]);
        self.run(&arguments, input.as_bytes())
    }
}
