//! The vault as it is looked at: nothing is written, and nothing is asked of the user.

use std::collections::HashMap;

use countersign_model::{SecretId, SecretText};
use countersign_store::{FileState, MoveState};
use countersign_vault::{Item, NoKeyring, Vault, VaultError, harden_process};

use super::record;
use crate::{Setup, json::VaultView};

/// Shows which store is in use, and how it is.
pub fn vault_view(setup: &Setup) -> VaultView {
    Shelf::open(setup).view()
}

/// The vault, as far as it answers.
pub(super) struct Shelf {
    vault: Option<Vault>,
    problem: Option<VaultError>,
    keeper: &'static str,
    /// Values as they stood in plain text, by item.
    pub(super) moved: HashMap<SecretId, SecretText>,
}

impl Shelf {
    pub(super) fn open(setup: &Setup) -> Self {
        harden_process();
        let opened = Vault::open(&setup.data_folder);
        let (vault, problem) = match opened {
            Ok(vault) => {
                // Nothing is kept under it: an answer shows that the store is there and open.
                let problem = match vault.item(SecretId::from_bytes([0; 16])) {
                    Ok(_) | Err(VaultError::NoItem(_)) => None,
                    Err(problem) => Some(problem),
                };
                (Some(vault), problem)
            }
            Err(problem) => (None, Some(problem)),
        };
        let mut shelf = Self {
            keeper: vault.as_ref().map_or("", |vault| vault.keeper().name()),
            vault: vault.filter(|_| problem.is_none()),
            problem,
            moved: HashMap::new(),
        };
        if let Some(vault) = &shelf.vault {
            shelf.moved = moved(setup, vault);
        }
        shelf
    }

    pub(super) fn view(&self) -> VaultView {
        let state = match &self.problem {
            None => "ready",
            Some(VaultError::NoKeyring(_)) => "none",
            Some(VaultError::Locked | VaultError::NoAnswer) => "locked",
            Some(VaultError::Denied) => "denied",
            Some(_) => "failed",
        };
        let problem = self.problem.as_ref().map(|problem| match problem {
            VaultError::NoKeyring(NoKeyring::NotOffered) => {
                "This session has no keyring.".to_owned()
            }
            problem => format!("Failed to {problem}."),
        });
        VaultView {
            state: state.to_owned(),
            keeper: self.keeper.to_owned(),
            problem,
        }
    }

    pub(super) fn item(&self, id: SecretId) -> Option<Result<Item, VaultError>> {
        Some(self.vault.as_ref()?.item(id))
    }
}

/// Returns the values of all moves that were not undone, as they stood in plain text.
fn moved(setup: &Setup, vault: &Vault) -> HashMap<SecretId, SecretText> {
    let rows = setup.store.moves().unwrap_or_default();
    let done = rows.into_iter().filter(|row| row.state == MoveState::Done);
    let files = done.flat_map(|row| setup.store.move_files(row.id).unwrap_or_default());
    let open = files.filter(|file| file.state != FileState::Restored);
    let raws = open.filter_map(|file| SecretId::parse(&file.raw));
    let kept = raws.filter_map(|raw| record::Kept::from_text(&vault.raw(raw).ok()?));
    kept.flat_map(|kept| kept.values).collect()
}
