use std::{fmt, path::Path, time::Duration};

use countersign_model::{SecretId, SecretText};
use zeroize::Zeroizing;

use crate::{
    FileKey, Item, Keeper, VaultError, Writer, codec, disk,
    encrypted::{self, Encrypted},
    handover::hand_over,
    keyring::{Keyring, prove},
    record::{self, Store},
    shelf::{Memory, Shelf},
};

/// Bytes of a replaced text that is kept for undoing.
const RAW_BYTES_MAX: usize = 1024 * 1024;

/// The secrets that were taken out of configs.
pub struct Vault {
    keeper: Keeper,
    writer: Writer,
    shelf: Box<dyn Shelf>,
}

impl Vault {
    /// Opens the store that is in use, without asking it anything yet. Where none was chosen, that is
    /// the keyring.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn open(folder: &Path) -> Result<Self, VaultError> {
        match in_use(folder)? {
            Some(Store::EncryptedFile) => Ok(Self {
                keeper: encrypted::keeper(folder)?,
                writer: Writer::OwnProcess,
                shelf: Box::new(Encrypted::open(folder)),
            }),
            Some(Store::Keyring) | None => Ok(Self::of_keyring(Keyring::default())),
        }
    }

    /// Opens the store for writing, and proves that it can be written: a keyring keeps a canary and
    /// gives it back, the encrypted file is unlocked.
    ///
    /// # Errors
    /// [`VaultError::NoKeyring`] where there is none and no encrypted file was made: the caller offers to
    /// make one.
    pub fn prepare(folder: &Path) -> Result<Self, VaultError> {
        if in_use(folder)? == Some(Store::EncryptedFile) {
            Encrypted::open(folder).check()?;
            return Self::open(folder);
        }
        let keyring = Keyring::default();
        prove(&keyring)?;
        let _writing = disk::lock(folder)?;
        match in_use(folder)? {
            // Chosen in another window meanwhile.
            Some(Store::EncryptedFile) => {
                return Err(VaultError::OtherStore(encrypted::keeper(folder)?));
            }
            Some(Store::Keyring) => {}
            None => record::write(folder, Store::Keyring)?,
        }
        Ok(Self::of_keyring(keyring))
    }

    fn of_keyring(keyring: Keyring) -> Self {
        Self {
            keeper: Keeper::Keyring,
            writer: Writer::OwnProcess,
            shelf: Box::new(keyring),
        }
    }

    /// Has somebody else write and remove what entries refer to, where secrets are in the keyring; what
    /// is kept for undoing is written by this process, which alone reads it.
    #[must_use]
    pub fn written_by(self, writer: Writer) -> Self {
        match self.keeper {
            Keeper::Keyring => Self { writer, ..self },
            Keeper::Memory | Keeper::File | Keeper::EncryptedFile { .. } => self,
        }
    }

    /// Returns a vault that ends with this value, for tests.
    pub fn in_memory() -> Self {
        Self {
            keeper: Keeper::Memory,
            writer: Writer::OwnProcess,
            shelf: Box::new(Memory::default()),
        }
    }

    /// Returns which store is in use.
    pub fn keeper(&self) -> Keeper {
        self.keeper
    }

    /// Keeps an item in the place of what its id had. Whoever writes it reads it back.
    ///
    /// # Errors
    /// [`VaultError`]; nothing is kept halfway.
    pub fn put(&self, item: &Item) -> Result<(), VaultError> {
        let encoded = codec::encode(item)?;
        match &self.writer {
            Writer::OwnProcess => self.keep(item.id, &item_name(item.id), &item.label, &encoded),
            Writer::Program(program) => hand_over(program, item.id, &encoded),
        }
    }

    /// Returns the item of an id.
    ///
    /// # Errors
    /// [`VaultError::NoItem`] where there is none.
    pub fn item(&self, id: SecretId) -> Result<Item, VaultError> {
        let kept = self.shelf.read(&item_name(id))?;
        codec::decode(id, &kept.ok_or(VaultError::NoItem(id))?)
    }

    /// Removes an item; fine if there is none. Where the program that wrote it is gone, this process
    /// removes it.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn remove(&self, id: SecretId) -> Result<(), VaultError> {
        if let Writer::Program(program) = &self.writer {
            match hand_over(program, id, &[]) {
                Err(VaultError::NoWriter { .. }) => {}
                answered => return answered,
            }
        }
        self.shelf.remove(&item_name(id))
    }

    /// Keeps the text that an edit replaced in a config, for undoing; up to 1 MiB.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn keep_raw(&self, id: SecretId, text: &SecretText) -> Result<(), VaultError> {
        let bytes = text.expose("it goes to the store").as_bytes();
        if bytes.len() > RAW_BYTES_MAX {
            return Err(VaultError::TooLong {
                bytes: bytes.len(),
                bytes_max: RAW_BYTES_MAX,
            });
        }
        self.keep(id, &raw_name(id), "what an edit replaced", bytes)
    }

    /// Returns a text that was kept for undoing.
    ///
    /// # Errors
    /// [`VaultError::NoItem`] where there is none.
    pub fn raw(&self, id: SecretId) -> Result<SecretText, VaultError> {
        let mut kept = self
            .shelf
            .read(&raw_name(id))?
            .ok_or(VaultError::NoItem(id))?;
        match String::from_utf8(std::mem::take(&mut *kept)) {
            Ok(text) => Ok(SecretText::new(text)),
            Err(error) => {
                drop(Zeroizing::new(error.into_bytes()));
                Err(VaultError::Damaged {
                    name: raw_name(id),
                    problem: "it is no text",
                })
            }
        }
    }

    /// Removes a text that was kept for undoing; fine if there is none.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn remove_raw(&self, id: SecretId) -> Result<(), VaultError> {
        self.shelf.remove(&raw_name(id))
    }

    fn keep(&self, id: SecretId, name: &str, label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        self.shelf
            .write(name, &format!("Countersign: {label}"), bytes)?;
        match self.shelf.read(name)? {
            Some(kept) if kept.as_slice() == bytes => Ok(()),
            _ => Err(VaultError::NotKept(id)),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({})", self.keeper.name())
    }
}

