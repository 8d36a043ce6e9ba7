use std::{fmt, ops::Range};

/// What stands before the digits of a reference.
const PREFIX: &str = "countersign:";

/// Digits of an id.
const DIGITS: usize = 32;

/// The id of an item in the vault: 128 random bits. It says nothing about what it names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretId([u8; 16]);

impl SecretId {
    /// Wraps 16 random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads 32 lowercase hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        if digits.len() != DIGITS || !digits.bytes().all(is_digit) {
            return None;
        }
        let mut bytes = [0; 16];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// Returns 32 lowercase hexadecimal digits.
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Returns what stands in a config in the place of the secret: `countersign:` and the digits.
    pub fn reference(&self) -> String {
        format!("{PREFIX}{}", self.hex())
    }
}

impl fmt::Debug for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reference())
    }
}

impl fmt::Display for SecretId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// The id under which a guarded entry is known to policy, log and undo: 128 random bits. Nothing is
/// trusted because of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GuardId(SecretId);

impl GuardId {
    /// Wraps 16 random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(SecretId::from_bytes(bytes))
    }

    /// Reads 32 lowercase hexadecimal digits.
    pub fn parse(digits: &str) -> Option<Self> {
        SecretId::parse(digits).map(Self)
    }
}

impl fmt::Debug for GuardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for GuardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Returns the references in a text, in order, with their bytes.
///
/// A reference is `countersign:` and 32 lowercase hexadecimal digits with no further digit after
/// them; anything else that starts so is ordinary text.
pub fn references(text: &str) -> Vec<(Range<usize>, SecretId)> {
    text.match_indices(PREFIX)
        .filter_map(|(start, _)| {
            let end = start + PREFIX.len() + DIGITS;
            let id = SecretId::parse(text.get(start + PREFIX.len()..end)?)?;
            let is_longer = text.as_bytes().get(end).is_some_and(|byte| is_digit(*byte));
            (!is_longer).then_some((start..end, id))
        })
        .collect()
}

const fn is_digit(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::{GuardId, SecretId, references};

    #[test]
    fn a_reference_names_its_item() {
        let id = SecretId::from_bytes([0xab; 16]);
        let text = format!("Bearer {}", id.reference());
        assert_eq!(references(&text), [(7..text.len(), id)]);
        assert_eq!(SecretId::parse(&id.hex()), Some(id));
        assert_eq!(
            GuardId::parse(&id.hex()),
            Some(GuardId::from_bytes([0xab; 16]))
        );
    }

    #[test]
    fn what_only_starts_like_a_reference_is_text() {
        let digits = "0".repeat(32);
        for text in [
            "countersign:".to_owned(),
            "countersign:0123".to_owned(),
            format!("countersign:{}", "A".repeat(32)),
            format!("countersign:{digits}0"),
            format!("countersign:{}é", &digits[..31]),
        ] {
            assert_eq!(references(&text), [], "{text}");
        }
        let two = format!("countersign:{digits}/countersign:{digits}");
        assert_eq!(references(&two).len(), 2);
    }
}
