//! A key in a file, where there is no keyring.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{Seal, VaultError};

const FILE_NAME: &str = "seal.key";

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE_NAME)
}

/// Reads the key; `None` where there is no file.
pub(crate) fn read(folder: &Path) -> Result<Option<Seal>, VaultError> {
    let path = path(folder);
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(source) => return Err(VaultError::File { path, source }),
    };
    if !metadata.is_file() || is_open_to_others(&metadata) || metadata.len() != 32 {
        return Err(VaultError::Unsafe { path });
    }
    let bytes = fs::read(&path).map_err(|source| VaultError::File {
        path: path.clone(),
        source,
    })?;
    let bytes = Zeroizing::new(bytes);
    Seal::from_bytes(&bytes)
        .map(Some)
        .ok_or(VaultError::Unsafe { path })
}

/// Writes the key. A file that is there already is never replaced.
pub(crate) fn keep(folder: &Path, seal: &Seal) -> Result<(), VaultError> {
    let path = path(folder);
    let write = || -> std::io::Result<()> {
        let mut file = private_options().open(&path)?;
        file.write_all(seal.bytes())?;
        file.sync_all()
    };
    write().map_err(|source| VaultError::File {
        path: path.clone(),
        source,
    })
}

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
fn is_open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    metadata.mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::{keep, read};
    use crate::{Seal, VaultError};

    #[test]
    fn keeps_one_key_and_never_replaces_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(read(folder.path()).expect("is looked at").is_none());
        let seal = Seal::random().expect("random numbers");
        keep(folder.path(), &seal).expect("is kept");
        let again = read(folder.path()).expect("is read").expect("is there");
        assert_eq!(again.bytes(), seal.bytes());
        assert!(keep(folder.path(), &Seal::random().expect("random numbers")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn refuses_a_key_that_others_can_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        keep(folder.path(), &Seal::random().expect("random numbers")).expect("is kept");
        let path = folder.path().join("seal.key");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644))
            .expect("is changed");
        assert!(matches!(
            read(folder.path()),
            Err(VaultError::Unsafe { .. })
        ));
    }
}