/// Makes the encrypted file, which is used from then on. Called only once the user chose it.
///
/// # Errors
/// [`VaultError::OtherStore`] where secrets are kept elsewhere already; [`VaultError::NoSession`] where
/// the system cannot keep a passphrase's key for a session.
pub fn make_file(folder: &Path, key: FileKey) -> Result<Vault, VaultError> {
    match in_use(folder)? {
        Some(Store::Keyring) => return Err(VaultError::OtherStore(Keeper::Keyring)),
        Some(Store::EncryptedFile) => {
            return Err(VaultError::OtherStore(encrypted::keeper(folder)?));
        }
        None => {}
    }
    of_file(folder, Encrypted::make(folder, &key)?)
}

/// Opens the encrypted file with a key, for this value alone.
///
/// # Errors
/// [`VaultError::WrongKey`] where the key does not fit.
pub fn open_file(folder: &Path, key: FileKey) -> Result<Vault, VaultError> {
    of_file(folder, Encrypted::open_with(folder, &key)?)
}

fn of_file(folder: &Path, file: Encrypted) -> Result<Vault, VaultError> {
    Ok(Vault {
        keeper: encrypted::keeper(folder)?,
        writer: Writer::OwnProcess,
        shelf: Box::new(file),
    })
}

/// Fails where what is in use is not the encrypted file.
fn must_be_file(folder: &Path) -> Result<(), VaultError> {
    match in_use(folder)? {
        Some(Store::EncryptedFile) => Ok(()),
        Some(Store::Keyring) | None => Err(VaultError::NoLock(Keeper::Keyring)),
    }
}

/// Unlocks the encrypted file for every process of this user: for `time`, or until the user's last
/// process ended.
///
/// # Errors
/// [`VaultError::WrongKey`] where the passphrase does not fit; [`VaultError::NoLock`] where another store is
/// in use, or a key file opens it; [`VaultError::NoSession`] where the system cannot keep the key: there,
/// a key file serves.
pub fn unlock(
    folder: &Path,
    passphrase: &SecretText,
    time: Option<Duration>,
) -> Result<(), VaultError> {
    must_be_file(folder)?;
    encrypted::unlock(folder, passphrase, time)
}

/// Locks the encrypted file again; fine where it was not unlocked.
///
/// # Errors
/// [`VaultError::NoLock`] as for [`unlock`].
pub fn lock(folder: &Path) -> Result<(), VaultError> {
    must_be_file(folder)?;
    encrypted::lock(folder)
}

