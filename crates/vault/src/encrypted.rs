//! The encrypted file: where secrets live when there is no keyring.
//!
//! One file holds everything. Its key comes from a passphrase (argon2id) or from a key file; its head
//! is authenticated with what it encrypts (XChaCha20-Poly1305). Every write is a new file with a new
//! nonce, renamed into place.

mod contents;
mod head;
mod key;
mod keyfile;
mod session;

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{AeadInOut, inout::InOutBuf},
};
use countersign_model::SecretText;
use zeroize::Zeroizing;

use self::{
    contents::Contents,
    head::{Head, Unlocking},
    key::{Cost, Key},
};
use crate::{
    Keeper, UnlockedBy, VaultError, disk,
    record::{self, Store},
    shelf::Shelf,
};

/// The file's name in the data folder.
pub(crate) const FILE_NAME: &str = "vault.bin";

/// Bytes of the file.
const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Bytes of the tag at its end.
const TAG_BYTES: usize = 16;

/// What opens the encrypted file.
pub enum FileKey {
    /// A passphrase.
    Passphrase(SecretText),
    /// A file with 32 random bytes, readable by this user alone; its path is absolute.
    KeyFile(PathBuf),
}

/// The encrypted file as a store.
pub(crate) struct Encrypted {
    folder: PathBuf,
    /// The key, where it was given; else it is taken from where it is kept.
    key: Option<Key>,
}

impl Encrypted {
    /// Makes an empty file.
    pub(crate) fn make(folder: &Path, key: &FileKey) -> Result<Self, VaultError> {
        Self::make_at_cost(folder, key, Cost::USUAL)
    }

    fn make_at_cost(folder: &Path, key: &FileKey, cost: Cost) -> Result<Self, VaultError> {
        let salt = crate::random_bytes()?;
        let (unlocking, key) = match key {
            FileKey::Passphrase(passphrase) if passphrase.is_empty() => {
                return Err(VaultError::NoPassphrase);
            }
            FileKey::Passphrase(passphrase) => {
                let key = Key::from_passphrase(passphrase, &salt, cost)?;
                // Before there is a file: one that no other process could open would be no help.
                session::keep(&salt, &key, None)?;
                (Unlocking::Passphrase(cost), key)
            }
            FileKey::KeyFile(path) => {
                let text = keyfile::checked_path(path)?;
                let key = Key::from_key_file(&*keyfile::make(path)?, &salt);
                (Unlocking::KeyFile(text), key)
            }
        };
        let _writing = disk::lock(folder)?;
        if is_there(folder) {
            return Err(VaultError::OtherStore(keeper(folder)?));
        }
        let head = Head {
            unlocking,
            salt,
            nonce: crate::random_bytes()?,
        };
        write(folder, &head, &key, &Contents::default())?;
        record::write(folder, Store::EncryptedFile)?;
        Ok(Self::of(folder, Some(key)))
    }

    /// Opens the file with a key, which is tried at once.
    pub(crate) fn open_with(folder: &Path, key: &FileKey) -> Result<Self, VaultError> {
        let bytes = read_file(folder)?;
        let (head, _) = head::decode(&bytes)?;
        let key = match (&head.unlocking, key) {
            (Unlocking::Passphrase(cost), FileKey::Passphrase(passphrase)) => {
                Key::from_passphrase(passphrase, &head.salt, *cost)?
            }
            (Unlocking::KeyFile(_), FileKey::KeyFile(path)) => {
                Key::from_key_file(&*keyfile::read(path)?, &head.salt)
            }
            (Unlocking::Passphrase(_), FileKey::KeyFile(_))
            | (Unlocking::KeyFile(_), FileKey::Passphrase(_)) => return Err(VaultError::WrongKey),
        };
        decrypt(&bytes, &key)?;
        Ok(Self::of(folder, Some(key)))
    }

    /// Opens the file with the key that is kept for it, which is taken when it is needed.
    pub(crate) fn open(folder: &Path) -> Self {
        Self::of(folder, None)
    }

    /// Tries whether the file can be read as things are.
    pub(crate) fn check(&self) -> Result<(), VaultError> {
        self.load().map(|_| ())
    }

    fn of(folder: &Path, key: Option<Key>) -> Self {
        Self {
            folder: folder.to_owned(),
            key,
        }
    }

    fn load(&self) -> Result<(Head, Key, Contents), VaultError> {
        let bytes = read_file(&self.folder)?;
        let (head, _) = head::decode(&bytes)?;
        let key = match (&self.key, &head.unlocking) {
            (Some(key), _) => key.clone(),
            (None, Unlocking::Passphrase(_)) => {
                session::read(&head.salt)?.ok_or(VaultError::Locked)?
            }
            (None, Unlocking::KeyFile(path)) => {
                Key::from_key_file(&*keyfile::read(Path::new(path))?, &head.salt)
            }
        };
        let contents = decrypt(&bytes, &key)?;
        Ok((head, key, contents))
    }

