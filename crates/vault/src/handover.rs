//! Items that a program writes for another: a keychain lets the program that wrote an item read it
//! without asking, so what the guard is to read is written by the guard.
//!
//! An item goes over a pipe to the program's standard input: the 32 digits of its id, its length as four
//! bytes, most significant first, and the item as the vault writes it; a length of zero removes it. The
//! answer is one line: a word, and what is to be said.

mod answer;
mod program;

use std::{io::Read, path::PathBuf};

use countersign_model::SecretId;
use zeroize::Zeroizing;

use crate::{
    Keeper, Vault, VaultError,
    codec::{self, ITEM_BYTES_MAX},
};

pub use answer::{Taken, answer};
pub(crate) use program::hand_over;

/// The argument by which a program is asked to take an item in.
pub const KEEP: &str = "--keep";

/// Digits of an id.
const ID_DIGITS: usize = 32;

/// Who writes the items that entries refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Writer {
    /// The process that asks for it.
    #[default]
    OwnProcess,
    /// A program with an absolute path, which understands [`KEEP`].
    Program(PathBuf),
}

/// Why an item was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// What was handed over is no item.
    #[error("read the item that was handed over: {0}")]
    Record(&'static str),
    /// The vault did not keep or remove it.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Reads one item to the end of input and keeps it in the keyring, or removes it, as it says. What is kept
/// was read back.
///
/// # Errors
/// [`TakeInError`]; then nothing is kept halfway.
pub fn take_in(
    input: impl Read,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> Result<Taken, TakeInError> {
    let (id, bytes) = record(input)?;
    let item = match bytes.is_empty() {
        true => None,
        false => Some(codec::decode(id, &bytes)?),
    };
    let vault = open()?;
    if vault.keeper() == Keeper::Memory || vault.keeper() == Keeper::Keyring {
        return match item {
            Some(item) => vault.put(&item).map(|()| Taken::Kept),
            None => vault.remove(id).map(|()| Taken::Removed),
        }
        .map_err(TakeInError::from);
    }
    Err(VaultError::OtherStore(vault.keeper()).into())
}

/// Reads what was handed over, into memory that is wiped and never moved.
fn record(mut input: impl Read) -> Result<(SecretId, Zeroizing<Vec<u8>>), TakeInError> {
    let short = |_| TakeInError::Record("it ends too early");
    let (mut id, mut length) = ([0; ID_DIGITS], [0; 4]);
    input.read_exact(&mut id).map_err(short)?;
    input.read_exact(&mut length).map_err(short)?;
    let id = std::str::from_utf8(&id).ok().and_then(SecretId::parse);
    let id = id.ok_or(TakeInError::Record("it has no id"))?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > ITEM_BYTES_MAX {
        return Err(TakeInError::Record("it is too long"));
    }
    let mut bytes = Zeroizing::new(vec![0; length]);
    input.read_exact(&mut bytes).map_err(short)?;
    match input.read(&mut [0]) {
        Ok(0) => Ok((id, bytes)),
        _ => Err(TakeInError::Record("it does not end where it should")),
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::{SecretId, SecretText};

    use super::{TakeInError, Taken, answer::parsed, program::head, record, take_in};
    use crate::{Held, Item, Vault, VaultError, codec};

    const ID: SecretId = SecretId::from_bytes([7; 16]);

    fn handed(bytes: &[u8]) -> Vec<u8> {
        [&head(ID, bytes)[..], bytes].concat()
    }

    fn encoded(id: SecretId) -> Vec<u8> {
        let item = Item {
            id,
            label: "TOKEN of a".to_owned(),
            value: Held::Text(SecretText::new("hunter2".to_owned())),
            homes: Vec::new(),
        };
        codec::encode(&item).expect("is written").to_vec()
    }

    #[test]
    fn an_item_is_kept_and_an_empty_one_removed() {
        let vault = Vault::in_memory();
        let taken = take_in(&handed(&encoded(ID))[..], || Ok(vault)).expect("is kept");
        assert_eq!(taken, Taken::Kept);
        let taken = take_in(&handed(&[])[..], || Ok(Vault::in_memory())).expect("is removed");
        assert_eq!(taken, Taken::Removed);
    }

    #[test]
    fn what_is_no_whole_item_opens_no_vault() {
        let whole = handed(&encoded(ID));
        for length in 0..whole.len() {
            let refused = take_in(&whole[..length], || unreachable!("it is refused before"));
            assert!(
                matches!(refused, Err(TakeInError::Record(_))),
                "{length} bytes"
            );
        }
        let long = [&whole[..], b"x"].concat();
        let huge = [ID.hex().as_bytes(), &[0xff; 4]].concat();
        let no_id = [&b"G".repeat(32)[..], &[0; 4]].concat();
        for bytes in [long, huge, no_id] {
            assert!(matches!(record(&bytes[..]), Err(TakeInError::Record(_))));
        }
        for bytes in [b"no JSON".to_vec(), encoded(SecretId::from_bytes([8; 16]))] {
            let refused = take_in(&handed(&bytes)[..], || unreachable!("it is refused before"));
            assert!(matches!(
                refused,
                Err(TakeInError::Vault(VaultError::Damaged { .. }))
            ));
        }
    }

    #[test]
    fn a_refusal_says_nothing_of_the_value() {
        let bytes = encoded(SecretId::from_bytes([8; 16]));
        let refused = take_in(&handed(&bytes)[..], || Ok(Vault::in_memory()));
        let said = super::answer(&refused);
        assert!(said.starts_with("damaged "), "{said}");
        assert!(!said.contains("hunter2"));
        assert!(parsed(said.as_bytes(), ID).is_err());
    }
}
