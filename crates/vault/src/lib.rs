//! Where keys live.
//!
//! For the time being the vault holds one key: the one under which the user's decisions are sealed,
//! so that a row that something else wrote into the database is not taken for an approval. The key
//! is in the system's keyring; where there is none, it is in a file that only this user can read,
//! and whoever asks is told which of the two it is.

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod codec;
mod elsewhere;
mod error;
mod file;
mod folder;
mod item;
mod keeper;
mod seal;
mod shelf;
mod system;
mod vault;

use std::path::Path;

pub use elsewhere::{ANSWER_TIME, Elsewhere, ElsewhereError, ElsewhereSyntax, resolve};
pub use error::{NoKeyring, VaultError};
pub use folder::data_folder;
pub use item::{Held, Home, Item};
pub use keeper::{Keeper, UnlockedBy};
pub use seal::Seal;
pub use vault::Vault;

/// Returns the key that seals decisions, if one was made.
///
/// # Errors
/// [`VaultError`]; [`VaultError::Missing`] where none was made.
pub fn seal_key(folder: &Path) -> Result<(Seal, Keeper), VaultError> {
    if let Some(seal) = file::read(folder)? {
        return Ok((seal, Keeper::File));
    }
    match system::read() {
        Ok(Some(seal)) => Ok((seal, Keeper::Keyring)),
        Ok(None) => Err(VaultError::Missing),
        Err(system::Unavailable::NoKeyring) => Err(VaultError::Missing),
        Err(system::Unavailable::Failed(error)) => Err(error),
    }
}

/// Returns the key that seals decisions, and makes it if there is none: in the keyring if that proves
/// to keep what it is given, else in a file.
///
/// # Errors
/// [`VaultError`]. A keyring that is there but locked is an error, never a reason to use the file.
pub fn make_seal_key(folder: &Path) -> Result<(Seal, Keeper), VaultError> {
    match seal_key(folder) {
        Err(VaultError::Missing) => {}
        other => return other,
    }
    let seal = Seal::random()?;
    match system::keep(&seal) {
        Ok(()) => Ok((seal, Keeper::Keyring)),
        Err(system::Unavailable::NoKeyring) => {
            file::keep(folder, &seal)?;
            Ok((seal, Keeper::File))
        }
        Err(system::Unavailable::Failed(error)) => Err(error),
    }
}
