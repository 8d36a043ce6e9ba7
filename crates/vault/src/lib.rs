//! Where keys live.
//!
//! The vault holds the secrets that were moved out of configs, each with what it may be used for, and
//! the key under which the user's decisions are sealed, so that a row that something else wrote into the
//! database is not taken for an approval. Both are in the system's keyring; where there is none, secrets
//! are in an encrypted file once the user asked for one, and the key is in a file that only this user
//! can read. Whoever asks is told which store it is.

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod codec;
mod disk;
mod elsewhere;
mod encrypted;
mod error;
mod file;
mod folder;
mod handover;
mod harden;
mod item;
mod keeper;
mod keyring;
mod record;
mod seal;
mod shelf;
mod vault;
mod wiped;

pub use elsewhere::{ANSWER_TIME, Elsewhere, ElsewhereError, ElsewhereSyntax, resolve};
pub use encrypted::FileKey;
pub use error::{NoKeyring, VaultError};
pub use folder::data_folder;
pub use handover::{KEEP, TakeInError, Taken, Writer, answer, take_in};
pub use harden::harden_process;
pub use item::{Held, Home, Item};
pub use keeper::{Keeper, UnlockedBy};
pub use seal::{Seal, make_seal_key, seal_key};
pub use vault::{Vault, forget, lock, make_file, open_file, unlock};

/// Draws random bytes, for an id or a key.
///
/// # Errors
/// [`VaultError::Random`] where the system has no random numbers.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::Random)?;
    Ok(bytes)
}
