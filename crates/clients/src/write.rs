//! Writing other programs' files: a new text beside the file, then in its place, if nothing has changed.
//!
//! Symbolic links stay: the file they lead to is written. Mode and owner stay. The new text is only
//! this user's until it takes the file's place.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

use crate::files::{self, Found};

/// What the name of a staged text ends with.
pub const STAGED_SUFFIX: &str = ".countersign";

/// How long another program's lock is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(3);

/// How often a lock is looked at.
const LOCK_LOOK: Duration = Duration::from_millis(25);

/// The file that Cline asks everybody to lock.
const CLINE_FILE: &str = "cline_mcp_settings.json";

/// A lock folder that is older than this was left behind.
///
/// Source: `sdk/packages/shared/src/storage/paths.ts` of Cline, checked 2026-11-22.
const LOCK_STALE: Duration = Duration::from_secs(10);

/// Why a file was not written. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteFailure {
    /// The file is not what it was when the change was decided.
    #[error("write {}: it has changed since", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Another program holds the file's lock.
    #[error("write {}: another program is writing it", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The system said no.
    #[error("write {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

/// Returns a path beside `target` that no other file has; `mark` is put into its name.
pub fn beside(target: &Path, mark: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{mark}{STAGED_SUFFIX}"))
}

/// Writes `text` to `staged`, readable by this user only, and waits until it is on the disk.
///
/// # Errors
/// [`WriteFailure::Io`]; also where something is there already.
pub fn stage(staged: &Path, text: &str) -> Result<(), WriteFailure> {
    let write = || -> std::io::Result<()> {
        let mut file = private_options().open(staged)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|source| failed(staged, source))
}

/// Puts a staged text in the place of `target`, with its mode and owner, if `is_as_before` holds for
/// the text that stands there at this moment.
///
/// # Errors
/// [`WriteFailure`]; the staged file is left for [`discard`].
pub fn commit(
    staged: &Path,
    target: &Path,
    is_as_before: impl FnOnce(&str) -> bool,
) -> Result<(), WriteFailure> {
    let changed = || WriteFailure::Changed {
        path: target.to_owned(),
    };
    let metadata = fs::symlink_metadata(target).map_err(|source| failed(target, source))?;
    if !metadata.is_file() {
        return Err(changed());
    }
    keep_owner_and_mode(staged, &metadata).map_err(|source| failed(staged, source))?;
    // As late as possible: what is written between here and the next line is lost.
    match files::read(target) {
        Found::Text(content) if is_as_before(&content.text) => {}
        Found::Text(_) | Found::Absent | Found::Failed { .. } => return Err(changed()),
    }
    fs::rename(staged, target).map_err(|source| failed(target, source))?;
    sync_folder(target);
    Ok(())
}

/// Removes a staged text. Fine if it is not there.
///
/// # Errors
/// [`WriteFailure::Io`].
pub fn discard(staged: &Path) -> Result<(), WriteFailure> {
    match fs::remove_file(staged) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(failed(staged, source)),
        _ => Ok(()),
    }
}

fn failed(path: &Path, source: std::io::Error) -> WriteFailure {
    WriteFailure::Io {
        path: path.to_owned(),
        source,
    }
}

/// A file's name is on the disk only once its folder is.
#[cfg(unix)]
fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent().and_then(|folder| File::open(folder).ok()) {
        // A file system that cannot sync folders has done what it can.
        let _ = folder.sync_all();
    }
}

#[cfg(not(unix))]
fn sync_folder(_target: &Path) {}

#[cfg(unix)]
fn private_options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}

#[cfg(unix)]
fn keep_owner_and_mode(staged: &Path, metadata: &Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let own = fs::metadata(staged)?;
    if own.uid() != metadata.uid() || own.gid() != metadata.gid() {
        chown(staged, Some(metadata.uid()), Some(metadata.gid()))?;
    }
    fs::set_permissions(staged, fs::Permissions::from_mode(metadata.mode() & 0o7777))
}

#[cfg(not(unix))]
fn keep_owner_and_mode(staged: &Path, metadata: &Metadata) -> std::io::Result<()> {
    fs::set_permissions(staged, metadata.permissions())
}

/// A client's own lock on its file, held until dropped.
#[derive(Debug)]
pub struct Lock {
    folder: Option<PathBuf>,
    file: Option<File>,
}

