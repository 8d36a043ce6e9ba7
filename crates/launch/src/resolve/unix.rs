//! Finding a program on Linux and macOS, as `execvp` does.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use super::{Look, ResolveError, Unfit};

/// Where programs are looked for when PATH is not set.
///
/// Source: <https://man7.org/linux/man-pages/man3/exec.3.html> (glibc 2.24 and later), 2026-11-22.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// Finds the file that a program's name stands for.
///
/// A name with a slash is a path, from the working folder; anything else is looked for in the folders
/// of `path`, of which an empty one is the working folder. A file that may not be run is passed over
/// as long as another one is found.
///
/// # Errors
/// [`ResolveError`].
pub fn find(
    program: &OsStr,
    path: Option<&OsStr>,
    look: impl Fn(&Path) -> Look,
) -> Result<PathBuf, ResolveError> {
    let name = program.as_bytes();
    if name.is_empty() {
        return Err(ResolveError::Unfit(Unfit::Empty));
    }
    if name.contains(&0) {
        return Err(ResolveError::Unfit(Unfit::Zero));
    }
    if name.contains(&b'/') {
        return at(Path::new(program), &look);
    }
    let mut not_runnable = None;
    for folder in path
        .unwrap_or(OsStr::new(DEFAULT_PATH))
        .as_bytes()
        .split(|byte| *byte == b':')
    {
        let candidate = candidate(folder, program);
        match look(&candidate) {
            Look::Program => return Ok(candidate),
            Look::NotRunnable => not_runnable = not_runnable.or(Some(candidate)),
            Look::Absent => {}
        }
    }
    Err(not_runnable.map_or(ResolveError::NotInPath, |path| {
        ResolveError::NotRunnable(path.display().to_string())
    }))
}

/// Looks at a path on the disk.
pub fn look(path: &Path) -> Look {
    match path.metadata() {
        Ok(found) if found.is_file() && may_run(path) => Look::Program,
        Ok(_) => Look::NotRunnable,
        Err(_) => Look::Absent,
    }
}

fn may_run(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

fn at(path: &Path, look: impl Fn(&Path) -> Look) -> Result<PathBuf, ResolveError> {
    match look(path) {
        Look::Program => Ok(path.to_owned()),
        Look::NotRunnable => Err(ResolveError::NotRunnable(path.display().to_string())),
        Look::Absent => Err(ResolveError::NotThere),
    }
}

fn candidate(folder: &[u8], program: &OsStr) -> PathBuf {
    if folder.is_empty() {
        // Without the dot it would be taken for a name again.
        let mut here = OsString::from("./");
        here.push(program);
        return PathBuf::from(here);
    }
    Path::new(OsStr::from_bytes(folder)).join(program)
}

#[cfg(test)]
mod tests {
    use std::{
        ffi::OsStr,
        fs,
        os::unix::fs::PermissionsExt,
        path::{Path, PathBuf},
    };

    use super::{Look, ResolveError, Unfit, find, look};

    fn check(program: &str, path: Option<&str>, expect: Result<&str, ResolveError>) {
        let found = find(
            OsStr::new(program),
            path.map(OsStr::new),
            |path: &Path| match path.to_str().unwrap() {
                "/usr/bin/node" | "/home/dev/bin/node" | "./server.sh" | "bin/tool" => {
                    Look::Program
                }
                "/broken/node" | "/broken/text" => Look::NotRunnable,
                _ => Look::Absent,
            },
        );
        assert_eq!(found, expect.map(PathBuf::from), "{program} in {path:?}");
    }

    #[test]
    fn takes_the_first_in_path() {
        check(
            "node",
            Some("/home/dev/bin:/usr/bin"),
            Ok("/home/dev/bin/node"),
        );
        check("node", Some("/usr/bin:/home/dev/bin"), Ok("/usr/bin/node"));
        check("node", Some("/none:/usr/bin"), Ok("/usr/bin/node"));
        check("node", None, Ok("/usr/bin/node"));
        check("node", Some("/none"), Err(ResolveError::NotInPath));
    }

    #[test]
    fn passes_over_what_may_not_be_run() {
        check("node", Some("/broken:/usr/bin"), Ok("/usr/bin/node"));
        let expect = ResolveError::NotRunnable("/broken/text".to_owned());
        check("text", Some("/broken:/usr/bin"), Err(expect));
    }

    #[test]
    fn an_empty_folder_is_the_working_folder() {
        for path in ["", ":/usr/bin", "/none:", "/none::/usr/bin"] {
            check("server.sh", Some(path), Ok("./server.sh"));
        }
    }

    #[test]
    fn a_name_with_a_slash_is_a_path() {
        check("./server.sh", Some("/usr/bin"), Ok("./server.sh"));
        check("bin/tool", None, Ok("bin/tool"));
        check("/usr/bin/node", Some(""), Ok("/usr/bin/node"));
        check(
            "/usr/bin/nod",
            Some("/usr/bin"),
            Err(ResolveError::NotThere),
        );
        let expect = ResolveError::NotRunnable("/broken/node".to_owned());
        check("/broken/node", None, Err(expect));
    }

    #[test]
    fn a_name_must_be_one() {
        check("", None, Err(ResolveError::Unfit(Unfit::Empty)));
        check("a\0b", None, Err(ResolveError::Unfit(Unfit::Zero)));
    }

    #[test]
    fn looks_at_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("program");
        assert_eq!(look(&file), Look::Absent);
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(look(&file), Look::NotRunnable);
        assert_eq!(look(folder.path()), Look::NotRunnable);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(look(&file), Look::Program);
    }
}
