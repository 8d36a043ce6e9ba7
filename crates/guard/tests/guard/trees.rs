//! Nothing outlives the guard.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Child, Command},
};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::{
    home::{Home, finish},
    until::until,
};

/// A server that starts node, which starts a process in a session of its own; the latter two ignore
/// the end of input and every signal that can be ignored. Each writes its id where it stands.
const STUBBORN: &str = r#"
echo $$ > shell
node -e '
  const { spawn } = require("node:child_process");
  const stay = "for (const s of [`SIGTERM`, `SIGINT`, `SIGHUP`]) process.on(s, () => {});" +
    "require(`node:fs`).renameSync(write(process.argv[1]), process.argv[1]);" +
    "setInterval(() => {}, 1000);" +
    "function write(to) { require(`node:fs`).writeFileSync(to + `.new`, String(process.pid)); return to + `.new`; }";
  spawn(process.execPath, ["-e", stay, "grandchild"], { detached: true, stdio: "ignore" }).unref();
  process.argv[1] = "child";
  eval(stay);
' child
"#;

struct Tree {
    guard: Child,
    processes: Vec<Pid>,
}

/// Starts a server whose processes write their ids to these files.
fn start(home: &Home, command: &mut Command, files: &[&str]) -> Tree {
    let guard = command.spawn().unwrap();
    let processes = files.iter().map(|file| id(&home.path(file))).collect();
    Tree { guard, processes }
}

fn stubborn(home: &Home) -> Tree {
    let files = ["shell", "child", "grandchild"];
    start(home, &mut home.in_front_of(&["sh", "-c", STUBBORN]), &files)
}

fn id(file: &Path) -> Pid {
    until("a process that writes its id", || {
        let text = fs::read_to_string(file).ok()?;
        Pid::from_raw(text.strip_suffix('\n').unwrap_or(&text).parse().ok()?)
    })
}

fn stat(process: Pid) -> Option<String> {
    fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()
}

/// Fields after the name: state, parent, …
fn fields(process: Pid) -> Option<Vec<String>> {
    let stat = stat(process)?;
    let (_, after) = stat.rsplit_once(')')?;
    Some(after.split_whitespace().map(str::to_owned).collect())
}

fn is_running(process: Pid) -> bool {
    fields(process).is_some_and(|fields| fields[0] != "Z")
}

fn parent(process: Pid) -> Pid {
    let fields = fields(process).unwrap();
    Pid::from_raw(fields[1].parse().unwrap()).unwrap()
}

impl Tree {
    fn id(&self) -> Pid {
        Pid::from_child(&self.guard)
    }

    /// The process between the guard and the server.
    fn supervisor(&self) -> Pid {
        parent(self.processes[0])
    }

    /// Waits until nothing is left, and returns the guard's exit code.
    fn ended_with(mut self, supervisor: Pid) -> i32 {
        drop(self.guard.stdin.take());
        let id = self.id();
        let ran = finish(self.guard);
        for process in self.processes.iter().chain([&supervisor]) {
            until("the end of a process", || {
                (!is_running(*process)).then_some(())
            });
        }
        assert!(!is_running(id));
        ran.code
    }
}

#[test]
fn a_stubborn_tree_ends_with_the_input() {
    let home = Home::new();
    let tree = stubborn(&home);
    let supervisor = tree.supervisor();
    assert_eq!(parent(supervisor), tree.id());
    assert_eq!(tree.ended_with(supervisor), 143);
}

#[test]
fn a_stubborn_tree_ends_with_sigterm() {
    let home = Home::new();
    let mut tree = stubborn(&home);
    let supervisor = tree.supervisor();
    let input = tree.guard.stdin.take();
    kill_process(tree.id(), Signal::TERM).unwrap();
    assert_eq!(tree.ended_with(supervisor), 143);
    drop(input);
}

#[test]
fn a_stubborn_tree_ends_when_the_guard_is_killed() {
    let home = Home::new();
    let mut tree = stubborn(&home);
    let supervisor = tree.supervisor();
    let input = tree.guard.stdin.take();
    kill_process(tree.id(), Signal::KILL).unwrap();
    assert_eq!(tree.ended_with(supervisor), -9);
    drop(input);
}

#[test]
fn a_stubborn_tree_ends_when_the_supervisor_is_killed() {
    let home = Home::new();
    let mut tree = stubborn(&home);
    let supervisor = tree.supervisor();
    let input = tree.guard.stdin.take();
    kill_process(supervisor, Signal::KILL).unwrap();
    assert_eq!(tree.ended_with(supervisor), 137);
    drop(input);
}

