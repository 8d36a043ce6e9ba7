//! Key files: 32 random bytes that only this user can read.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::head::PATH_BYTES_MAX;
use crate::{VaultError, disk};

const KEY_BYTES: usize = 32;

/// Returns the path as the file's head keeps it: absolute, as text.
pub(super) fn checked_path(path: &Path) -> Result<String, VaultError> {
    let text = path.to_str().filter(|text| text.len() <= PATH_BYTES_MAX);
    text.filter(|_| path.is_absolute())
        .map(str::to_owned)
        .ok_or_else(|| unsafe_key(path))
}

/// Reads the key, and makes it if there is none.
pub(super) fn make(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let key = Zeroizing::new(crate::random_bytes::<KEY_BYTES>()?);
    match disk::create(path, &*key) {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path),
        Err(source) => Err(VaultError::File {
            path: PathBuf::from(path),
            source,
        }),
    }
}

/// Reads the key.
pub(super) fn read(path: &Path) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    let file = |source| VaultError::File {
        path: PathBuf::from(path),
        source,
    };
    let metadata = fs::metadata(path).map_err(file)?;
    let length = u64::try_from(KEY_BYTES).expect("32 fits");
    if !metadata.is_file() || disk::is_open_to_others(&metadata) || metadata.len() != length {
        return Err(unsafe_key(path));
    }
    let bytes = Zeroizing::new(disk::read(path, KEY_BYTES).map_err(file)?);
    let key = bytes[..].try_into().map_err(|_| unsafe_key(path))?;
    Ok(Zeroizing::new(key))
}

fn unsafe_key(path: &Path) -> VaultError {
    VaultError::Unsafe {
        path: PathBuf::from(path),
    }
}
