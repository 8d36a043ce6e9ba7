use std::{
    path::Path,
    process::{Child, Command},
};

pub(super) fn make(_command: &mut Command) {}

/// Ends the program. What it started itself ends when its pipes close.
pub(super) fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Programs are files with these ends; `az` and `gcloud` are scripts.
pub(super) fn file_names(program: &str) -> impl Iterator<Item = String> {
    ["", ".exe", ".cmd", ".bat"]
        .into_iter()
        .filter(move |end| !end.is_empty() || program.contains('.'))
        .map(move |end| format!("{program}{end}"))
}

pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}
