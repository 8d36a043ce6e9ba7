//! The product's programs: building them, and the copies that tests start.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
};

use crate::{
    failure::Failure,
    files::{self, create, needed},
    place::{Place, executable},
    program::Program,
};

const CLI: &str = "countersign";
const APP: &str = "countersign-app";
const GUARD: &str = "countersign-guard";
const BRIDGE: &str = "countersign-bridge";

/// What the desktop app is built for.
#[derive(Clone, Copy)]
pub(crate) enum AppFor {
    /// A user: the web view takes no orders from outside.
    Use,
    /// A test: a driver may steer the web view.
    Tests,
}

/// Builds the command line and returns the program's path.
pub(crate) fn build_cli(place: &Place, is_release: bool) -> Result<PathBuf, Failure> {
    build(place, "countersign-cli", CLI, is_release)
}

/// Builds guard and bridge, which command line and app install from beside themselves, and returns the
/// programs' paths.
pub(crate) fn build_companions(place: &Place, is_release: bool) -> Result<[PathBuf; 2], Failure> {
    Ok([
        build(place, GUARD, GUARD, is_release)?,
        build(place, BRIDGE, BRIDGE, is_release)?,
    ])
}

fn build(place: &Place, package: &str, name: &str, is_release: bool) -> Result<PathBuf, Failure> {
    let (cargo, profile) = profiled(place.cargo("build"), is_release);
    cargo.arguments(["--package", package]).run()?;
    let program = place.built(profile, name);
    needed(&program, "what follows")?;
    Ok(program)
}

/// Builds the desktop app, which holds the interface as it is in `ui/dist`.
pub(crate) fn build_app(
    place: &Place,
    purpose: AppFor,
    is_release: bool,
) -> Result<PathBuf, Failure> {
    let features = match purpose {
        AppFor::Use => "custom-protocol",
        AppFor::Tests => "custom-protocol,e2e",
    };
    let (cargo, profile) = profiled(place.cargo("build"), is_release);
    cargo
        .arguments(["--package", APP, "--features", features])
        .run()?;
    let program = place.built(profile, APP);
    needed(&program, "what follows")?;
    Ok(program)
}

/// Returns cargo for a profile, with the name of the folder that it builds into.
fn profiled(cargo: Program, is_release: bool) -> (Program, &'static str) {
    if is_release {
        (cargo.argument("--release"), "release")
    } else {
        (cargo, "debug")
    }
}

/// A folder of one run, with copies of the programs under test: a build that goes on at the same
/// time does not change them. It goes with this value.
pub(crate) struct Copies {
    folder: PathBuf,
}

impl Copies {
    pub(crate) fn new(place: &Place) -> Result<Self, Failure> {
        let folder = place.target.join("runs").join(process::id().to_string());
        create(&folder)?;
        Ok(Self { folder })
    }

    pub(crate) fn copy(&self, program: &Path) -> Result<PathBuf, Failure> {
        let to = self.folder.join(program.file_name().unwrap_or_default());
        files::copy(program, &to)?;
        Ok(to)
    }

    /// Where a program's copy is once it was made.
    pub(crate) fn cli(&self) -> PathBuf {
        self.folder.join(executable(CLI))
    }

    /// Where the guard's copy is once it was made.
    pub(crate) fn guard(&self) -> PathBuf {
        self.folder.join(executable(GUARD))
    }

    /// Where the bridge's copy is once it was made.
    pub(crate) fn bridge(&self) -> PathBuf {
        self.folder.join(executable(BRIDGE))
    }

    /// Copies guard and bridge to where command line and app look for them.
    pub(crate) fn copy_companions(&self, place: &Place, is_release: bool) -> Result<(), Failure> {
        for program in build_companions(place, is_release)? {
            self.copy(&program)?;
        }
        Ok(())
    }

    /// Where the desktop app's copy is once it was made.
    pub(crate) fn app(&self) -> PathBuf {
        self.folder.join(executable(APP))
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether the tests of the desktop app can run on this kind of system.
pub(crate) fn can_test_desktop() -> bool {
    env::consts::OS == "linux"
}
