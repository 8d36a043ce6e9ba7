use std::{fmt, io, path::PathBuf};

use countersign_model::SecretId;

use crate::Keeper;

/// Why the vault did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no keyring that keeps what it is given. What serves instead is the encrypted file, once
    /// the user chose it.
    #[error("use the keyring: {0}")]
    NoKeyring(NoKeyring),
    /// The store is there and locked.
    #[error("open the vault: it is locked")]
    Locked,
    /// The keyring is there and did not answer in time.
    #[error("reach the keyring: it does not answer; it may be waiting for a password")]
    NoAnswer,
    /// The system or the user denied the access.
    #[error("use the keyring: access was denied")]
    Denied,
    /// The keyring said no.
    #[error("use the keyring: it refused ({0})")]
    Refused(String),
    /// The store has no room for it.
    #[error("keep it: there is not enough room ({0})")]
    NoRoom(String),
    /// It is longer than what the vault keeps.
    #[error("keep it: {bytes} bytes are more than {bytes_max}")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// What is allowed.
        bytes_max: usize,
    },
    /// Nothing is kept under the id.
    #[error("find the secret {0} in the vault")]
    NoItem(SecretId),
    /// What was read back is not what was written.
    #[error("keep the secret {0}: another value was read back")]
    NotKept(SecretId),
    /// What is kept under the id cannot be read.
    #[error("read what the vault keeps as {name}: {problem}")]
    Damaged {
        /// The name in the store.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A newer Countersign wrote it.
    #[error("read {what}: a newer version of Countersign wrote it")]
    Newer {
        /// What was to be read.
        what: String,
    },
    /// Another store is in use.
    #[error("use another store: secrets are kept in the {}", .0.name())]
    OtherStore(Keeper),
    /// What is in use has no passphrase that is taken here.
    #[error("lock or unlock the {}: only an encrypted file with a passphrase is locked and unlocked here", .0.name())]
    NoLock(Keeper),
    /// The passphrase or the key file is not the one that the encrypted file was made with.
    #[error("open the encrypted file: the passphrase or key does not fit")]
    WrongKey,
    /// The passphrase is empty.
    #[error("make the encrypted file: the passphrase is empty")]
    NoPassphrase,
    /// The system cannot keep the vault unlocked for a session.
    #[error("keep the vault unlocked: {0}")]
    NoSession(String),
    /// The program that writes to the keyring is not there.
    #[error("write to the keyring: {} is not there", path.display())]
    NoWriter {
        /// Where it should be.
        path: PathBuf,
    },
    /// The program that writes to the keyring failed.
    #[error("write to the keyring through the guard: {0}")]
    Writer(String),
    /// Another process is writing and did not end in time.
    #[error("write the vault: another process is writing it")]
    Busy,
    /// A file of the vault could not be used.
    #[error("use the file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A key file is readable by others, or is no key.
    #[error("use the key file {}: it is not a key that only you can read", path.display())]
    Unsafe {
        /// The file.
        path: PathBuf,
    },
    /// No key was made yet.
    #[error("find a key: none was made yet")]
    Missing,
    /// The system has no random numbers.
    #[error("draw random numbers")]
    Random,
}

/// Why there is no keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoKeyring {
    /// No program of this session offers one.
    NotOffered,
    /// A program offers one, and none was ever made.
    NeverMade,
    /// The only one there is forgotten when the session ends.
    SessionOnly,
    /// It did not give back what it was given.
    Forgetful,
}

impl fmt::Display for NoKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoKeyring::NotOffered => "this session has none",
            NoKeyring::NeverMade => "none was ever made for this user",
            NoKeyring::SessionOnly => "the only one is forgotten when the session ends",
            NoKeyring::Forgetful => "it did not give back what it was given",
        })
    }
}
