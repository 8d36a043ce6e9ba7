//! Which store is in use, written down in the data folder: a store is never switched silently.

use std::{fs, io::ErrorKind, path::Path};

use serde::{Deserialize, Serialize};

use crate::{VaultError, disk};

const FILE_NAME: &str = "vault.json";
const VERSION: u32 = 1;
const BYTES_MAX: usize = 4096;

/// A store that may be in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Store {
    Keyring,
    EncryptedFile,
}

#[derive(Serialize, Deserialize)]
struct Record {
    version: u32,
    store: Store,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Returns which store is in use, if one is.
pub(crate) fn read(folder: &Path) -> Result<Option<Store>, VaultError> {
    let path = folder.join(FILE_NAME);
    let bytes = match disk::read(&path, BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(source) => return Err(VaultError::File { path, source }),
    };
    let damaged = |_| VaultError::Damaged {
        name: FILE_NAME.to_owned(),
        problem: "it does not say which store is in use",
    };
    let versioned: Versioned = serde_json::from_slice(&bytes).map_err(damaged)?;
    if versioned.version > VERSION {
        return Err(VaultError::Newer {
            what: format!("the file {FILE_NAME}"),
        });
    }
    let record: Record = serde_json::from_slice(&bytes).map_err(damaged)?;
    Ok(Some(record.store))
}

/// Writes down which store is in use. To be called under [`disk::lock`].
pub(crate) fn write(folder: &Path, store: Store) -> Result<(), VaultError> {
    let record = Record {
        version: VERSION,
        store,
    };
    let bytes = serde_json::to_vec(&record).expect("a record can be written");
    let path = folder.join(FILE_NAME);
    disk::replace(&path, &bytes).map_err(|source| VaultError::File { path, source })
}

/// Forgets which store is in use.
pub(crate) fn remove(folder: &Path) -> Result<(), VaultError> {
    let path = folder.join(FILE_NAME);
    match fs::remove_file(&path) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            Err(VaultError::File { path, source })
        }
        _ => Ok(()),
    }
}
