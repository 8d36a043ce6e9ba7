//! A system where nothing keeps a key for a session: the encrypted file is opened by a key file.

use std::time::Duration;

use crate::{VaultError, encrypted::key::Key};

pub(in crate::encrypted) fn keep(
    _salt: &[u8; 16],
    _key: &Key,
    _time: Option<Duration>,
) -> Result<(), VaultError> {
    Err(VaultError::NoSession(
        "on this system only a key file opens the encrypted file".to_owned(),
    ))
}

pub(in crate::encrypted) fn read(_salt: &[u8; 16]) -> Result<Option<Key>, VaultError> {
    Ok(None)
}

pub(in crate::encrypted) fn forget(_salt: &[u8; 16]) -> Result<(), VaultError> {
    Ok(())
}
