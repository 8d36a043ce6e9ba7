//! The head of the encrypted file, which is readable and authenticated.
//!
//! | bytes | hold |
//! |---|---|
//! | 16 | `countersignvault` |
//! | 1 | version: 1 |
//! | 1 | how it is unlocked: 1 passphrase, 2 key file |
//! | 2 | length of the key file's path; 0 for a passphrase |
//! | 4, 4, 4 | argon2id: KiB of memory, passes, lanes; 0 for a key file |
//! | 16 | salt |
//! | 24 | nonce |
//! | … | the key file's path, UTF-8 |
//!
//! Numbers are little-endian.

use super::{FILE_NAME, damaged, key::Cost};
use crate::VaultError;

const MAGIC: &[u8; 16] = b"countersignvault";
const VERSION: u8 = 1;
const PASSPHRASE: u8 = 1;
const KEY_FILE: u8 = 2;

/// Bytes of a key file's path.
pub(super) const PATH_BYTES_MAX: usize = 4096;

/// What stands before the secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) unlocking: Unlocking,
    pub(super) salt: [u8; 16],
    pub(super) nonce: [u8; 24],
}

/// Where the key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unlocking {
    Passphrase(Cost),
    KeyFile(String),
}

pub(super) fn encode(head: &Head) -> Vec<u8> {
    let (how, cost, path) = match &head.unlocking {
        Unlocking::Passphrase(cost) => (PASSPHRASE, [cost.memory_kib, cost.passes, cost.lanes], ""),
        Unlocking::KeyFile(path) => (KEY_FILE, [0; 3], path.as_str()),
    };
    let length = u16::try_from(path.len()).expect("a path was checked to be short");
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&[VERSION, how]);
    bytes.extend_from_slice(&length.to_le_bytes());
    for number in cost {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(&head.salt);
    bytes.extend_from_slice(&head.nonce);
    bytes.extend_from_slice(path.as_bytes());
    bytes
}

/// Reads the head, with every number in bounds; returns it and what follows.
pub(super) fn decode(bytes: &[u8]) -> Result<(Head, &[u8]), VaultError> {
    let short = || damaged("it is too short");
    let (magic, rest) = bytes.split_first_chunk().ok_or_else(short)?;
    if magic != MAGIC {
        return Err(damaged("it is no vault of Countersign"));
    }
    let (&[version, how], rest) = rest.split_first_chunk().ok_or_else(short)?;
    if version > VERSION {
        return Err(VaultError::Newer {
            what: format!("the file {FILE_NAME}"),
        });
    }
    let (&length, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (&memory, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (&passes, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (&lanes, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (&salt, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (&nonce, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let length = usize::from(u16::from_le_bytes(length));
    let (path, rest) = rest.split_at_checked(length).ok_or_else(short)?;
    let cost = Cost {
        memory_kib: u32::from_le_bytes(memory),
        passes: u32::from_le_bytes(passes),
        lanes: u32::from_le_bytes(lanes),
    };
    let unlocking = match how {
        PASSPHRASE if path.is_empty() && cost.is_bounded() => Unlocking::Passphrase(cost),
        PASSPHRASE => return Err(damaged("its key is derived in a way that is not allowed")),
        KEY_FILE if length > 0 && length <= PATH_BYTES_MAX => std::str::from_utf8(path)
            .map(|path| Unlocking::KeyFile(path.to_owned()))
            .map_err(|_| damaged("it names no key file"))?,
        _ => return Err(damaged("it does not say what unlocks it")),
    };
    let head = Head {
        unlocking,
        salt,
        nonce,
    };
    Ok((head, rest))
}
