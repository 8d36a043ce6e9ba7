//! A server that tries what it should not.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{TcpStream, UdpSocket},
    os::{
        linux::net::SocketAddrExt,
        unix::{
            net::{SocketAddr, UnixStream},
            process::CommandExt,
        },
    },
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, test_kill_process};

/// The first argument of this server.
pub(crate) const MARK: &str = "__hostile";

/// Processes that a bomb starts, at most.
pub(crate) const FORKS_MAX: usize = 200;

/// Memory that a bomb takes, at most.
pub(crate) const MEBIBYTES_MAX: usize = 512;

/// How long a bomb holds on, at most.
const BOMB: Duration = Duration::from_secs(5);

pub(crate) fn run() -> Option<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (mark, mode, rest) = match arguments.as_slice() {
        [mark, mode, rest @ ..] => (mark, mode, rest),
        _ => return None,
    };
    if mark != MARK {
        return None;
    }
    let first = rest.first().map_or("", String::as_str);
    match mode.as_str() {
        "read" => tell(fs::read(first).map(|_| ())),
        "list" => tell(fs::read_dir(first).map(|_| ())),
        "write" => tell(fs::write(first, "x")),
        "status" => print(&fs::read_to_string("/proc/self/status").unwrap_or_default()),
        "environment" => {
            let all: Vec<String> = env::vars()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            print(&all.join("\n"));
        }
        "files" => files(),
        "connect" => {
            tell(TcpStream::connect(first).map(|_| ()));
            let udp = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.send_to(b"x", first));
            tell(udp.map(|_| ()));
        }
        "local" => tell(UnixStream::connect(first).map(|_| ())),
        "abstract" => {
            let address = SocketAddr::from_abstract_name(first);
            tell(
                address
                    .and_then(|address| UnixStream::connect_addr(&address))
                    .map(|_| ()),
            );
        }
        "signal" => {
            let pid = first
                .parse()
                .ok()
                .and_then(Pid::from_raw)
                .expect("it is an id");
            tell(test_kill_process(pid).map_err(io::Error::from));
            tell(fs::read(format!("/proc/{first}/environ")).map(|_| ()));
        }
        "fork" => fork(first.parse().expect("it is a number")),
        "allocate" => allocate(first.parse().expect("it is a number")),
        "survive" => survive(first),
        "detach" => detach(first),
        "wait" => {
            let _ = io::stdin().read(&mut [0]);
        }
        "idle" => std::thread::sleep(BOMB),
        _ => print("unknown"),
    }
    Some(ExitCode::SUCCESS)
}

fn print(text: &str) {
    let mut output = io::stdout();
    let _ = writeln!(output, "{text}");
    let _ = output.flush();
}

fn tell(outcome: io::Result<()>) {
    match outcome {
        Ok(()) => print("done"),
        Err(error) => print(&format!(
            "refused {}",
            error.raw_os_error().unwrap_or_default()
        )),
    }
}

fn files() {
    let open = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .flatten();
    let numbers: Vec<i32> = open
        .filter_map(|file| file.file_name().to_str()?.parse().ok())
        .collect();
    // One more is the folder that is being read.
    print(&format!("{}", numbers.len()));
}

/// Starts processes that wait until this one ends, and tells how many there were.
fn fork(count: usize) {
    let until = Instant::now() + BOMB;
    let mut children: Vec<Child> = Vec::new();
    for _ in 0..count.min(FORKS_MAX) {
        let mut command = Command::new("/proc/self/exe");
        command.args([MARK, "wait"]).stdin(Stdio::piped());
        match command.spawn() {
            Ok(child) => children.push(child),
            Err(_) => break,
        }
        if Instant::now() > until {
            break;
        }
    }
    print(&format!("{}", children.len()));
    for mut child in children {
        drop(child.stdin.take());
        let _ = child.wait();
    }
}

/// Takes memory in small steps, and tells how much there was.
fn allocate(mebibytes: usize) {
    const STEP: usize = 1 << 20;
    let until = Instant::now() + BOMB;
    let mut held = Vec::new();
    for step in 1..=mebibytes.min(MEBIBYTES_MAX) {
        held.push(vec![1_u8; STEP]);
        if step % 16 == 0 {
            print(&format!("{step}"));
            // Slower than what watches: a trial tells whether that looks at all.
            std::thread::sleep(Duration::from_millis(20));
        }
        if Instant::now() > until {
            return;
        }
    }
    print("all");
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(held);
}

/// Leaves a process behind that is hard to get rid of.
fn survive(mark: &str) {
    let mut command = Command::new("/proc/self/exe");
    command.args([MARK, "detach", mark]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    tell(command.spawn().map(|_| ()));
}

fn detach(mark: &str) {
    let _ = rustix::process::setsid();
    let script = "trap '' TERM HUP INT QUIT; while :; do sleep 1; done";
    // Ends by itself, too.
    let _ = Command::new("/usr/bin/timeout")
        .args(["-s", "KILL", "60", "/bin/sh", "-c", script, mark])
        .exec();
}