    fn change(&self, change: impl FnOnce(&mut Contents)) -> Result<(), VaultError> {
        let _writing = disk::lock(&self.folder)?;
        let (mut head, key, mut contents) = self.load()?;
        change(&mut contents);
        head.nonce = crate::random_bytes()?;
        write(&self.folder, &head, &key, &contents)
    }
}

impl Shelf for Encrypted {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let (_, _, mut contents) = self.load()?;
        Ok(contents.0.remove(name))
    }

    fn write(&self, name: &str, _label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let bytes = Zeroizing::new(bytes.to_vec());
        self.change(|contents| {
            contents.0.insert(name.to_owned(), bytes);
        })
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        self.change(|contents| {
            contents.0.remove(name);
        })
    }
}

/// Returns whether there is an encrypted file.
pub(crate) fn is_there(folder: &Path) -> bool {
    fs::symlink_metadata(folder.join(FILE_NAME)).is_ok()
}

/// Returns what opens the file, by its head.
pub(crate) fn keeper(folder: &Path) -> Result<Keeper, VaultError> {
    let bytes = read_file(folder)?;
    let (head, _) = head::decode(&bytes)?;
    Ok(Keeper::EncryptedFile {
        unlocked_by: match head.unlocking {
            Unlocking::Passphrase(_) => UnlockedBy::Passphrase,
            Unlocking::KeyFile(_) => UnlockedBy::KeyFile,
        },
    })
}

/// Derives the file's key from the passphrase, tries it, and keeps it for the session.
pub(crate) fn unlock(
    folder: &Path,
    passphrase: &SecretText,
    time: Option<Duration>,
) -> Result<(), VaultError> {
    let bytes = read_file(folder)?;
    let (head, _) = head::decode(&bytes)?;
    let Unlocking::Passphrase(cost) = head.unlocking else {
        return Err(VaultError::NoLock(keeper(folder)?));
    };
    let key = Key::from_passphrase(passphrase, &head.salt, cost)?;
    decrypt(&bytes, &key)?;
    session::keep(&head.salt, &key, time)
}

/// Forgets the key that is kept for the session.
pub(crate) fn lock(folder: &Path) -> Result<(), VaultError> {
    let bytes = read_file(folder)?;
    let (head, _) = head::decode(&bytes)?;
    if !matches!(head.unlocking, Unlocking::Passphrase(_)) {
        return Err(VaultError::NoLock(keeper(folder)?));
    }
    session::forget(&head.salt)
}

/// Removes the file and the key that is kept for the session. To be called under [`disk::lock`].
pub(crate) fn remove(folder: &Path) -> Result<(), VaultError> {
    if !is_there(folder) {
        return Ok(());
    }
    // A file that is damaged has no key to forget.
    let _ = lock(folder);
    let path = folder.join(FILE_NAME);
    fs::remove_file(&path).map_err(|source| VaultError::File { path, source })
}

fn read_file(folder: &Path) -> Result<Vec<u8>, VaultError> {
    let path = folder.join(FILE_NAME);
    match disk::read(&path, FILE_BYTES_MAX) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::FileTooLarge => Err(damaged("it is too long")),
        Err(source) => Err(VaultError::File { path, source }),
    }
}

fn decrypt(bytes: &[u8], key: &Key) -> Result<Contents, VaultError> {
    let (head, rest) = head::decode(bytes)?;
    let at = rest
        .len()
        .checked_sub(TAG_BYTES)
        .ok_or(damaged("it is too short"))?;
    let (encrypted, tag) = rest.split_at(at);
    let mut plain = Zeroizing::new(encrypted.to_vec());
    let tag = tag.try_into().map_err(|_| damaged("it is too short"))?;
    cipher(key)
        .decrypt_inout_detached(
            &head.nonce.into(),
            &bytes[..bytes.len() - rest.len()],
            InOutBuf::from(&mut plain[..]),
            &tag,
        )
        .map_err(|_| VaultError::WrongKey)?;
    contents::decode(&plain).ok_or(damaged("its contents are no list of secrets"))
}

