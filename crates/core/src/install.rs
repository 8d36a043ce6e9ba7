//! Guard and bridge at their one fixed place: looking whether they are what they should be, and putting
//! them there.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use countersign_model::{Digest, Os};
use serde::{Deserialize, Serialize};

use crate::Setup;

/// The guard's name.
const GUARD: &str = "countersign-guard";

/// The bridge's name.
const BRIDGE: &str = "countersign-bridge";

/// The largest program that is read, in bytes.
const PROGRAM_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The largest record that is read, in bytes.
const RECORD_BYTES_MAX: u64 = 4 * 1024;

/// The paths that entries start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The guard.
    pub guard: String,
    /// The bridge.
    pub bridge: String,
}

/// Returns the one place of guard and bridge on a machine. It has no version in it, and it is not in
/// Windows' `AppData`, of which some clients see a shadow only.
pub fn place(setup: &Setup) -> Installed {
    let home = setup.machine.home.as_str();
    let (folder, suffix) = match setup.machine.os {
        Os::Linux => (format!("{home}/.local/lib/countersign"), ""),
        Os::Macos => (format!("{home}/Library/Countersign"), ""),
        Os::Windows => (format!("{home}/.countersign/bin"), ".exe"),
    };
    let path = |name: &str| {
        let path = format!("{folder}/{name}{suffix}");
        match setup.machine.os {
            Os::Windows => path.replace('/', "\\"),
            Os::Linux | Os::Macos => path,
        }
    };
    Installed {
        guard: path(GUARD),
        bridge: path(BRIDGE),
    }
}

/// The programs as they came with this Countersign.
#[derive(Clone, Debug)]
pub struct Shipped {
    folder: PathBuf,
    version: String,
}

impl Shipped {
    /// Returns those beside the running program.
    ///
    /// # Errors
    /// [`InstallError::Io`] where the system does not tell which program runs.
    pub fn here() -> Result<Self, InstallError> {
        let program = std::env::current_exe().map_err(|source| InstallError::Io {
            path: PathBuf::from("the running program"),
            source,
        })?;
        let program = fs::canonicalize(&program).unwrap_or(program);
        let folder = program.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self::of(folder, env!("CARGO_PKG_VERSION")))
    }

    /// Returns those in a folder, of a version `MAJOR.MINOR.PATCH`.
    pub fn of(folder: PathBuf, version: &str) -> Self {
        Self {
            folder,
            version: version.to_owned(),
        }
    }
}

/// How an installed program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramState {
    /// It is not there.
    Absent,
    /// It is the one that came with this Countersign.
    Same,
    /// An earlier or equal version put it there.
    Earlier(String),
    /// A later version put it there.
    Later(String),
    /// Something else wrote it.
    Altered,
}

impl ProgramState {
    /// Returns the word used in output.
    pub const fn name(&self) -> &'static str {
        match self {
            ProgramState::Absent => "absent",
            ProgramState::Same => "installed",
            ProgramState::Earlier(_) => "earlier",
            ProgramState::Later(_) => "later",
            ProgramState::Altered => "altered",
        }
    }

    /// Returns whether entries may start it.
    pub const fn is_usable(&self) -> bool {
        !matches!(self, ProgramState::Absent | ProgramState::Altered)
    }
}

/// Why a program was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// It did not come with this Countersign.
    #[error("find {}, which comes with Countersign", .0.display())]
    NotShipped(PathBuf),
    /// A file could not be used.
    #[error("use {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// What stands there was written by something else.
    #[error("use {}: something else wrote it; `countersign secrets doctor --repair` puts ours there", .0.display())]
    Altered(PathBuf),
}

/// What is recorded beside an installed program.
#[derive(Serialize, Deserialize)]
struct Record {
    version: String,
    sha256: String,
}

/// Returns how guard and bridge are.
///
/// # Errors
/// [`InstallError::Io`].
pub fn look(setup: &Setup, shipped: &Shipped) -> Result<[(String, ProgramState); 2], InstallError> {
    let Installed { guard, bridge } = place(setup);
    let guard_state = state(Path::new(&guard), shipped)?;
    let bridge_state = state(Path::new(&bridge), shipped)?;
    Ok([(guard, guard_state), (bridge, bridge_state)])
}

