//! What the encrypted file holds: bytes under names, each with its length before it.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// Bytes of a name.
const NAME_BYTES_MAX: usize = 128;

/// Everything in the file.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Contents(pub(super) BTreeMap<String, Zeroizing<Vec<u8>>>);

pub(super) fn encode(contents: &Contents) -> Zeroizing<Vec<u8>> {
    let length = contents.0.iter();
    let length = length.map(|(name, bytes)| 2 + name.len() + 4 + bytes.len());
    // Made at its whole length: memory that is wiped must not be moved.
    let mut encoded = Zeroizing::new(Vec::with_capacity(length.sum()));
    for (name, bytes) in &contents.0 {
        let name_length = u16::try_from(name.len()).expect("names are ours and short");
        let length = u32::try_from(bytes.len()).expect("what is kept was checked to be short");
        encoded.extend_from_slice(&name_length.to_le_bytes());
        encoded.extend_from_slice(name.as_bytes());
        encoded.extend_from_slice(&length.to_le_bytes());
        encoded.extend_from_slice(bytes);
    }
    encoded
}

/// Reads contents; `None` where they are not what [`encode`] writes.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Contents> {
    let mut contents = Contents::default();
    while !bytes.is_empty() {
        let (&length, rest) = bytes.split_first_chunk()?;
        let length = usize::from(u16::from_le_bytes(length));
        let (name, rest) = rest.split_at_checked(length)?;
        let name = std::str::from_utf8(name).ok()?;
        let (&length, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(length)).ok()?;
        let (kept, rest) = rest.split_at_checked(length)?;
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        let kept = Zeroizing::new(kept.to_vec());
        if contents.0.insert(name.to_owned(), kept).is_some() {
            return None;
        }
        bytes = rest;
    }
    Some(contents)
}