#[test]
fn a_stubborn_tree_ends_when_the_guards_group_is_killed() {
    use std::os::unix::process::CommandExt;
    let home = Home::new();
    let mut command = home.in_front_of(&["sh", "-c", STUBBORN]);
    command.process_group(0);
    let mut tree = start(&home, &mut command, &["shell", "child", "grandchild"]);
    let supervisor = tree.supervisor();
    let input = tree.guard.stdin.take();
    kill_process_group(tree.id(), Signal::KILL).unwrap();
    assert_eq!(tree.ended_with(supervisor), -9);
    drop(input);
}

#[test]
fn what_a_server_leaves_running_ends_with_it() {
    let home = Home::new();
    // The shell in between ends at once, so that the one that stays has no parent in the tree.
    let script = "sh -c 'setsid sh -c \"trap \\\"\\\" TERM; echo \\$\\$ > left; \
                  while :; do sleep 1000; done\" < /dev/null > /dev/null 2>&1 &'; \
                  while ! test -s left; do :; done; echo $$ > server; read line; exit 5";
    let mut tree = start(
        &home,
        &mut home.in_front_of(&["sh", "-c", script]),
        &["server", "left"],
    );
    let supervisor = tree.supervisor();
    assert_eq!(parent(tree.processes[1]), supervisor);
    let mut input = tree.guard.stdin.take().unwrap();
    input.write_all(b"\n").unwrap();
    assert_eq!(tree.ended_with(supervisor), 5);
}

#[test]
fn orphans_are_not_left_as_zombies_while_the_server_runs() {
    let home = Home::new();
    let script =
        "sh -c 'sh -c \"echo \\$\\$ > orphan; exec sleep 0\" &'; echo $$ > server; read line";
    let tree = start(
        &home,
        &mut home.in_front_of(&["sh", "-c", script]),
        &["server", "orphan"],
    );
    let orphan = tree.processes[1];
    until("the end of an orphan", || {
        stat(orphan).is_none().then_some(())
    });
    let supervisor = tree.supervisor();
    assert_eq!(tree.ended_with(supervisor), 1);
}

#[test]
fn a_server_has_time_to_end_after_its_input() {
    let home = Home::new();
    let script = "echo $$ > server; cat > /dev/null; mkfifo wait; read line < wait; exit 4";
    let mut tree = start(
        &home,
        &mut home.in_front_of(&["sh", "-c", script]),
        &["server"],
    );
    let supervisor = tree.supervisor();
    drop(tree.guard.stdin.take());
    // It opens only once the server, whose input has ended, reads from it.
    let fifo = home.path("wait");
    until("a server that still works", || fifo.exists().then_some(()));
    fs::write(&fifo, "\n").unwrap();
    assert_eq!(tree.ended_with(supervisor), 4);
}

#[test]
fn signals_reach_the_server_once_and_its_answer_counts() {
    let script = "trap 'echo got; exit 9' TERM INT HUP QUIT; echo $$ > server; \
                  while :; do read line < fifo; done";
    for signal in [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT] {
        let home = Home::new();
        Command::new("mkfifo")
            .arg(home.path("fifo"))
            .status()
            .unwrap();
        let mut guard = home.in_front_of(&["sh", "-c", script]);
        let mut tree = start(&home, &mut guard, &["server"]);
        let input = tree.guard.stdin.take();
        kill_process(tree.id(), signal).unwrap();
        let ran = finish(tree.guard);
        assert_eq!((ran.text(), ran.code), ("got\n", 9), "{signal:?}");
        drop(input);
    }
}

#[test]
fn a_signal_that_asks_for_nothing_known_is_passed_on() {
    let home = Home::new();
    let script = "trap 'echo got' USR1; echo $$ > server; while ! read line; do :; done; exit 6";
    let mut tree = start(
        &home,
        &mut home.in_front_of(&["sh", "-c", script]),
        &["server"],
    );
    kill_process(tree.id(), Signal::USR1).unwrap();
    let mut said = [0; 4];
    tree.guard
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut said)
        .unwrap();
    assert_eq!(&said, b"got\n");
    let supervisor = tree.supervisor();
    tree.guard.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    assert_eq!(tree.ended_with(supervisor), 6);
}

#[test]
fn the_client_sees_the_end_of_output_when_the_guard_is_killed() {
    let home = Home::new();
    let mut guard = home.in_front_of(&["sh", "-c", "echo $$ > server; cat"]);
    let mut tree = start(&home, &mut guard, &["server"]);
    let input = tree.guard.stdin.take();
    kill_process(tree.id(), Signal::KILL).unwrap();
    let mut out = Vec::new();
    tree.guard
        .stdout
        .take()
        .unwrap()
        .read_to_end(&mut out)
        .unwrap();
    assert!(out.is_empty());
    drop(input);
    let server = tree.processes[0];
    until("the end of the server", || {
        (!is_running(server)).then_some(())
    });
    tree.guard.wait().unwrap();
}
