//! Registries on loopback, and what is fetched from them.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use countersign_launch::sandbox::{Sandbox, Tier, Unconfined};
use countersign_probe::{Era, FetchError, Fetched, Fetcher, Registry, Wanted, ask_program, fetch};

use crate::{program::patience, trials::skip};

/// A server as a script, which tells where it was run before it was asked.
const SCRIPT: &str = r#"#!/usr/bin/env node
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  const results = {
    initialize: { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'x' } },
    'tools/list': { tools: [{ name: 'add', description: 'Adds.' }] },
  };
  const result = results[method];
  const answer = result ? { result } : { error: { code: -32601, message: 'no' } };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
});
"#;

pub(crate) fn npm_fetches_without_running_and_the_server_runs_without_network() {
    let npm = Path::new("/usr/bin/npm");
    if !npm.exists() || !Path::new("/usr/bin/node").exists() {
        skip(
            "npm_fetches_without_running_and_the_server_runs_without_network",
            "there is no npm",
        );
        return;
    }
    let root = open_folder();
    let marked = root.path().join("marked");
    let tarball = pack(root.path(), &marked);
    let hex = sum("sha512sum", &tarball);
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).expect("it is hexadecimal"))
        .collect();
    let integrity = format!("sha512-{}", STANDARD.encode(bytes));
    let registry = Stub::start(move |path, origin| match path {
        "/fake-server" => Some(manifest(origin, Some(&integrity)).into_bytes()),
        "/fake-server/-/fake-server-1.2.3.tgz" => fs::read(&tarball).ok(),
        _ => None,
    });
    let wanted = Wanted::new(Registry::Npm, "fake-server", "1.2.3", None).expect("it is exact");
    let fetched = fetch(
        &wanted,
        &fetcher(npm, &root.path().join("one"), &registry.origin),
    );
    let one = fetched.unwrap_or_else(|error| panic!("{error}"));
    assert!(registry.hits() >= 2);
    assert!(!marked.exists(), "a script of the package was run");
    assert_eq!(one.packages.len(), 1);
    assert!(one.packages[0].hash.starts_with("sha512-"));
    assert_eq!(one.program, Path::new("/usr/bin/node"));

    let other = fetch(
        &wanted,
        &fetcher(npm, &root.path().join("two"), &registry.origin),
    );
    assert_eq!(other.expect("it is fetched").digest, one.digest);

    let before = registry.hits();
    let probed = ask_program(&second_step(&one, root.path()), &patience());
    let probed = probed.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(probed.surface.tools().count(), 1);
    assert_eq!(registry.hits(), before);

    let absent = Wanted::new(Registry::Npm, "fake-server", "9.9.9", None).expect("it is exact");
    let error = fetch(
        &absent,
        &fetcher(npm, &root.path().join("three"), &registry.origin),
    );
    assert!(
        matches!(error, Err(FetchError::Failed { said: Some(_) })),
        "{error:?}"
    );
}

pub(crate) fn a_package_without_a_hash_is_refused() {
    let npm = Path::new("/usr/bin/npm");
    if !npm.exists() {
        skip("a_package_without_a_hash_is_refused", "there is no npm");
        return;
    }
    let root = open_folder();
    let tarball = pack(root.path(), &root.path().join("marked"));
    let registry = Stub::start(move |path, origin| match path {
        "/fake-server" => Some(manifest(origin, None).into_bytes()),
        _ => fs::read(&tarball).ok(),
    });
    let wanted = Wanted::new(Registry::Npm, "fake-server", "1.2.3", None).expect("it is exact");
    let error = fetch(
        &wanted,
        &fetcher(npm, &root.path().join("one"), &registry.origin),
    );
    assert!(matches!(error, Err(FetchError::NotLocked(_))), "{error:?}");
}

