use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// Returns the program under test: the one that `cargo xtask` made, else one that is built here.
///
/// # Panics
/// If it cannot be built.
pub fn countersign() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> =
        LazyLock::new(|| named_or_built("COUNTERSIGN_BIN", "countersign-cli", "countersign"));
    &PROGRAM
}

/// As [`countersign`], for the guard.
///
/// # Panics
/// If it cannot be built.
pub fn guard() -> &'static Path {
    const NAME: &str = "countersign-guard";
    static PROGRAM: LazyLock<PathBuf> =
        LazyLock::new(|| named_or_built("COUNTERSIGN_GUARD_BIN", NAME, NAME));
    &PROGRAM
}

/// Has guard and bridge stand beside `countersign`, which installs them from there.
///
/// # Panics
/// If they cannot be built, or stand elsewhere.
pub fn ship() {
    const BRIDGE: &str = "countersign-bridge";
    let folder = countersign().parent().expect("a program is in a folder");
    let bridge = named_or_built("COUNTERSIGN_BRIDGE_BIN", BRIDGE, BRIDGE);
    for program in [guard(), &bridge] {
        assert_eq!(program.parent(), Some(folder), "{}", program.display());
    }
}

/// Returns what a variable names, else builds it.
fn named_or_built(variable: &str, package: &str, name: &str) -> PathBuf {
    match env::var_os(variable) {
        Some(path) if !path.is_empty() => PathBuf::from(path),
        _ => built(package, name),
    }
}

/// Builds a program with the profile of this one, and returns it.
fn built(package: &str, name: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--package", package])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let status = command.status().expect("cargo is installed");
    assert!(status.success(), "{package} could not be built");
    let own = env::current_exe().expect("a running program has a path");
    // Tests lie in `deps`, other programs beside the one that was built.
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
        .expect("cargo put it beside the tests")
}
