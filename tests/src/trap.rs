//! Programs that tell when they are started.

use std::path::PathBuf;

use crate::Home;

/// What configs name most often, and what a careless look would start.
pub const PROGRAMS: [&str; 12] = [
    "git", "npx", "npm", "node", "uvx", "uv", "python3", "docker", "bunx", "deno", "sh", "claude",
];

/// Programs on a home's search path that leave a mark where they are started.
#[derive(Debug)]
pub struct Trap {
    mark: PathBuf,
}

impl Trap {
    /// Puts the programs on the search path of a home.
    ///
    /// # Panics
    /// If they cannot be written.
    pub fn set(home: &Home) -> Self {
        let mark = home.beside("started");
        for program in PROGRAMS {
            let text = format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\n", mark.display());
            let path = home.write_beside(&format!("programs/{program}"), &text);
            make_executable(&path);
        }
        Self { mark }
    }

    /// Checks that nothing was started.
    ///
    /// # Panics
    /// If something was.
    pub fn was_not_sprung(&self) {
        let started = std::fs::read_to_string(&self.mark).unwrap_or_default();
        assert!(started.is_empty(), "started:\n{started}");
    }
}

/// Lets a file be started.
///
/// # Panics
/// If its permissions cannot be changed.
#[cfg(unix)]
pub fn make_executable(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
        .expect("the file is ours");
}

/// Lets a file be started.
#[cfg(not(unix))]
pub fn make_executable(_path: &std::path::Path) {}
