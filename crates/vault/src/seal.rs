//! The key under which the user's decisions are sealed.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::{
    Keeper, VaultError, file,
    keyring::{Keyring, prove},
    record::{self, Store},
    shelf::Shelf,
};

/// The key's name in the keyring.
const NAME: &str = "decision-seal";

/// Returns the key that seals decisions, if one was made.
///
/// # Errors
/// [`VaultError`]; [`VaultError::Missing`] where none was made.
pub fn seal_key(folder: &Path) -> Result<(Seal, Keeper), VaultError> {
    if let Some(seal) = file::read(folder)? {
        return Ok((seal, Keeper::File));
    }
    match Keyring::default().read(NAME) {
        Ok(Some(bytes)) => Seal::from_bytes(&bytes)
            .map(|seal| (seal, Keeper::Keyring))
            .ok_or_else(|| VaultError::Damaged {
                name: NAME.to_owned(),
                problem: "it is no key",
            }),
        Ok(None) | Err(VaultError::NoKeyring(_)) => Err(VaultError::Missing),
        Err(error) => Err(error),
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
    let keyring = Keyring::default();
    match prove(&keyring) {
        Ok(()) => {
            keyring.write(NAME, "Countersign: the seal of decisions", seal.bytes())?;
            Ok((seal, Keeper::Keyring))
        }
        // A keyring that is in use and not in reach may hold a key: another would hide it.
        Err(VaultError::NoKeyring(_)) if record::read(folder)? != Some(Store::Keyring) => {
            file::keep(folder, &seal)?;
            Ok((seal, Keeper::File))
        }
        Err(error) => Err(error),
    }
}

/// A key under which records are sealed (HMAC-SHA-256). Wiped when dropped, never shown.
pub struct Seal(Zeroizing<[u8; 32]>);

impl Seal {
    /// Draws a new key, which nothing keeps.
    ///
    /// # Errors
    /// [`VaultError::Random`] where the system has no random numbers.
    pub fn random() -> Result<Self, VaultError> {
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut()).map_err(|_| VaultError::Random)?;
        Ok(Self(key))
    }

    /// Takes 32 bytes as a key.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the seal of a record's fields. Fields are told apart by their lengths, so that no text
    /// can slide from one into the next.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn sign(&self, fields: &[&[u8]]) -> Vec<u8> {
        self.mac(fields).finalize().into_bytes().to_vec()
    }

    /// Returns whether `seal` is the seal of the fields, in constant time.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn verify(&self, fields: &[&[u8]], seal: &[u8]) -> bool {
        self.mac(fields).verify_slice(seal).is_ok()
    }

    fn mac(&self, fields: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_ref())
            .expect("HMAC takes a key of any length");
        for field in fields {
            mac.update(&(field.len() as u64).to_le_bytes());
            mac.update(field);
        }
        mac
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn a_seal_holds_for_its_own_fields_only() {
        let seal = Seal::random().expect("random numbers");
        let signed = seal.sign(&[b"ab", b"c"]);
        assert!(seal.verify(&[b"ab", b"c"], &signed));
        assert!(!seal.verify(&[b"a", b"bc"], &signed));
        assert!(!seal.verify(&[b"ab", b"c", b""], &signed));
        assert!(!seal.verify(&[b"ab", b"c"], &signed[..31]));
        let other = Seal::random().expect("random numbers");
        assert!(!other.verify(&[b"ab", b"c"], &signed));
        assert_eq!(format!("{seal:?}"), "Seal");
    }
}
