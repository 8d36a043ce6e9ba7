//! The first of two steps for servers that a registry's launcher would start: fetching exactly one
//! version, with no code of it run, in a sandbox of its own. The second step runs what was fetched
//! without network.

mod npm;
mod pypi;

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use countersign_launch::sandbox::{
    self, Cause, Contained, Enforced, Limits, Network, Sandbox, SandboxError, Tier, Unconfined,
};
use countersign_model::Digest;

use crate::stdio::{last_words, tail};

/// Bytes of a file that is read of what was fetched.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Packages of one tree.
const PACKAGES_MAX: usize = 10_000;

/// Characters of a name or a version.
const NAME_MAX: usize = 214;

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// npm's, and those like it.
    Npm,
    /// The Python Package Index, and those like it.
    PyPi,
}

/// One version of one package, and which of its programs is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    registry: Registry,
    name: String,
    version: String,
    program: Option<String>,
}

/// With what a package is fetched.
#[derive(Clone, Debug)]
pub struct Fetcher {
    /// `npm` or `python3`, by its whole path.
    pub program: PathBuf,
    /// Its whole environment: `PATH`, proxies, certificates, and what configures the registry.
    pub environment: Vec<(OsString, OsString)>,
    /// What it reads beyond the system's programs: its own installation where that is elsewhere.
    pub readable: Vec<PathBuf>,
    /// As in [`Sandbox::private`].
    pub private: Vec<PathBuf>,
    /// The registry; what the environment configures where there is none.
    pub address: Option<String>,
    /// An empty folder of the caller's, by its whole path: what is fetched stays in it.
    pub folder: PathBuf,
    /// As in [`Sandbox::unconfined`].
    pub unconfined: Unconfined,
    /// As in [`Sandbox::tier`].
    pub tier: Tier,
}

/// A package of the tree that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locked {
    /// Its name, or its place in the tree.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it was checked against: algorithm and value.
    pub hash: String,
}

/// What was fetched.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where it is; what runs it must be able to read this.
    pub folder: PathBuf,
    /// What runs it, by its whole path.
    pub program: PathBuf,
    /// With what arguments, before those of the entry.
    pub arguments: Vec<OsString>,
    /// The whole tree, by name.
    pub packages: Vec<Locked>,
    /// The digest of names, versions and hashes of the whole tree.
    pub digest: Digest,
    /// What the fetching was held by.
    pub enforced: Enforced,
}

/// Why a package was not fetched. Words of registries and programs in it are hostile text.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Not one exact version of a package.
    #[error("fetch the package: {0:?} is not the name or exact version of one")]
    NotExact(String),
    /// The program that fetches was not started.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The program that fetches failed.
    #[error("fetch the package: {}", .said.as_deref().unwrap_or("it failed without a reason"))]
    Failed {
        /// The last that it said.
        said: Option<String>,
    },
    /// The program that fetches took too much.
    #[error("fetch the package: it took too much time, memory or processes")]
    TooMuch,
    /// What was fetched cannot be read.
    #[error("read what was fetched: {0}")]
    Unreadable(String),
    /// A package without a hash.
    #[error("fetch the package: {0:?} of its tree has no hash")]
    NotLocked(String),
    /// No program, or several.
    #[error("find the program of the package: it has {0}")]
    NoProgram(String),
}

impl FetchError {
    /// Returns what the user can do next, as a sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            FetchError::NotExact(_) => "pin the entry to one version first",
            FetchError::Sandbox(error) => error.hint(),
            FetchError::Failed { .. } => {
                "look whether the registry can be reached and has this version as a package that needs no build"
            }
            FetchError::TooMuch => "try again; a tree this large is worth a look of its own",
            FetchError::Unreadable(_) | FetchError::NotLocked(_) => {
                "do not approve it before you know why: a registry gives a hash with each package"
            }
            FetchError::NoProgram(_) => "name the program in the entry, as `npx --package` does",
        }
    }
}

impl Wanted {
    /// Takes one exact version of a package; `program` is which of its programs is meant, where it has
    /// several.
    ///
    /// # Errors
    /// [`FetchError::NotExact`].
    pub fn new(
        registry: Registry,
        name: &str,
        version: &str,
        program: Option<&str>,
    ) -> Result<Self, FetchError> {
        let is_name = match registry {
            Registry::Npm => npm::is_name(name),
            Registry::PyPi => is_word(name, "._-"),
        };
        if !is_name {
            return Err(FetchError::NotExact(name.to_owned()));
        }
        let is_exact = version.starts_with(|first: char| first.is_ascii_digit())
            && is_word(version, ".+-!_")
            && version.contains('.');
        if !is_exact {
            return Err(FetchError::NotExact(version.to_owned()));
        }
        if let Some(program) = program.filter(|program| !is_word(program, "._-")) {
            return Err(FetchError::NotExact(program.to_owned()));
        }
        Ok(Self {
            registry,
            name: name.to_owned(),
            version: version.to_owned(),
            program: program.map(str::to_owned),
        })
    }
}

