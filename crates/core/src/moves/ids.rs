//! Ids for what goes into the vault.

use countersign_model::{GuardId, SecretId, SecretText};
use countersign_vault::VaultError;

/// Draws ids, and gives equal values the same one where they are to be joined.
pub(super) struct Ids {
    joins: bool,
    known: Vec<(SecretText, SecretId)>,
    failure: Option<VaultError>,
}

impl Ids {
    pub(super) fn new(joins: bool) -> Self {
        Self {
            joins,
            known: Vec::new(),
            failure: None,
        }
    }

    /// Returns the id under which a value is kept.
    pub(super) fn of(&mut self, value: &SecretText) -> SecretId {
        if self.joins {
            let same = self.known.iter().find(|(known, _)| known == value);
            if let Some((_, id)) = same {
                return *id;
            }
        }
        let id = SecretId::from_bytes(self.draw());
        if self.joins {
            self.known.push((value.clone(), id));
        }
        id
    }

    /// Returns an id for an entry.
    pub(super) fn guard(&mut self) -> GuardId {
        GuardId::from_bytes(self.draw())
    }

    /// Ends the drawing.
    ///
    /// # Errors
    /// [`VaultError::Random`] where any id could not be drawn.
    pub(super) fn finish(self) -> Result<(), VaultError> {
        self.failure.map_or(Ok(()), Err)
    }

    fn draw(&mut self) -> [u8; 16] {
        countersign_vault::random_bytes().unwrap_or_else(|failure| {
            self.failure = Some(failure);
            [0; 16]
        })
    }
}