/// Ends the use of a store: forgets which one it is, and removes the encrypted file with all that is in
/// it. Items in a keyring stay: remove them first.
///
/// # Errors
/// [`VaultError`].
pub fn forget(folder: &Path) -> Result<(), VaultError> {
    let _writing = disk::lock(folder)?;
    encrypted::remove(folder)?;
    record::remove(folder)
}

/// Returns which store is in use. The encrypted file alone is proof enough, so nothing is lost with the
/// record.
fn in_use(folder: &Path) -> Result<Option<Store>, VaultError> {
    let is_there = encrypted::is_there(folder);
    Ok(record::read(folder)?.or(is_there.then_some(Store::EncryptedFile)))
}

fn item_name(id: SecretId) -> String {
    format!("secret-{id}")
}

fn raw_name(id: SecretId) -> String {
    format!("undo-{id}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use countersign_model::{Binding, BoundStart, SecretId, SecretText};

    use super::{RAW_BYTES_MAX, Vault};
    use crate::{Elsewhere, Held, Home, Item, Keeper, VaultError};

    const ID: SecretId = SecretId::from_bytes([7; 16]);
    const OTHER: SecretId = SecretId::from_bytes([8; 16]);

    fn item(value: Held) -> Item {
        Item {
            id: ID,
            label: "GITHUB_TOKEN of github".to_owned(),
            value,
            homes: vec![Home {
                file: "/home/u/.claude.json".to_owned(),
                pointer: "/mcpServers/github/env/GITHUB_TOKEN".to_owned(),
                entry: "github".to_owned(),
                binding: Binding {
                    start: BoundStart::Command {
                        program: "npx".to_owned(),
                        arguments: vec!["-y".to_owned(), "server".to_owned()],
                    },
                    names: BTreeSet::from(["GITHUB_TOKEN".to_owned()]),
                },
            }],
        }
    }

    #[test]
    fn what_is_put_is_there_until_it_is_removed() {
        let vault = Vault::in_memory();
        assert_eq!(vault.keeper(), Keeper::Memory);
        assert!(matches!(vault.item(ID), Err(VaultError::NoItem(ID))));
        let text = item(Held::Text(SecretText::new("a\n\"b\" é".to_owned())));
        vault.put(&text).expect("is kept");
        assert_eq!(vault.item(ID).expect("is there"), text);
        let mut elsewhere = item(Held::Elsewhere(
            Elsewhere::parse("op://dev/github/token").expect("is a reference"),
        ));
        elsewhere.homes[0].binding.start = BoundStart::Remote {
            url: "https://mcp.example.com/mcp".to_owned(),
        };
        vault.put(&elsewhere).expect("is kept in its place");
        assert_eq!(vault.item(ID).expect("is there"), elsewhere);
        vault.remove(ID).expect("is removed");
        vault.remove(ID).expect("is not there, which is fine");
        assert!(matches!(vault.item(ID), Err(VaultError::NoItem(ID))));
    }

    #[test]
    fn undo_texts_are_apart_from_items() {
        let vault = Vault::in_memory();
        let text = SecretText::new("  \"KEY\": \"value\"\r\n".to_owned());
        vault.keep_raw(ID, &text).expect("is kept");
        assert!(matches!(vault.item(ID), Err(VaultError::NoItem(ID))));
        assert!(matches!(vault.raw(OTHER), Err(VaultError::NoItem(OTHER))));
        assert_eq!(vault.raw(ID).expect("is there"), text);
        vault.remove_raw(ID).expect("is removed");
        vault.remove_raw(ID).expect("is not there, which is fine");
        let most = SecretText::new("x".repeat(RAW_BYTES_MAX));
        vault.keep_raw(ID, &most).expect("is kept");
        let too_long = SecretText::new("x".repeat(RAW_BYTES_MAX + 1));
        assert!(matches!(
            vault.keep_raw(ID, &too_long),
            Err(VaultError::TooLong { .. })
        ));
        assert_eq!(vault.raw(ID).expect("is still there"), most);
    }

    #[test]
    fn nothing_of_a_value_is_in_what_is_printed_of_it() {
        let vault = Vault::in_memory();
        let secret = item(Held::Text(SecretText::new("hunter2hunter2".to_owned())));
        vault.put(&secret).expect("is kept");
        assert!(!format!("{vault:?} {secret:?}").contains("hunter2"));
    }
}