pub(crate) fn pip_fetches_wheels_and_the_server_runs_without_network() {
    let python = Path::new("/usr/bin/python3");
    let has_all = Command::new(python)
        .args(["-c", "import venv, ensurepip"])
        .status();
    if !has_all.is_ok_and(|status| status.success()) {
        skip(
            "pip_fetches_wheels_and_the_server_runs_without_network",
            "there is no python3 with venv and ensurepip",
        );
        return;
    }
    let root = open_folder();
    let wheel = wheel(root.path(), python);
    let hash = sum("sha256sum", &wheel);
    let registry = Stub::start(move |path, _| match path {
        "/fake-server/" => Some(format!("<a href=\"/{WHEEL}#sha256={hash}\">{WHEEL}</a>").into()),
        path if path.ends_with(WHEEL) => fs::read(&wheel).ok(),
        _ => None,
    });
    let wanted = Wanted::new(Registry::PyPi, "fake-server", "1.2.3", None).expect("it is exact");
    let fetched = fetch(
        &wanted,
        &fetcher(python, &root.path().join("one"), &registry.origin),
    );
    let fetched = fetched.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(fetched.packages.len(), 1);
    assert!(fetched.packages[0].hash.starts_with("sha256-"));
    let before = registry.hits();
    let probed = ask_program(&second_step(&fetched, root.path()), &patience());
    let probed = probed.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(probed.surface.tools().count(), 1);
    assert_eq!(registry.hits(), before);
}

/// Fetches real servers of both eras from the registries that this machine is set up for, and asks them.
pub(crate) fn real_packages_are_fetched_and_asked() {
    if env::var_os("COUNTERSIGN_TEST_ONLINE").is_none() {
        skip(
            "real_packages_are_fetched_and_asked",
            "COUNTERSIGN_TEST_ONLINE is not set",
        );
        return;
    }
    let packages = [
        (
            Registry::Npm,
            "/usr/bin/npm",
            "@modelcontextprotocol/server-memory",
            "2026.8.31",
        ),
        (
            Registry::PyPi,
            "/usr/bin/python3",
            "mcp-server-time",
            "2026.10.19",
        ),
    ];
    for ((registry, program, name, version), era) in
        packages.into_iter().zip([Era::Handshake, Era::Stateless])
    {
        let root = open_folder();
        let wanted = Wanted::new(registry, name, version, None).expect("it is exact");
        let mut with = fetcher(Path::new(program), &root.path().join("one"), "");
        with.address = None;
        let configured = env::vars_os().filter(|(name, _)| {
            let name = name.to_string_lossy().to_ascii_uppercase();
            [
                "PIP_",
                "NODE_EXTRA",
                "NPM_CONFIG_",
                "SSL_CERT",
                "HTTP_PROXY",
                "HTTPS_PROXY",
            ]
            .iter()
            .any(|start| name.starts_with(start))
        });
        with.environment.extend(configured);
        let fetched = fetch(&wanted, &with).unwrap_or_else(|error| panic!("{error}"));
        assert!(fetched.packages.len() > 5);
        let asked = || {
            let folder = tempfile::tempdir_in(root.path()).expect("there is room");
            let mut sandbox = second_step(&fetched, folder.path());
            sandbox.environment = environment();
            let probed = ask_program(&sandbox, &patience());
            probed.unwrap_or_else(|error| panic!("{error}"))
        };
        let (one, other) = (asked(), asked());
        assert_eq!(one.greeting.era, era, "{name}");
        assert_eq!(one.surface.faults(), [], "{name}");
        assert!(one.surface.tools().count() >= 2, "{name}");
        assert_eq!(one.surface.digest(), other.surface.digest(), "{name}");
    }
}

/// The name of a wheel.
const WHEEL: &str = "fake_server-1.2.3-py3-none-any.whl";

/// The same server, as a module.
const MODULE: &str = r#"import json, sys
def main():
    for line in sys.stdin:
        asked = json.loads(line)
        results = {
            'initialize': {'protocolVersion': '2025-11-25', 'capabilities': {'tools': {}}},
            'tools/list': {'tools': [{'name': 'add', 'description': 'Adds.'}]},
        }
        result = results.get(asked['method'])
        answer = {'result': result} if result else {'error': {'code': -32601, 'message': 'no'}}
        if 'id' in asked:
            print(json.dumps({'jsonrpc': '2.0', 'id': asked['id'], **answer}), flush=True)
"#;

fn wheel(root: &Path, python: &Path) -> PathBuf {
    let about = "fake_server-1.2.3.dist-info";
    let files = [
        ("fake_server.py".to_owned(), MODULE),
        (
            format!("{about}/METADATA"),
            "Metadata-Version: 2.1\nName: fake-server\nVersion: 1.2.3\n",
        ),
        (
            format!("{about}/WHEEL"),
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ),
        (
            format!("{about}/entry_points.txt"),
            "[console_scripts]\nfake-server = fake_server:main\n",
        ),
        (format!("{about}/RECORD"), ""),
    ];
    let folder = root.join("wheel");
    fs::create_dir_all(folder.join(about)).expect("there is room");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("there is room");
    }
    let wheel = root.join(WHEEL);
    let packed = Command::new(python)
        .args(["-m", "zipfile", "-c"])
        .arg(&wheel)
        .args(["fake_server.py", about])
        .current_dir(&folder)
        .status();
    assert!(packed.expect("python3 is there").success());
    wheel
}

