use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

/// The variable that names the program under test.
const VARIABLE: &str = "COUNTERSIGN_BIN";

/// Returns the program under test: the one that `cargo xtask` made, else one that is built here.
///
/// # Panics
/// If it cannot be built.
pub fn countersign() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| match env::var_os(VARIABLE) {
        Some(path) if !path.is_empty() => PathBuf::from(path),
        _ => built(),
    });
    &PROGRAM
}

/// Builds the program with the profile of this one, and returns it.
fn built() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--package", "countersign-cli"])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let status = command.status().expect("cargo is installed");
    assert!(status.success(), "the command line could not be built");
    let own = env::current_exe().expect("a running program has a path");
    // Tests lie in `deps`, other programs beside the one that was built.
    let name = format!("countersign{}", env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
        .expect("cargo put it beside the tests")
}
