//! A key in a file, where there is no keyring.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{Seal, VaultError, disk};

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
    if !metadata.is_file() || disk::is_open_to_others(&metadata) || metadata.len() != 32 {
        return Err(VaultError::Unsafe { path });
    }
    let bytes = disk::read(&path, 32).map_err(|source| VaultError::File {
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
    disk::create(&path, seal.bytes()).map_err(|source| VaultError::File { path, source })
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
