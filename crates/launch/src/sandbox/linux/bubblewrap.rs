//! A view of the machine that holds nothing but what a program may see.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

use super::{Own, paths, plan::Plan};

/// Where bubblewrap is looked for: not in `PATH`, which others may have set.
const PROGRAMS: [&str; 4] = [
    "/usr/bin/bwrap",
    "/bin/bwrap",
    "/usr/local/bin/bwrap",
    "/run/current-system/sw/bin/bwrap",
];

/// How long a trial may take.
const TRIAL: Duration = Duration::from_secs(10);

/// Returns whether bubblewrap can do here what is asked of it. It is tried once.
pub(super) fn works() -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    *WORKS.get_or_init(|| try_it().unwrap_or(false))
}

fn program() -> Option<&'static Path> {
    PROGRAMS.iter().map(Path::new).find(|path| path.is_file())
}

fn try_it() -> Option<bool> {
    let mut command = Command::new(program()?);
    isolate(&mut command, true);
    show_system(&mut command);
    let shell = ["/bin/sh", "/usr/bin/sh"]
        .into_iter()
        .find(|path| Path::new(path).exists())?;
    command.args(["--", shell, "-c", "exit 0"]);
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let until = Instant::now() + TRIAL;
    while Instant::now() < until {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status.success());
        }
        thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    let _ = child.wait();
    Some(false)
}

/// Returns what makes the view; what runs in it is added after `--`.
pub(super) fn command(plan: &Plan, own: &Own) -> Command {
    let file = program().unwrap_or_else(|| Path::new(PROGRAMS[0]));
    let mut command = Command::new(file);
    isolate(&mut command, plan.is_closed);
    show_system(&mut command);
    if !plan.is_closed {
        for path in paths::there(&paths::NAMES) {
            // Links among them lead to others of them.
            show(&mut command, "--ro-bind", path, path);
        }
    }
    show(&mut command, "--bind", &own.shared, Path::new("/dev/shm"));
    command.args(["--remount-ro", "/dev"]);
    show(&mut command, "--bind", &own.temporary, Path::new("/tmp"));
    for path in plan.readable.iter().filter(|path| !is_shown(path)) {
        show(&mut command, "--ro-bind", path, path);
    }
    // A link to a program, beneath what is shown already, is left as the link that it is.
    let program = &plan.program;
    let is_beneath = plan.readable.iter().any(|path| program.starts_with(path));
    if !is_beneath && !is_shown(program) {
        show(&mut command, "--ro-bind", program, program);
    }
    for path in &plan.writable {
        show(&mut command, "--bind", path, path);
    }
    // The folder to work in is entered by the inner process, as the user that may.
    command.args(["--remount-ro", "/", "--chdir", "/"]);
    command
}

fn isolate(command: &mut Command, is_closed: bool) {
    command.args([
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]);
    if is_closed {
        command.arg("--unshare-net");
    }
    if rustix::process::geteuid().is_root() {
        // Without translated users, so that the program can become one that is nobody outside as well.
        let kept = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"];
        command.args(["--cap-drop", "ALL"]).args(kept);
    } else {
        command.arg("--unshare-user");
    }
    command.args(["--die-with-parent", "--new-session"]);
}

fn show_system(command: &mut Command) {
    for path in paths::there(&paths::SYSTEM) {
        match fs::read_link(path) {
            Ok(to) => {
                command.arg("--symlink").arg(to).arg(path);
            }
            Err(_) => show(command, "--ro-bind", path, path),
        }
    }
    for path in paths::there(&paths::SETTINGS) {
        show(command, "--ro-bind", path, path);
    }
    command.args(["--proc", "/proc", "--dev", "/dev"]);
}

fn show(command: &mut Command, how: &str, from: &Path, to: &Path) {
    // Folders on the way are made for everybody to pass through: left to itself, bubblewrap makes them
    // for the user that it runs as.
    let mut above: Vec<&Path> = to.ancestors().skip(1).collect();
    above.retain(|path| path.parent().is_some());
    for path in above.into_iter().rev() {
        command.args(["--perms", "0755", "--dir"]).arg(path);
    }
    command.arg(how).arg(from).arg(to);
}

/// Returns whether a path is beneath what every program sees.
fn is_shown(path: &Path) -> bool {
    paths::SYSTEM.iter().any(|system| path.starts_with(system))
}
