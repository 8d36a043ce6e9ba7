//! Reading other programs' files: bounded, without following traps, without ever writing.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use countersign_model::{FileFacts, Position, ReadFailure};
use zeroize::Zeroizing;

mod expand;

pub use expand::{Expanded, Gap, MATCHES_MAX, expand};

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A file that was read.
#[derive(Debug)]
pub struct Content {
    /// The text. Wiped when dropped, as it may hold credentials.
    pub text: Zeroizing<String>,
    /// What the file system says.
    pub facts: FileFacts,
}

/// What stands at a path.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A file, read to the end.
    Text(Content),
    /// Something that could not be read.
    Failed {
        /// Why.
        failure: ReadFailure,
        /// What the file system says, where it says anything.
        facts: Option<FileFacts>,
    },
}

/// Reads the text at `path`, following symbolic links.
pub fn read(path: &Path) -> Found {
    match look(path) {
        Look::Absent => Found::Absent,
        Look::Failed(failure) => Found::Failed {
            failure,
            facts: None,
        },
        Look::There(metadata) => {
            let facts = facts(path, &metadata);
            match text(path, &metadata) {
                Ok(text) => Found::Text(Content { text, facts }),
                Err(failure) => Found::Failed {
                    failure,
                    facts: Some(facts),
                },
            }
        }
    }
}

/// Reads the bytes at `path`, following symbolic links, as bounded as [`read`]; `None` where nothing can be
/// read. Wiped when dropped.
pub fn bytes(path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    let Look::There(metadata) = look(path) else {
        return None;
    };
    contents(path, &metadata).ok()
}

/// Returns what the file system says about `path` without reading it; `None` where nothing is.
pub fn stat(path: &Path) -> Option<FileFacts> {
    match look(path) {
        Look::There(metadata) => Some(facts(path, &metadata)),
        Look::Absent | Look::Failed(_) => None,
    }
}

/// Returns whether anything stands at `path`, readable or not.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Returns the real path of what stands at `path`, where links lead elsewhere.
pub fn target(path: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(path).ok()?;
    (real != path).then_some(real)
}

enum Look {
    Absent,
    There(Metadata),
    Failed(ReadFailure),
}

fn look(path: &Path) -> Look {
    let own = match fs::symlink_metadata(path) {
        Ok(own) => own,
        Err(error) => return unseen(&error),
    };
    if !own.file_type().is_symlink() {
        return Look::There(own);
    }
    match fs::metadata(path) {
        Ok(metadata) => Look::There(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Look::Failed(ReadFailure::BrokenLink { is_loop: false })
        }
        Err(error) if is_loop(&error) => Look::Failed(ReadFailure::BrokenLink { is_loop: true }),
        Err(error) => unseen(&error),
    }
}

fn unseen(error: &std::io::Error) -> Look {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Look::Absent,
        ErrorKind::PermissionDenied => Look::Failed(ReadFailure::Denied),
        _ if is_loop(error) => Look::Failed(ReadFailure::BrokenLink { is_loop: true }),
        _ => Look::Failed(ReadFailure::Io {
            message: error.to_string(),
        }),
    }
}

#[cfg(unix)]
fn is_loop(error: &std::io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error())
}

#[cfg(not(unix))]
fn is_loop(_error: &std::io::Error) -> bool {
    false
}

/// Returns whether a folder above `path` keeps users out who are neither its owner nor in its group.
#[cfg(unix)]
fn is_sealed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    /// The permission bit of everybody to pass through a folder.
    const PASSED_BY_OTHERS: u32 = 0o001;
    path.ancestors().skip(1).any(|folder| {
        !folder.as_os_str().is_empty()
            && fs::metadata(folder)
                .is_ok_and(|metadata| metadata.permissions().mode() & PASSED_BY_OTHERS == 0)
    })
}

#[cfg(not(unix))]
fn is_sealed(_path: &Path) -> bool {
    false
}

fn facts(path: &Path, metadata: &Metadata) -> FileFacts {
    let modified_s = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_secs());
    FileFacts {
        bytes: metadata.len(),
        modified_s,
        mode: mode(metadata),
        is_sealed: is_sealed(path),
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "systems without modes have none")]
fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_metadata: &Metadata) -> Option<u32> {
    None
}

fn text(path: &Path, metadata: &Metadata) -> Result<Zeroizing<String>, ReadFailure> {
    let mut bytes = contents(path, metadata)?;
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = Zeroizing::new(error.into_bytes());
            Err(ReadFailure::NotUtf8 {
                offset,
                position: position(&bytes[..offset]),
            })
        }
    }
}

fn contents(path: &Path, metadata: &Metadata) -> Result<Zeroizing<Vec<u8>>, ReadFailure> {
    if let Some(kind) = other_kind(metadata) {
        return Err(ReadFailure::NotAFile { kind });
    }
    if metadata.len() > FILE_BYTES_MAX {
        return Err(ReadFailure::TooLarge {
            bytes: metadata.len(),
        });
    }
    let file = open(path).map_err(|error| failure(&error))?;
    // The path may lead elsewhere by now; what was opened decides.
    let opened = file.metadata().map_err(|error| failure(&error))?;
    if let Some(kind) = other_kind(&opened) {
        return Err(ReadFailure::NotAFile { kind });
    }
    let capacity = usize::try_from(opened.len()).unwrap_or(0).min(1 << 24) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| failure(&error))?;
    let length = bytes.len() as u64;
    if length > FILE_BYTES_MAX {
        return Err(ReadFailure::TooLarge { bytes: length });
    }
    Ok(bytes)
}

fn position(before: &[u8]) -> Position {
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
    Position {
        line: count(line),
        column: count(column),
    }
}

fn failure(error: &std::io::Error) -> ReadFailure {
    match error.kind() {
        ErrorKind::PermissionDenied => ReadFailure::Denied,
        _ => ReadFailure::Io {
            message: error.to_string(),
        },
    }
}

#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

/// Names what stands where a file should be.
fn other_kind(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_file() {
        None
    } else if kind.is_dir() {
        Some("a folder")
    } else {
        Some(special_kind(metadata))
    }
}

#[cfg(unix)]
fn special_kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = metadata.file_type();
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special_kind(_metadata: &Metadata) -> &'static str {
    "a device"
}
