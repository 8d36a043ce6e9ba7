use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use countersign_model::{Binding, BoundStart, SecretId, SecretText};
use countersign_tests::guard;
use countersign_vault::{FileKey, Held, Home, Item, make_file};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use super::{echo, runs::Times, table::Table};

/// Sizes of a call in bytes, how often each is called, and what may be added to it in microseconds.
const CALLS: [(usize, usize, f64); 3] = [
    (100, 20_000, 10.0),
    (10_000, 5_000, 80.0),
    (100_000, 1_000, 500.0),
];

/// Starts of each kind.
const STARTS: usize = 60;

const VARIABLE: &str = "BENCH_TOKEN";

/// Measures what the guard adds to a server that only echoes. Calls and starts with and without it
/// alternate, and everything is on one core.
pub(crate) fn measure(table: &mut Table) {
    let all = sched_getaffinity(None).expect("the system tells");
    let one = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core));
    let mut only = CpuSet::new();
    only.set(one.expect("this runs on a core"));
    sched_setaffinity(None, &only).expect("a core that is allowed");
    calls(table);
    starts(table);
    sched_setaffinity(None, &all).expect("the cores from before");
}

fn calls(table: &mut Table) {
    let mut direct = Server::start(&mut direct());
    let mut guarded = Server::start(&mut guarded());
    for (bytes, count, bar) in CALLS {
        let line = line(bytes);
        let (mut without, mut with) = (Vec::new(), Vec::new());
        for _ in 0..count {
            without.push(direct.call(&line));
            with.push(guarded.call(&line));
        }
        let (without, with) = (Times::from(without), Times::from(with));
        let more = format!(
            ", p99 {:.1}; {:.1} and {:.1} without",
            1000.0 * (with.at(99) - without.at(99)),
            1000.0 * without.median(),
            1000.0 * without.at(99),
        );
        let what = format!("added by the guard to a call of {bytes} B, p50");
        let added_us = 1000.0 * (with.median() - without.median());
        table.at_most(&what, added_us, bar, "us", &more);
    }
    match pss_kib(guarded.process.id()) {
        Some(kib) => table.at_most(
            "memory of the guard's processes (PSS)",
            f64::from(kib) / 1024.0,
            6.0,
            "MiB",
            "",
        ),
        None => println!("memory of the guard's processes: this user may not read it"),
    }
}

fn starts(table: &mut Table) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let reference = keep_secret(folder.path());
    let (mut without, mut with, mut secret) = (Vec::new(), Vec::new(), Vec::new());
    let line = line(100);
    let start = |command: &mut Command| {
        let begun = Instant::now();
        let mut server = Server::start(command);
        server.call(&line);
        let ms = elapsed_ms(begun);
        server.end();
        ms
    };
    for _ in 0..STARTS {
        without.push(start(&mut direct()));
        with.push(start(&mut guarded()));
        let mut guarded = guarded();
        guarded.env("COUNTERSIGN_DATA_DIR", folder.path());
        secret.push(start(guarded.env(VARIABLE, &reference)));
    }
    let [without, with, secret] = [without, with, secret].map(Times::from);
    table.at_most(
        "added by the guard to a start",
        with.median() - without.median(),
        5.0,
        "ms",
        &format!(", {:.1} ms without", without.median()),
    );
    table.at_most(
        "reading one secret from the encrypted file",
        secret.median() - with.median(),
        30.0,
        "ms",
        "",
    );
}

/// Keeps a secret for the server, and returns its reference.
fn keep_secret(folder: &std::path::Path) -> String {
    let id = SecretId::from_bytes([7; 16]);
    let vault = make_file(folder, FileKey::KeyFile(folder.join("key")));
    let binding = Binding {
        start: BoundStart::Command {
            program: own_path(),
            arguments: vec![echo::ARGUMENT.to_owned()],
        },
        names: BTreeSet::from([VARIABLE.to_owned()]),
    };
    let item = Item {
        id,
        label: "a secret of a bench".to_owned(),
        value: Held::Text(SecretText::new("a value".to_owned())),
        homes: vec![Home {
            file: "mcp.json".to_owned(),
            pointer: "/servers/echo".to_owned(),
            entry: "echo".to_owned(),
            binding,
        }],
    };
    vault
        .and_then(|vault| vault.put(&item))
        .expect("it can be kept");
    id.reference()
}

fn own_path() -> String {
    let path = env::current_exe().expect("a running program has a path");
    path.to_str().expect("it is text").to_owned()
}

fn direct() -> Command {
    let mut command = Command::new(own_path());
    command.arg(echo::ARGUMENT);
    command
}

fn guarded() -> Command {
    let mut command = Command::new(guard());
    command
        .env_clear()
        .args(["--entry", &"0".repeat(32), "--env", VARIABLE, "--"])
        .args([&own_path(), echo::ARGUMENT]);
    command
}

fn line(bytes: usize) -> Vec<u8> {
    let mut line = br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"text":""#.to_vec();
    line.resize(bytes - 4, b'x');
    line.extend(b"\"}}\n");
    line
}

struct Server {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    answer: Vec<u8>,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program can be started");
        let output = process.stdout.take().expect("a pipe was asked for");
        Self {
            input: process.stdin.take().expect("a pipe was asked for"),
            output: BufReader::with_capacity(256 * 1024, output),
            process,
            answer: Vec::new(),
        }
    }

    /// Calls it once; returns milliseconds.
    fn call(&mut self, line: &[u8]) -> f64 {
        self.answer.clear();
        let begun = Instant::now();
        self.input.write_all(line).expect("the server reads");
        self.output
            .read_until(b'\n', &mut self.answer)
            .expect("the server answers");
        let ms = elapsed_ms(begun);
        assert!(self.answer == line, "the server answered something else");
        ms
    }

    fn end(mut self) {
        drop(self.input);
        assert!(self.process.wait().expect("it was started").success());
    }
}

/// Memory of the guard and its supervisor, shared pages by their share; `None` where it may not be read.
fn pss_kib(guard: u32) -> Option<u32> {
    let children = fs::read_to_string(format!("/proc/{guard}/task/{guard}/children")).ok()?;
    let supervisors = children.split_whitespace().map(str::to_owned);
    supervisors
        .chain([guard.to_string()])
        .map(|process| {
            let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
            let mut lines = text.lines();
            let pss = lines.find_map(|line| line.strip_prefix("Pss:"))?;
            pss.split_whitespace().next()?.parse::<u32>().ok()
        })
        .sum()
}

fn elapsed_ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}