/// Takes the lock that a file's client asks of everybody who writes it, where there is one.
///
/// # Errors
/// [`WriteFailure::Locked`] after three seconds; [`WriteFailure::Io`].
pub fn lock(target: &Path) -> Result<Lock, WriteFailure> {
    let is_clines = target.file_name().is_some_and(|name| name == CLINE_FILE);
    Ok(Lock {
        folder: is_clines.then(|| lock_folder(target)).transpose()?,
        file: lock_file(target)?,
    })
}

/// Cline makes the folder `<file>.lock` while it writes.
///
/// Source: `sdk/packages/shared/src/storage/paths.ts` of Cline, checked 2026-11-22.
fn lock_folder(target: &Path) -> Result<PathBuf, WriteFailure> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    let folder = target.with_file_name(name);
    let begun = Instant::now();
    loop {
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(source) => return Err(failed(&folder, source)),
        }
        let is_stale = fs::metadata(&folder)
            .and_then(|metadata| metadata.modified())
            .ok()
            .and_then(|made| SystemTime::now().duration_since(made).ok())
            .is_some_and(|age| age > LOCK_STALE);
        if is_stale {
            // Whoever takes it first has it.
            let _ = fs::remove_dir(&folder);
        } else if begun.elapsed() >= LOCK_WAIT {
            return Err(WriteFailure::Locked {
                path: target.to_owned(),
            });
        } else {
            thread::sleep(LOCK_LOOK);
        }
    }
}

/// Copilot keeps `.mcp-writer.lock` locked beside its config while it writes; no other client has a file of
/// that name.
fn lock_file(target: &Path) -> Result<Option<File>, WriteFailure> {
    let path = target.with_file_name(".mcp-writer.lock");
    let file = match OpenOptions::new().read(true).write(true).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(&path, source)),
    };
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) if begun.elapsed() < LOCK_WAIT => {
                thread::sleep(LOCK_LOOK);
            }
            Err(fs::TryLockError::WouldBlock) => {
                return Err(WriteFailure::Locked {
                    path: target.to_owned(),
                });
            }
            Err(fs::TryLockError::Error(source)) => return Err(failed(&path, source)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // A lock that somebody else took for stale is theirs.
            let _ = fs::remove_dir(folder);
        }
        if let Some(file) = &self.file {
            // Closing it unlocks it too.
            let _ = file.unlock();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::{WriteFailure, beside, commit, discard, lock, stage};

    fn folder_with(name: &str, text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        fs::write(&path, text).expect("is written");
        (folder, path)
    }

    #[test]
    fn a_staged_text_takes_the_place_of_the_old_one() {
        let (folder, path) = folder_with("mcp.json", "old");
        let staged = beside(&path, "1");
        stage(&staged, "new").expect("is staged");
        commit(&staged, &path, |text| text == "old").expect("is written");
        assert_eq!(fs::read_to_string(&path).expect("is read"), "new");
        let left = fs::read_dir(folder.path()).expect("is listed").count();
        assert_eq!(left, 1, "nothing else is left");
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let (_folder, path) = folder_with("mcp.json", "theirs");
        let staged = beside(&path, "1");
        stage(&staged, "new").expect("is staged");
        let refused = commit(&staged, &path, |text| text == "old");
        assert!(matches!(refused, Err(WriteFailure::Changed { .. })));
        assert_eq!(fs::read_to_string(&path).expect("is read"), "theirs");
        discard(&staged).expect("is discarded");
        discard(&staged).expect("is not there any more");
        assert!(!staged.exists());
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_stays_and_a_staged_text_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, path) = folder_with("mcp.json", "old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("is set");
        let staged = beside(&path, "1");
        stage(&staged, "new").expect("is staged");
        let mode = |path: &PathBuf| fs::metadata(path).expect("is there").permissions().mode();
        assert_eq!(mode(&staged) & 0o777, 0o600);
        commit(&staged, &path, |_| true).expect("is written");
        assert_eq!(mode(&path) & 0o777, 0o640);
    }

    #[test]
    fn clines_lock_is_taken_and_given_back() {
        let (folder, path) = folder_with("cline_mcp_settings.json", "{}");
        let held = folder.path().join("cline_mcp_settings.json.lock");
        let taken = lock(&path).expect("is free");
        assert!(held.is_dir());
        drop(taken);
        assert!(!held.exists());
        fs::create_dir(&held).expect("is taken by somebody else");
        let refused = lock(&path);
        assert!(matches!(refused, Err(WriteFailure::Locked { .. })));
    }
}
