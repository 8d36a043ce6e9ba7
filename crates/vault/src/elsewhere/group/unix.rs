use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// Lets a program lead a process group, which everything that it starts is in.
pub(super) fn make(command: &mut Command) {
    command.process_group(0);
}

/// Ends the whole group.
pub(super) fn end(child: &mut Child) {
    // Its number is not used again before it is waited for.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

pub(super) fn file_names(program: &str) -> impl Iterator<Item = String> {
    std::iter::once(program.to_owned())
}

pub(super) fn is_program(path: &Path) -> bool {
    fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}
