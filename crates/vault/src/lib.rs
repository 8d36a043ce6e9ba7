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

mod file;
mod seal;
mod system;

use std::path::Path;

pub use seal::Seal;

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The system's keyring.
    Keyring,
    /// A file in the data folder, readable by this user.
    File,
}

impl Keeper {
    /// Returns the name used in output.
    pub const fn name(self) -> &'static str {
        match self {
            Keeper::Keyring => "keyring",
            Keeper::File => "key file",
        }
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The keyring is there and did not give the key in time.
    #[error("the keyring does not answer; it may be locked")]
    Locked,
    /// The keyring said no.
    #[error("the keyring refused: {0}")]
    Refused(String),
    /// The key file could not be used.
    #[error("use the key file {}", path.display())]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The key file is readable by others, or is no key.
    #[error("the key file {} is not a key that only you can read", path.display())]
    Unsafe {
        /// The file.
        path: std::path::PathBuf,
    },
    /// No key was made yet.
    #[error("no key was made yet")]
    Missing,
    /// The system has no random numbers.
    #[error("the system gave no random numbers")]
    Random,
}

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
