/// Where keys and secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The system's keyring.
    Keyring,
    /// A file in the data folder, readable by this user: the key that seals decisions alone.
    File,
    /// The encrypted file in the data folder.
    EncryptedFile {
        /// What opens it.
        unlocked_by: UnlockedBy,
    },
    /// This process' memory, in tests.
    Memory,
}

/// What opens the encrypted file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlockedBy {
    /// A passphrase, asked for once a session.
    Passphrase,
    /// A key file.
    KeyFile,
}

impl Keeper {
    /// Returns the name used in output.
    pub const fn name(self) -> &'static str {
        match self {
            Keeper::Keyring => "keyring",
            Keeper::File => "key file",
            Keeper::EncryptedFile {
                unlocked_by: UnlockedBy::Passphrase,
            } => "encrypted file (passphrase)",
            Keeper::EncryptedFile {
                unlocked_by: UnlockedBy::KeyFile,
            } => "encrypted file (key file)",
            Keeper::Memory => "memory",
        }
    }
}
