use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use countersign_model::Os;

/// The variable that moves the data folder.
const DATA_FOLDER_VARIABLE: &str = "COUNTERSIGN_DATA_DIR";

/// Returns the product's own folder: by the variable `COUNTERSIGN_DATA_DIR`, else where this system
/// keeps such folders. `variable` looks one up; an empty one counts as unset.
pub fn data_folder(home: &Path, variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    data_folder_on(Os::current(), home, variable)
}

fn data_folder_on(os: Os, home: &Path, variable: impl Fn(&str) -> Option<OsString>) -> PathBuf {
    let set = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = set(DATA_FOLDER_VARIABLE) {
        return folder;
    }
    match os {
        Os::Linux => set("XDG_DATA_HOME")
            .filter(|folder| folder.is_absolute())
            .unwrap_or_else(|| home.join(".local/share"))
            .join("countersign"),
        Os::Macos => home.join("Library/Application Support/Countersign"),
        Os::Windows => set("LOCALAPPDATA")
            .unwrap_or_else(|| home.join("AppData/Local"))
            .join("Countersign"),
    }
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsString, path::Path};

    use countersign_model::Os;

    use super::data_folder_on;

    #[test]
    fn the_folder_is_where_the_system_keeps_such_folders() {
        check(Os::Linux, &[], "/home/u/.local/share/countersign");
        check(Os::Linux, &[("XDG_DATA_HOME", "/d")], "/d/countersign");
        check(
            Os::Linux,
            &[("XDG_DATA_HOME", "relative")],
            "/home/u/.local/share/countersign",
        );
        check(
            Os::Linux,
            &[("XDG_DATA_HOME", "/d"), ("COUNTERSIGN_DATA_DIR", "/c")],
            "/c",
        );
        check(
            Os::Linux,
            &[("COUNTERSIGN_DATA_DIR", "")],
            "/home/u/.local/share/countersign",
        );
        check(
            Os::Macos,
            &[("XDG_DATA_HOME", "/d")],
            "/home/u/Library/Application Support/Countersign",
        );
        check(Os::Windows, &[("LOCALAPPDATA", "/l")], "/l/Countersign");
        check(Os::Windows, &[], "/home/u/AppData/Local/Countersign");
    }

    fn check(os: Os, variables: &[(&str, &str)], expected: &str) {
        let variable = |name: &str| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(OsString::from(value))
        };
        let folder = data_folder_on(os, Path::new("/home/u"), variable);
        assert_eq!(folder, Path::new(expected));
    }
}
