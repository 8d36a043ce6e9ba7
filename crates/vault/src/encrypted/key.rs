use argon2::{Algorithm, Argon2, Block, Params, Version};
use countersign_model::SecretText;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::VaultError;

/// Most memory that a file may ask for: 1 GiB.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Most passes that a file may ask for.
const PASSES_MAX: u32 = 10;
/// Most lanes that a file may ask for.
const LANES_MAX: u32 = 8;

/// What deriving a key from a passphrase costs (argon2id).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

impl Cost {
    /// The cost of a new file. The second recommendation of RFC 9106 (section 4): 64 MiB, three passes;
    /// with one lane, because one thread does the work.
    pub(super) const USUAL: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// Returns whether a file may ask for it. A file may come from anywhere: it must not be able to
    /// take all memory.
    pub(super) fn is_bounded(self) -> bool {
        let lanes = 1..=LANES_MAX;
        let passes = 1..=PASSES_MAX;
        let memory = 8 * self.lanes.min(LANES_MAX)..=MEMORY_KIB_MAX;
        lanes.contains(&self.lanes)
            && passes.contains(&self.passes)
            && memory.contains(&self.memory_kib)
    }
}

/// The key of an encrypted file. Wiped when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(super) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// Derives the key from a passphrase.
    pub(super) fn from_passphrase(
        passphrase: &SecretText,
        salt: &[u8; 16],
        cost: Cost,
    ) -> Result<Self, VaultError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
            .expect("a cost in bounds is one that argon2 takes");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut memory = Vec::new();
        // Asked for first, so that too little memory is an error and no abort.
        memory
            .try_reserve_exact(params.block_count())
            .map_err(|_| VaultError::NoRoom("too little memory to derive the key".to_owned()))?;
        memory.resize(params.block_count(), Block::default());
        let mut key = Zeroizing::new([0; 32]);
        let passphrase = passphrase.expose("the key is derived from it").as_bytes();
        argon2
            .hash_password_into_with_memory(passphrase, salt, &mut *key, &mut memory)
            .map_err(|_| VaultError::WrongKey)?;
        memory.zeroize();
        Ok(Self(key))
    }

    /// Derives the key from the bytes of a key file, so that two files never share one.
    pub(super) fn from_key_file(bytes: &[u8; 32], salt: &[u8; 16]) -> Self {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(bytes).expect("HMAC takes a key of any length");
        mac.update(b"countersign vault 1");
        mac.update(salt);
        Self(Zeroizing::new(mac.finalize().into_bytes().into()))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}