/// Puts guard and bridge in their place, where they are not there or came from an earlier version. With
/// `repairs`, also where something else wrote what stands there.
///
/// # Errors
/// [`InstallError`].
pub fn install(setup: &Setup, shipped: &Shipped, repairs: bool) -> Result<Installed, InstallError> {
    for (path, state) in look(setup, shipped)? {
        let path = PathBuf::from(path);
        match state {
            ProgramState::Same | ProgramState::Later(_) => {}
            ProgramState::Altered if !repairs => return Err(InstallError::Altered(path)),
            ProgramState::Absent | ProgramState::Earlier(_) | ProgramState::Altered => {
                put(&path, shipped)?;
            }
        }
    }
    Ok(place(setup))
}

/// Takes guard and bridge away.
///
/// # Errors
/// [`InstallError::Io`].
pub fn remove(setup: &Setup) -> Result<(), InstallError> {
    let Installed { guard, bridge } = place(setup);
    for path in [guard, bridge].map(PathBuf::from) {
        for path in [record_path(&path), path] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(failed(&path, error));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn state(path: &Path, shipped: &Shipped) -> Result<ProgramState, InstallError> {
    let Some(present) = digest(path)? else {
        return Ok(ProgramState::Absent);
    };
    let ours = digest(&source(path, shipped))?;
    if ours == Some(present) {
        return Ok(ProgramState::Same);
    }
    Ok(match record(path) {
        Some(record) if record.sha256 == present.hex() => {
            if version(&record.version) > version(&shipped.version) {
                ProgramState::Later(record.version)
            } else {
                ProgramState::Earlier(record.version)
            }
        }
        _ => ProgramState::Altered,
    })
}

fn put(path: &Path, shipped: &Shipped) -> Result<(), InstallError> {
    let source = source(path, shipped);
    let bytes = bytes(&source)?.ok_or_else(|| InstallError::NotShipped(source.clone()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let record = Record {
        version: shipped.version.clone(),
        sha256: Digest::of(&bytes).hex(),
    };
    let record = serde_json::to_vec(&record).expect("texts are always JSON");
    replace(path, &bytes, true)?;
    replace(&record_path(path), &record, false)
}

/// Writes a file beside another and has it take its place, also while that runs.
fn replace(path: &Path, bytes: &[u8], is_program: bool) -> Result<(), InstallError> {
    let staged = with_suffix(path, ".new");
    let aside = with_suffix(path, ".old");
    let _ = fs::remove_file(&staged);
    let mut file = options(is_program)
        .open(&staged)
        .map_err(|error| failed(&staged, error))?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(|error| failed(&staged, error))?;
    drop(file);
    if fs::rename(&staged, path).is_ok() {
        return Ok(());
    }
    // Windows does not replace a program that runs, but lets it be renamed.
    let _ = fs::remove_file(&aside);
    fs::rename(path, &aside)
        .and_then(|()| fs::rename(&staged, path))
        .map_err(|error| failed(path, error))
}

#[cfg(unix)]
fn options(is_program: bool) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = File::options();
    options
        .write(true)
        .create_new(true)
        .mode(if is_program { 0o755 } else { 0o644 });
    options
}

#[cfg(not(unix))]
fn options(_is_program: bool) -> OpenOptions {
    let mut options = File::options();
    options.write(true).create_new(true);
    options
}

fn source(path: &Path, shipped: &Shipped) -> PathBuf {
    shipped.folder.join(path.file_name().unwrap_or_default())
}

fn record_path(path: &Path) -> PathBuf {
    with_suffix(path, ".json")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

fn record(path: &Path) -> Option<Record> {
    let path = record_path(path);
    if fs::metadata(&path).ok()?.len() > RECORD_BYTES_MAX {
        return None;
    }
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn digest(path: &Path) -> Result<Option<Digest>, InstallError> {
    Ok(bytes(path)?.map(|bytes| Digest::of(&bytes)))
}

/// Reads a program; `None` where there is none.
fn bytes(path: &Path) -> Result<Option<Vec<u8>>, InstallError> {
    match fs::metadata(path) {
        Ok(facts) if facts.is_file() && facts.len() <= PROGRAM_BYTES_MAX => fs::read(path)
            .map(Some)
            .map_err(|error| failed(path, error)),
        Ok(_) => Err(InstallError::Altered(path.to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, error)),
    }
}

fn failed(path: &Path, source: std::io::Error) -> InstallError {
    InstallError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Reads a version's numbers; what is no number counts as nothing.
fn version(text: &str) -> Vec<u64> {
    let numbers = text.split('-').next().unwrap_or_default().split('.');
    numbers.map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use countersign_clients::Machine;
    use countersign_model::Os;
    use tempfile::TempDir;

    use super::{InstallError, Installed, ProgramState, Shipped, install, look, place, remove};
    use crate::Setup;

    struct Scene {
        folder: TempDir,
        setup: Setup,
    }

    impl Scene {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let home = folder.path().join("home").to_string_lossy().into_owned();
            let machine = Machine::new(Os::current(), &home, []);
            let own = folder.path().join("own");
            let setup = Setup::new(machine, own, true).expect("is set up");
            Self { folder, setup }
        }

        /// Returns a version's programs, each of which says which it is.
        fn shipped(&self, version: &str) -> Shipped {
            let folder = self.folder.path().join(version);
            fs::create_dir_all(&folder).expect("is made");
            let Installed { guard, bridge } = place(&self.setup);
            for path in [guard, bridge] {
                let name = Path::new(&path).file_name().expect("has a name");
                fs::write(folder.join(name), version).expect("is written");
            }
            Shipped::of(folder, version)
        }

        fn guard(&self) -> String {
            fs::read_to_string(place(&self.setup).guard).expect("is read")
        }

        fn states(&self, shipped: &Shipped) -> [ProgramState; 2] {
            look(&self.setup, shipped)
                .expect("is looked at")
                .map(|(_, state)| state)
        }
    }

    #[test]
    fn they_are_put_there_once_and_replaced_by_later_ones_only() {
        let scene = Scene::new();
        let (first, second) = (scene.shipped("0.9.0"), scene.shipped("0.10.0"));
        assert_eq!(
            scene.states(&first),
            [ProgramState::Absent, ProgramState::Absent]
        );
        install(&scene.setup, &first, false).expect("is installed");
        assert_eq!(
            scene.states(&first),
            [ProgramState::Same, ProgramState::Same]
        );
        let earlier = ProgramState::Earlier("0.9.0".to_owned());
        assert_eq!(scene.states(&second), [earlier.clone(), earlier]);
        install(&scene.setup, &second, false).expect("is installed");
        assert_eq!(scene.guard(), "0.10.0");
        install(&scene.setup, &first, true).expect("is fine as it is");
        assert_eq!(scene.guard(), "0.10.0");
        remove(&scene.setup).expect("is removed");
        assert_eq!(
            scene.states(&first),
            [ProgramState::Absent, ProgramState::Absent]
        );
    }

    #[test]
    fn what_something_else_wrote_is_told_and_replaced_only_where_that_is_asked_for() {
        let scene = Scene::new();
        let shipped = scene.shipped("0.9.0");
        install(&scene.setup, &shipped, false).expect("is installed");
        fs::write(place(&scene.setup).guard, "something else").expect("is written");
        assert_eq!(
            scene.states(&shipped),
            [ProgramState::Altered, ProgramState::Same]
        );
        let refused = install(&scene.setup, &shipped, false);
        assert!(matches!(refused, Err(InstallError::Altered(_))));
        install(&scene.setup, &shipped, true).expect("is repaired");
        assert_eq!(scene.guard(), "0.9.0");
    }

    #[test]
    fn what_did_not_come_along_is_told() {
        let scene = Scene::new();
        let shipped = Shipped::of(scene.folder.path().join("empty"), "1.0.0");
        let refused = install(&scene.setup, &shipped, false);
        assert!(matches!(refused, Err(InstallError::NotShipped(_))));
    }

    #[cfg(unix)]
    #[test]
    fn they_can_be_started() {
        use std::os::unix::fs::PermissionsExt;
        let scene = Scene::new();
        let shipped = scene.shipped("1.0.0");
        install(&scene.setup, &shipped, false).expect("is installed");
        let facts = fs::metadata(place(&scene.setup).guard).expect("is there");
        assert_eq!(facts.permissions().mode() & 0o777, 0o755);
    }
}
