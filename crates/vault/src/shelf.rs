//! What every store offers: bytes under a name.

mod memory;

use zeroize::Zeroizing;

use crate::VaultError;

pub(crate) use memory::Memory;

/// A store of bytes under names.
pub(crate) trait Shelf: Send + Sync {
    /// Reads what is kept; `None` where nothing is.
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError>;

    /// Keeps bytes, in the place of what was kept. `label` is what a program that lists the keyring
    /// shows of it.
    fn write(&self, name: &str, label: &str, bytes: &[u8]) -> Result<(), VaultError>;

    /// Removes what is kept, if anything is.
    fn remove(&self, name: &str) -> Result<(), VaultError>;
}