/// Fetches a package and all that it needs, and runs nothing of it.
///
/// # Errors
/// [`FetchError`].
///
/// # Security
/// The program that fetches has the whole network: what is held back is code of the packages, which is not
/// run, and files of this machine.
pub fn fetch(wanted: &Wanted, with: &Fetcher) -> Result<Fetched, FetchError> {
    let package = with.folder.join("home").join("package");
    let mut sandbox = Sandbox::new(with.program.clone(), with.folder.clone());
    sandbox.environment.clone_from(&with.environment);
    sandbox.readable.clone_from(&with.readable);
    sandbox.private.clone_from(&with.private);
    sandbox.unconfined = with.unconfined;
    sandbox.tier = with.tier;
    sandbox.network = Network::All;
    sandbox.limits = Limits {
        memory_bytes: 1024 * 1024 * 1024,
        file_bytes: 512 * 1024 * 1024,
        folder_bytes: 4 * 1024 * 1024 * 1024,
        open_files: 4096,
        cpu_seconds: 180,
        wall: Duration::from_secs(300),
        ..Limits::default()
    };
    match wanted.registry {
        Registry::Npm => npm::prepare(&mut sandbox, wanted, with, &package),
        Registry::PyPi => pypi::prepare(&mut sandbox, wanted, with, &package),
    }
    let enforced = run(&sandbox)?;
    open(&with.folder).map_err(|error| FetchError::Unreadable(error.to_string()))?;
    let mut packages = match wanted.registry {
        Registry::Npm => npm::packages(&package)?,
        Registry::PyPi => pypi::packages(&package)?,
    };
    packages.sort();
    let (program, arguments) = match wanted.registry {
        Registry::Npm => npm::program(&package, wanted, &with.environment)?,
        Registry::PyPi => pypi::program(&package, wanted)?,
    };
    Ok(Fetched {
        digest: digest(&packages),
        folder: package,
        program,
        arguments,
        packages,
        enforced,
    })
}

fn run(sandbox: &Sandbox) -> Result<Enforced, FetchError> {
    let mut contained = sandbox::start(sandbox)?;
    drop(contained.input.take());
    let (Some(output), Some(errors)) = (contained.output.take(), contained.errors.take()) else {
        return Err(FetchError::Failed { said: None });
    };
    let said = thread::spawn(move || tail(output));
    let log = tail(errors);
    let said = said.join().unwrap_or_default();
    let said = last_words(&log).or_else(|| last_words(&said));
    let enforced = contained.enforced().clone();
    match finish(contained, sandbox.limits.wall) {
        Some(Cause::Itself(Some(0))) => Ok(enforced),
        Some(Cause::Itself(_)) => Err(FetchError::Failed { said }),
        _ => Err(FetchError::TooMuch),
    }
}

fn finish(mut contained: Contained, wall: Duration) -> Option<Cause> {
    let ended = contained.wait(wall).or_else(|| contained.end());
    ended.map(|ended| ended.cause)
}

/// Lets others than the user who fetched read what was fetched: it runs as another one.
fn open(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for path in [folder.to_owned(), folder.join("home")] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
        }
    }
    let _ = folder;
    Ok(())
}

/// Digests a tree, which is in order.
fn digest(packages: &[Locked]) -> Digest {
    let lines = packages.iter().map(|package| {
        let Locked {
            name,
            version,
            hash,
        } = package;
        format!("{name}\n{version}\n{hash}\n\n")
    });
    Digest::of(lines.collect::<String>().as_bytes())
}

/// Reads a file of what was fetched, which may be anything but leads nowhere else.
fn read(root: &Path, path: &Path) -> Result<String, FetchError> {
    let failed = |error: io::Error| FetchError::Unreadable(error.to_string());
    let path = inside(root, path)?;
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    file.take(FILE_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

/// Returns the real path of a file that is in what was fetched.
fn inside(root: &Path, path: &Path) -> Result<PathBuf, FetchError> {
    let failed = |error: io::Error| FetchError::Unreadable(error.to_string());
    let root = root.canonicalize().map_err(failed)?;
    let real = path.canonicalize().map_err(failed)?;
    let is_file = fs::metadata(&real).map_err(failed)?.is_file();
    if !real.starts_with(&root) || !is_file {
        return Err(FetchError::Unreadable(
            "a file in it leads elsewhere".to_owned(),
        ));
    }
    Ok(real)
}

/// Returns whether a text is one word of letters, digits and some marks, and no option.
fn is_word(text: &str, marks: &str) -> bool {
    let is_known = |one: char| one.is_ascii_alphanumeric() || marks.contains(one);
    !text.is_empty()
        && text.len() <= NAME_MAX
        && !text.starts_with(['-', '.'])
        && text.chars().all(is_known)
}

#[cfg(test)]
mod tests {
    use super::{Locked, Registry, Wanted, digest};

    #[test]
    fn takes_exact_versions_alone() {
        let taken = |registry, name, version| Wanted::new(registry, name, version, None).is_ok();
        assert!(taken(Registry::Npm, "@a/b-c", "1.2.3-beta.1+x"));
        assert!(taken(Registry::Npm, "b", "1.2.3"));
        assert!(taken(Registry::PyPi, "mcp_server.time", "2026.10.19"));
        for version in [
            "", "latest", "^1.2.3", "1", "1.x || 2", "1.2.3 -g", "-1.2", "git+x", "1.0/../2",
        ] {
            assert!(!taken(Registry::Npm, "b", version), "{version}");
        }
        for name in [
            "", "-g", "@a", "@/b", "@a/", "a/b", "a/../b", "@a/../b", "a b", "file:x", "a@1",
        ] {
            assert!(!taken(Registry::Npm, name, "1.0.0"), "{name}");
        }
        for name in ["", "-r", "a/b", "a[b]", "a==1", "a @ http://x"] {
            assert!(!taken(Registry::PyPi, name, "1.0.0"), "{name}");
        }
        assert!(Wanted::new(Registry::Npm, "a", "1.0.0", Some("../x")).is_err());
    }

    #[test]
    fn the_digest_tells_every_part() {
        let package = |name: &str, version: &str, hash: &str| Locked {
            name: name.to_owned(),
            version: version.to_owned(),
            hash: hash.to_owned(),
        };
        let one = digest(&[package("a", "1", "x")]);
        for other in [
            package("b", "1", "x"),
            package("a", "2", "x"),
            package("a", "1", "y"),
        ] {
            assert_ne!(digest(&[other]), one);
        }
    }
}