fn write(folder: &Path, head: &Head, key: &Key, contents: &Contents) -> Result<(), VaultError> {
    let head_bytes = head::encode(head);
    let mut plain = contents::encode(contents);
    let bytes = head_bytes.len() + plain.len() + TAG_BYTES;
    if bytes > FILE_BYTES_MAX {
        return Err(VaultError::NoRoom(format!(
            "the encrypted file holds {FILE_BYTES_MAX} bytes at most"
        )));
    }
    let tag = cipher(key)
        .encrypt_inout_detached(
            &head.nonce.into(),
            &head_bytes,
            InOutBuf::from(&mut plain[..]),
        )
        .expect("16 MiB are far below the cipher's limit");
    let mut file = head_bytes;
    file.extend_from_slice(&plain);
    file.extend_from_slice(&tag);
    let path = folder.join(FILE_NAME);
    disk::replace(&path, &file).map_err(|source| VaultError::File { path, source })
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}

fn damaged(problem: &'static str) -> VaultError {
    VaultError::Damaged {
        name: FILE_NAME.to_owned(),
        problem,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write, path::Path, time::Duration};

    use countersign_model::SecretText;

    use super::{Encrypted, FILE_NAME, FileKey, TAG_BYTES, head, key::Cost, lock, session, unlock};
    use crate::{VaultError, shelf::Shelf};

    const CHEAP: Cost = Cost {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };

    fn key_file(folder: &Path) -> FileKey {
        FileKey::KeyFile(folder.join("keys/vault.key"))
    }

    fn text(text: &str) -> SecretText {
        SecretText::new(text.to_owned())
    }

    /// Makes a file that a passphrase opens; nothing where the kernel keeps no keys for programs.
    fn with_passphrase(folder: &Path) -> Option<Encrypted> {
        match Encrypted::make_at_cost(folder, &FileKey::Passphrase(text("a b c")), CHEAP) {
            Err(VaultError::NoSession(why)) => {
                // Written past what the runner of tests keeps back.
                let _ = writeln!(std::io::stderr(), "skipped: {why}");
                None
            }
            made => Some(made.expect("is made")),
        }
    }

    #[test]
    fn what_is_kept_is_there_for_whoever_has_the_key_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        made.write("a", "", b"one").expect("is kept");
        made.write("b", "", b"two").expect("is kept");
        made.write("a", "", b"three").expect("is kept");
        made.remove("b").expect("is removed");
        made.remove("b").expect("is not there, which is fine");
        let other = Encrypted::open(folder.path());
        let kept = other.read("a").expect("is read").expect("is there");
        assert_eq!(kept.as_slice(), b"three");
        assert!(other.read("b").expect("is read").is_none());
        assert_eq!(
            fs::read_dir(folder.path()).expect("is listed").count(),
            4,
            "the file, its lock, the record and the folder of keys"
        );
    }

    #[test]
    fn nothing_kept_is_readable_in_the_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        made.write("canary-name", "", b"canary-value")
            .expect("is kept");
        let bytes = fs::read(folder.path().join(FILE_NAME)).expect("is there");
        let shown = String::from_utf8_lossy(&bytes);
        assert!(!shown.contains("canary"));
    }

    #[cfg(unix)]
    #[test]
    fn only_this_user_reads_the_file_and_its_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        made.write("a", "", b"one").expect("is kept");
        let key = folder.path().join("keys/vault.key");
        for path in [&folder.path().join(FILE_NAME), &key] {
            let mode = fs::metadata(path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
        fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).expect("is changed");
        assert!(matches!(made.read("a"), Ok(Some(_))), "its key is at hand");
        assert!(matches!(
            Encrypted::open(folder.path()).read("a"),
            Err(VaultError::Unsafe { .. })
        ));
    }

    #[test]
    fn another_key_opens_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        let key = folder.path().join("keys/vault.key");
        fs::remove_file(&key).expect("is removed");
        assert!(matches!(
            Encrypted::open(folder.path()).read("a"),
            Err(VaultError::File { .. })
        ));
        fs::write(&key, [0; 31]).expect("is written");
        assert!(matches!(
            Encrypted::open(folder.path()).read("a"),
            Err(VaultError::Unsafe { .. })
        ));
        fs::remove_file(&key).expect("is removed");
        crate::disk::create(&key, &[0; 32]).expect("is written");
        assert!(matches!(
            Encrypted::open(folder.path()).read("a"),
            Err(VaultError::WrongKey)
        ));
    }

    #[test]
    fn a_file_is_never_made_over_another() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = key_file(folder.path());
        Encrypted::make(folder.path(), &key)
            .expect("is made")
            .write("a", "", b"one")
            .expect("is kept");
        assert!(matches!(
            Encrypted::make(folder.path(), &key),
            Err(VaultError::OtherStore(_))
        ));
        let kept = Encrypted::open(folder.path()).read("a").expect("is read");
        assert!(kept.is_some());
    }

    #[test]
    fn a_passphrase_opens_it_once_for_the_session() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(made) = with_passphrase(folder.path()) else {
            return;
        };
        made.write("a", "", b"one").expect("is kept");
        let later = Encrypted::open(folder.path());
        assert!(later.read("a").expect("is unlocked").is_some());
        lock(folder.path()).expect("is locked");
        lock(folder.path()).expect("is locked already");
        assert!(matches!(later.read("a"), Err(VaultError::Locked)));
        assert!(matches!(
            later.write("a", "", b"two"),
            Err(VaultError::Locked)
        ));
        assert!(matches!(
            unlock(folder.path(), &text("a b d"), None),
            Err(VaultError::WrongKey)
        ));
        assert!(matches!(later.read("a"), Err(VaultError::Locked)));
        unlock(
            folder.path(),
            &text("a b c"),
            Some(Duration::from_secs(600)),
        )
        .expect("is opened");
        let kept = later.read("a").expect("is unlocked").expect("is there");
        assert_eq!(kept.as_slice(), b"one");
        let wrong = FileKey::Passphrase(text(""));
        assert!(matches!(
            Encrypted::open_with(folder.path(), &wrong),
            Err(VaultError::WrongKey)
        ));
        lock(folder.path()).expect("is locked");
        let right = FileKey::Passphrase(text("a b c"));
        let opened = Encrypted::open_with(folder.path(), &right).expect("is opened");
        assert!(opened.read("a").expect("is read").is_some());
        assert!(matches!(later.read("a"), Err(VaultError::Locked)));
    }

    #[test]
    fn a_time_ends_the_session() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(_made) = with_passphrase(folder.path()) else {
            return;
        };
        lock(folder.path()).expect("is locked");
        unlock(folder.path(), &text("a b c"), Some(Duration::ZERO)).expect("is opened");
        let later = Encrypted::open(folder.path());
        let begun = std::time::Instant::now();
        while later.read("a").is_ok() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it stays open");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(matches!(later.read("a"), Err(VaultError::Locked)));
    }

    #[test]
    fn no_byte_of_the_file_can_be_changed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        made.write("a", "", b"one").expect("is kept");
        let path = folder.path().join(FILE_NAME);
        let bytes = fs::read(&path).expect("is there");
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            fs::write(&path, &changed).expect("is written");
            assert!(made.read("a").is_err(), "byte {index}");
        }
        for length in [0, 1, 60, bytes.len() - TAG_BYTES, bytes.len() - 1] {
            fs::write(&path, &bytes[..length]).expect("is written");
            assert!(made.read("a").is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_hostile_head_is_refused_before_it_costs_anything() {
        let usual = head::Head {
            unlocking: head::Unlocking::Passphrase(Cost::USUAL),
            salt: [1; 16],
            nonce: [2; 24],
        };
        let bytes = head::encode(&usual);
        assert_eq!(head::decode(&bytes).expect("is read").0, usual);
        for (at, number) in [
            (20, 1024 * 1024 + 1_u32),
            (20, 7),
            (24, 11),
            (24, 0),
            (28, 0),
            (28, u32::MAX),
        ] {
            let mut hostile = bytes.clone();
            hostile[at..at + 4].copy_from_slice(&number.to_le_bytes());
            assert!(
                matches!(head::decode(&hostile), Err(VaultError::Damaged { .. })),
                "{number} at {at}"
            );
        }
        let mut newer = bytes;
        newer[16] = 2;
        assert!(matches!(
            head::decode(&newer),
            Err(VaultError::Newer { .. })
        ));
    }

    #[test]
    fn two_processes_lose_nothing_of_each_other() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let folder = folder.path();
                scope.spawn(move || {
                    let file = Encrypted::open(folder);
                    for index in 0..5 {
                        let name = format!("{writer}-{index}");
                        file.write(&name, "", b"one").expect("is kept");
                    }
                });
            }
        });
        let file = Encrypted::open(folder.path());
        for name in (0..4).flat_map(|writer| (0..5).map(move |index| format!("{writer}-{index}"))) {
            assert!(file.read(&name).expect("is read").is_some(), "{name}");
        }
    }

    #[test]
    fn it_says_when_it_is_full() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let made = Encrypted::make(folder.path(), &key_file(folder.path())).expect("is made");
        let much = vec![0; 9 * 1024 * 1024];
        made.write("a", "", &much).expect("is kept");
        assert!(matches!(
            made.write("b", "", &much),
            Err(VaultError::NoRoom(_))
        ));
        assert!(made.read("a").expect("is read").is_some());
        assert!(made.read("b").expect("is read").is_none());
    }

    #[test]
    fn a_key_for_another_file_is_not_found() {
        assert!(session::read(&[9; 16]).expect("is looked for").is_none());
    }
}
