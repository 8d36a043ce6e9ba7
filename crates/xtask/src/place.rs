//! Where the project, its build and its caches are.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use crate::program::Program;

/// Folders that every task works in.
pub(crate) struct Place {
    /// The clone.
    pub(crate) root: PathBuf,
    /// Cargo's build folder: fixed and outside the clone, so that a fresh clone builds in seconds.
    pub(crate) target: PathBuf,
    /// What is fetched and kept between clones.
    pub(crate) cache: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Self {
        // Cargo sets it for `cargo run`; a binary started by hand is told by where it is started.
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(crate_folder) => Path::new(&crate_folder)
                .ancestors()
                .nth(2)
                .map(Path::to_owned),
            None => env::current_dir().ok(),
        };
        let cache = cache_folder(&|name| env::var_os(name));
        Self {
            root: root.unwrap_or_else(|| PathBuf::from(".")),
            target: env::var_os("CARGO_TARGET_DIR")
                .filter(|folder| !folder.is_empty())
                .map_or_else(|| cache.join("countersign-target"), PathBuf::from),
            cache,
        }
    }

    /// The folder of the interface's sources.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A cargo that builds into the fixed folder with exactly the locked versions.
    pub(crate) fn cargo(&self, subcommand: &str) -> Program {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let program = Program::new(cargo)
            .shown_as("cargo")
            .argument(subcommand)
            .environment("CARGO_TARGET_DIR", &self.target);
        if subcommand == "fmt" {
            return program.folder(&self.root);
        }
        program
            .argument("--locked")
            .argument("--manifest-path")
            .argument(self.root.join("Cargo.toml"))
    }

    /// The path of a built program.
    pub(crate) fn built(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(executable(name))
    }
}

/// A program's file name on this system.
pub(crate) fn executable(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

fn cache_folder(variable: &dyn Fn(&str) -> Option<OsString>) -> PathBuf {
    let filled = |name| variable(name).filter(|value| !value.is_empty());
    if let Some(folder) = filled("XDG_CACHE_HOME").or_else(|| filled("LOCALAPPDATA")) {
        return folder.into();
    }
    match filled("HOME").or_else(|| filled("USERPROFILE")) {
        Some(home) => Path::new(&home).join(".cache"),
        None => env::temp_dir(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_cache_where_the_system_keeps_caches() {
        check(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")], "/c");
        check(&[("XDG_CACHE_HOME", ""), ("HOME", "/h")], "/h/.cache");
        check(&[("HOME", "/h")], "/h/.cache");
    }

    fn check(variables: &[(&str, &str)], expect: &str) {
        let found = cache_folder(&|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(value.into())
        });
        assert_eq!(found, Path::new(expect));
    }
}
