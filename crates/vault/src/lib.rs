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
mod disk;
mod elsewhere;
mod encrypted;
mod error;
mod file;
mod folder;
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
pub use harden::harden_process;
pub use item::{Held, Home, Item};
pub use keeper::{Keeper, UnlockedBy};
pub use seal::{Seal, make_seal_key, seal_key};
pub use vault::{Vault, forget, lock, make_file, open_file, unlock};

/// Draws random bytes.
fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| VaultError::Random)?;
    Ok(bytes)
}
