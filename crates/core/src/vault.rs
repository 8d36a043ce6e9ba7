//! The vault as a user works with it: choosing a store, unlocking it, locking it.

use std::time::Duration;

use countersign_model::SecretText;
pub use countersign_vault::{Elsewhere, ElsewhereSyntax, FileKey, VaultError, harden_process};

use crate::{
    Setup,
    moves::{MoveError, recover},
};

pub use crate::moves::vault_view as look;
pub use countersign_secrets::is_rotation_page;

/// Makes the encrypted file, which the user chose where there is no keyring.
///
/// # Errors
/// [`VaultError::OtherStore`] where another store is in use.
pub fn make(setup: &Setup, key: FileKey) -> Result<(), VaultError> {
    countersign_vault::make_file(&setup.data_folder, key)?;
    Ok(())
}

/// Unlocks the encrypted file, for `time` or else this session, and mends what a crash left.
///
/// # Errors
/// [`VaultError::WrongKey`] where the passphrase does not fit; [`MoveError`] where mending failed.
pub fn unlock(
    setup: &Setup,
    passphrase: &SecretText,
    time: Option<Duration>,
) -> Result<(), MoveError> {
    countersign_vault::unlock(&setup.data_folder, passphrase, time)?;
    recover::mend(setup)
}

/// Locks the encrypted file.
///
/// # Errors
/// [`VaultError`].
pub fn lock(setup: &Setup) -> Result<(), VaultError> {
    countersign_vault::lock(&setup.data_folder)
}
