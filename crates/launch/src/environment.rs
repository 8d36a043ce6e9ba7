//! What a server finds in its environment. Pure.

mod table;

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
};

use countersign_model::Os;

pub use table::{BASE_GROUPS, BaseGroup};

/// The environment of a server, and what was left out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildEnvironment {
    /// Variables that the server gets, in the order in which they were found.
    pub kept: Vec<(OsString, OsString)>,
    /// Variables that were there and that it does not get, by name.
    pub removed: Vec<Removed>,
}

/// A variable that a server does not get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removed {
    /// Whether it would make the server load or run other code before its own.
    pub is_loader: bool,
    /// Its name.
    pub name: OsString,
}

/// Returns what a server gets of an environment: the variables that its entry declares, and the base
/// environment of the system.
///
/// A client hands over one merged environment, so what the entry declares is told apart by name
/// alone. Names are compared as the system does: without case on Windows.
pub fn child_environment(
    os: Os,
    all: impl IntoIterator<Item = (OsString, OsString)>,
    declared: &BTreeSet<String>,
) -> ChildEnvironment {
    let mut child = ChildEnvironment {
        kept: Vec::new(),
        removed: Vec::new(),
    };
    for (name, value) in all {
        if is_declared(os, &name, declared) || is_base(os, &name) {
            child.kept.push((name, value));
        } else {
            let is_loader = is_loader(os, &name);
            child.removed.push(Removed { is_loader, name });
        }
    }
    child.removed.sort();
    child
}

/// Returns the names of the base environment of a system, in groups; a name that ends with `*` stands
/// for all that start so.
pub fn base_names(os: Os) -> impl Iterator<Item = &'static str> {
    BASE_GROUPS
        .iter()
        .filter(move |group| group.systems.contains(&os))
        .flat_map(|group| group.names.iter().copied())
}

/// Returns whether a variable makes programs load or run other code before their own.
pub fn is_loader(os: Os, name: &OsStr) -> bool {
    table::LOADERS
        .iter()
        .any(|pattern| matches_name(os, pattern, name))
}

/// Returns whether two names mean the same variable on a system.
pub fn same_name(os: Os, one: &OsStr, other: &OsStr) -> bool {
    match os {
        Os::Windows => one.eq_ignore_ascii_case(other),
        Os::Linux | Os::Macos => one == other,
    }
}

fn is_declared(os: Os, name: &OsStr, declared: &BTreeSet<String>) -> bool {
    declared
        .iter()
        .any(|declared| same_name(os, OsStr::new(declared), name))
}

fn is_base(os: Os, name: &OsStr) -> bool {
    // Windows keeps the working folder of each drive in variables such as `=C:`.
    let is_drive = os == Os::Windows && name.as_encoded_bytes().first() == Some(&b'=');
    is_drive || base_names(os).any(|pattern| matches_name(os, pattern, name))
}

fn matches_name(os: Os, pattern: &str, name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let is_same = |one: &[u8], other: &[u8]| match os {
        Os::Windows => one.eq_ignore_ascii_case(other),
        Os::Linux | Os::Macos => one == other,
    };
    match pattern.strip_suffix('*') {
        Some(start) => name
            .get(..start.len())
            .is_some_and(|found| is_same(found, start.as_bytes())),
        None => is_same(name, pattern.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use countersign_model::Os;

    use super::{BASE_GROUPS, child_environment, is_loader, same_name};

    /// Checks which of `all` are kept and which are removed.
    fn check(os: Os, all: &[&str], declared: &[&str], kept: &[&str], removed: &[&str]) {
        let all = all.iter().map(|name| (name.into(), "value".into()));
        let declared = declared.iter().map(|&name| name.to_owned()).collect();
        let child = child_environment(os, all, &declared);
        let kept_names: Vec<_> = child.kept.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(
            kept_names,
            kept.iter().map(OsString::from).collect::<Vec<_>>()
        );
        let removed_names: Vec<_> = child.removed.iter().map(|one| one.name.clone()).collect();
        assert_eq!(
            removed_names,
            removed.iter().map(OsString::from).collect::<Vec<_>>()
        );
    }

    #[test]
    fn keeps_the_base_and_what_is_declared() {
        check(
            Os::Linux,
            &[
                "HOME",
                "PATH",
                "LC_TIME",
                "XDG_RUNTIME_DIR",
                "https_proxy",
                "TOKEN",
                "OTHER",
            ],
            &["TOKEN"],
            &[
                "HOME",
                "PATH",
                "LC_TIME",
                "XDG_RUNTIME_DIR",
                "https_proxy",
                "TOKEN",
            ],
            &["OTHER"],
        );
    }

    #[test]
    fn removes_loaders_unless_they_are_declared() {
        let loaders = ["BASH_ENV", "LD_PRELOAD", "NODE_OPTIONS", "PYTHONPATH"];
        for os in Os::ALL {
            check(os, &loaders, &[], &[], &loaders);
            check(os, &loaders, &loaders, &loaders, &[]);
        }
    }

    #[test]
    fn names_loaders_last_and_as_what_they_are() {
        let all = ["LD_PRELOAD", "ZZ"].map(|name| (name.into(), OsString::new()));
        let child = child_environment(Os::Linux, all, &[].into());
        let told: Vec<_> = child
            .removed
            .iter()
            .map(|one| (one.name.to_str().unwrap(), one.is_loader))
            .collect();
        assert_eq!(told, [("ZZ", false), ("LD_PRELOAD", true)]);
    }

    #[test]
    fn compares_names_as_the_system_does() {
        check(
            Os::Windows,
            &["Path", "token"],
            &["TOKEN"],
            &["Path", "token"],
            &[],
        );
        check(
            Os::Linux,
            &["Path", "token"],
            &["TOKEN"],
            &[],
            &["Path", "token"],
        );
        assert!(is_loader(Os::Windows, OsStr::new("node_options")));
        assert!(!is_loader(Os::Linux, OsStr::new("node_options")));
        assert!(same_name(
            Os::Windows,
            OsStr::new("Path"),
            OsStr::new("PATH")
        ));
        assert!(!same_name(
            Os::Macos,
            OsStr::new("Path"),
            OsStr::new("PATH")
        ));
    }

    #[test]
    fn keeps_the_folders_of_drives_on_windows() {
        check(Os::Windows, &["=C:", "=D:"], &[], &["=C:", "=D:"], &[]);
        check(Os::Linux, &["=C:"], &[], &[], &["=C:"]);
    }

    #[test]
    fn the_base_holds_no_loader_and_no_name_twice() {
        for os in Os::ALL {
            let names: Vec<_> = super::base_names(os).collect();
            for name in &names {
                assert!(!is_loader(os, OsStr::new(name)), "{name}");
                let same = names.iter().filter(|other| *other == name).count();
                assert_eq!(same, 1, "{name} on {}", os.name());
            }
        }
    }

    #[test]
    fn every_name_of_the_base_stands_in_the_manual() {
        let manual = include_str!("../../../docs/guard.md");
        for name in BASE_GROUPS.iter().flat_map(|group| group.names) {
            assert!(manual.contains(&format!("`{name}`")), "{name}");
        }
    }
}
