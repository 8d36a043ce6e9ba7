//! Reading and creating, with errors that name the place.

use std::{fs, path::Path};

use crate::failure::Failure;

/// Refuses to go on without a file of the project, or one that a build should have left.
pub(crate) fn needed(path: &Path, needed_for: &str) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    Err(Failure::NoFile {
        path: path.to_owned(),
        needed_for: needed_for.to_owned(),
    })
}

/// Creates a folder and those above it.
pub(crate) fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|source| failure(folder, source))
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| failure(path, source))
}

pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    fs::write(path, content).map_err(|source| failure(path, source))
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs::copy(from, to)
        .map(drop)
        .map_err(|source| failure(from, source))
}

/// Tells one lock from another in a folder's name (FNV-1a); what is installed is checked by npm or pip.
pub(crate) fn key(lock: &[u8]) -> u64 {
    lock.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn failure(path: &Path, source: std::io::Error) -> Failure {
    Failure::Io {
        path: path.to_owned(),
        source,
    }
}