/// Returns a digest of a file, in hexadecimal.
fn sum(program: &str, file: &Path) -> String {
    let output = Command::new(program).arg(file).output();
    let output = output.expect("it is there").stdout;
    let text = String::from_utf8(output).expect("it is text");
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// Returns how what was fetched is run: without network, and from its folder.
fn second_step(fetched: &Fetched, root: &Path) -> Sandbox {
    let folder = root.join("run");
    fs::create_dir(&folder).expect("there is room");
    let mut sandbox = Sandbox::new(fetched.program.clone(), folder);
    sandbox.arguments.clone_from(&fetched.arguments);
    sandbox.environment = environment();
    sandbox.readable = vec![fetched.folder.clone()];
    sandbox
}

fn environment() -> Vec<(OsString, OsString)> {
    vec![("PATH".into(), "/usr/bin:/bin".into())]
}

fn fetcher(program: &Path, folder: &Path, origin: &str) -> Fetcher {
    fs::create_dir(folder).expect("there is room");
    Fetcher {
        program: program.to_owned(),
        environment: environment(),
        readable: Vec::new(),
        private: Vec::new(),
        address: Some(format!("{origin}/")),
        folder: folder.to_owned(),
        unconfined: Unconfined::Refuse,
        tier: Tier::Strongest,
    }
}

fn open_folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("there is room");
    let all = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.path(), all).expect("it is ours");
    root
}

/// Packs a package whose script would leave a mark.
fn pack(root: &Path, marked: &Path) -> PathBuf {
    let folder = root.join("package");
    fs::create_dir(&folder).expect("there is room");
    let script = format!("touch {}", marked.display());
    let manifest = serde_json::json!({
        "name": "fake-server", "version": "1.2.3", "bin": {"fake-server": "index.js"},
        "scripts": {"preinstall": script, "install": script, "postinstall": script},
    });
    fs::write(folder.join("package.json"), manifest.to_string()).expect("there is room");
    fs::write(folder.join("index.js"), SCRIPT).expect("there is room");
    let tarball = root.join("package.tgz");
    let packed = Command::new("tar")
        .args(["-czf"])
        .arg(&tarball)
        .args(["-C"])
        .arg(root)
        .arg("package")
        .status();
    assert!(packed.expect("tar is there").success());
    tarball
}

fn manifest(origin: &str, integrity: Option<&str>) -> String {
    let tarball = format!("{origin}/fake-server/-/fake-server-1.2.3.tgz");
    let version = serde_json::json!({
        "name": "fake-server", "version": "1.2.3", "bin": {"fake-server": "index.js"},
        "hasInstallScript": true, "dist": {"tarball": tarball, "integrity": integrity},
    });
    serde_json::json!({
        "name": "fake-server", "dist-tags": {"latest": "1.2.3"}, "versions": {"1.2.3": version},
    })
    .to_string()
}

/// A server of files.
struct Stub {
    origin: String,
    hits: Arc<AtomicUsize>,
}

impl Stub {
    fn start(file: impl Fn(&str, &str) -> Option<Vec<u8>> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        let stub = Self {
            origin: format!("http://{address}"),
            hits: Arc::default(),
        };
        let (origin, hits) = (stub.origin.clone(), Arc::clone(&stub.hits));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                hits.fetch_add(1, Ordering::Relaxed);
                answer(stream, |path| file(path, &origin));
            }
        });
        stub
    }

    fn hits(&self) -> usize {
        self.hits.load(Ordering::Relaxed)
    }
}

fn answer(mut stream: TcpStream, file: impl Fn(&str) -> Option<Vec<u8>>) {
    let Ok(reader) = stream.try_clone() else {
        return;
    };
    let lines = BufReader::new(reader).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1));
    let found = path.and_then(&file);
    let (status, body) = found.map_or(("404 Not Found", Vec::new()), |body| ("200 OK", body));
    let length = body.len();
    // An index of the one kind is a page, one of the other is JSON.
    let kind = if path.is_some_and(|path| path.ends_with('/')) {
        "text/html"
    } else {
        "application/octet-stream"
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body);
}
