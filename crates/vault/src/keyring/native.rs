//! The keychain of macOS and the credential manager of Windows.

use keyring::v1::{Entry, Error};
use zeroize::Zeroizing;

use super::{SERVICE, in_time};
use crate::{NoKeyring, VaultError, shelf::Shelf};

/// Bytes that one item may hold. Source: `CRED_MAX_CREDENTIAL_BLOB_SIZE` (5 * 512),
/// <https://learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentiala>.
#[cfg(windows)]
const ITEM_BYTES_MAX: usize = 2560;

/// The keyring.
#[derive(Default)]
pub(crate) struct Keyring;

impl Keyring {
    /// Returns whether what is written is still there after the session: these systems have no other.
    #[expect(
        clippy::unused_self,
        reason = "it is asked of a keyring on every system"
    )]
    pub(crate) fn outlives_session(&self) -> Result<(), VaultError> {
        Ok(())
    }
}

/// The keyring, item by item.
struct Items;

impl Shelf for Items {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let name = name.to_owned();
        match in_time(move || Entry::new(SERVICE, &name)?.get_secret())? {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failure(&error)),
        }
    }

    fn write(&self, name: &str, _label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let name = name.to_owned();
        let bytes = Zeroizing::new(bytes.to_vec());
        in_time(move || Entry::new(SERVICE, &name)?.set_secret(&bytes))?
            .map_err(|error| failure(&error))
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        let name = name.to_owned();
        match in_time(move || Entry::new(SERVICE, &name)?.delete_credential())? {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failure(&error)),
        }
    }
}

#[cfg(windows)]
fn items() -> impl Shelf {
    crate::shelf::Chunked::new(Items, ITEM_BYTES_MAX)
}

#[cfg(not(windows))]
fn items() -> impl Shelf {
    Items
}

impl Shelf for Keyring {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        items().read(name)
    }

    fn write(&self, name: &str, label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        items().write(name, label, bytes)
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        items().remove(name)
    }
}

fn failure(error: &Error) -> VaultError {
    match error {
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => {
            VaultError::NoKeyring(NoKeyring::NotOffered)
        }
        Error::NoStorageAccess(_) => VaultError::Locked,
        Error::TooLong(what, max) => VaultError::NoRoom(format!("{what}: {max} at most")),
        // Shown by name: the text of an error with data attached might repeat the data.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            VaultError::Refused("what it holds is damaged".to_owned())
        }
        other => VaultError::Refused(other.to_string()),
    }
}
