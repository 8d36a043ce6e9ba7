//! Giving a reference another value, and binding what an entry refers to anew.

use countersign_model::{EntryId, SecretId, SecretText};
use countersign_vault::{Elsewhere, Held, Home, Item, VaultError};

use super::{
    carry::is_home,
    means::{Means, MoveError},
    wrapped::{Reference, Wrapped, wrapped},
};
use crate::{Inventory, install::Installed};

/// Gives a reference a value. Every entry that refers to it has it at its next start. Where the vault has
/// no such item, as on another machine, it is made for the entries that refer to it, as they are now.
///
/// # Errors
/// [`MoveError::NoReference`] where nothing refers to it.
pub fn set_value(
    means: &Means<'_>,
    inventory: &Inventory,
    installed: &Installed,
    id: SecretId,
    value: SecretText,
) -> Result<(), MoveError> {
    hold(means, inventory, installed, id, Held::Text(value))
}

/// Has a secret manager hold the value of a reference.
///
/// # Errors
/// As [`set_value`].
pub fn point_to(
    means: &Means<'_>,
    inventory: &Inventory,
    installed: &Installed,
    id: SecretId,
    elsewhere: Elsewhere,
) -> Result<(), MoveError> {
    hold(means, inventory, installed, id, Held::Elsewhere(elsewhere))
}

fn hold(
    means: &Means<'_>,
    inventory: &Inventory,
    installed: &Installed,
    id: SecretId,
    value: Held,
) -> Result<(), MoveError> {
    if !means.setup.is_own_home {
        return Err(MoveError::NotOwnHome);
    }
    let _alone = means.alone()?;
    let item = match means.vault.item(id) {
        Ok(item) => Item { value, ..item },
        Err(VaultError::NoItem(_)) => fresh(inventory, installed, id, value)?,
        Err(error) => return Err(error.into()),
    };
    Ok(means.vault.put(&item)?)
}

fn fresh(
    inventory: &Inventory,
    installed: &Installed,
    id: SecretId,
    value: Held,
) -> Result<Item, MoveError> {
    let mut homes = Vec::new();
    let mut label = None;
    for (config, entry) in inventory.entries() {
        let Some(wrapped) = wrapped(entry, installed) else {
            continue;
        };
        for reference in wrapped.references.iter().filter(|one| one.id == id) {
            label.get_or_insert_with(|| format!("{} of {}", reference.name, entry.name));
            let path = config.path.to_string_lossy();
            homes.push(home(&path, &entry.name, reference, &wrapped));
        }
    }
    let label = label.ok_or(MoveError::NoReference(id))?;
    Ok(Item {
        id,
        label,
        value,
        homes,
    })
}

fn home(path: &str, entry: &str, reference: &Reference, wrapped: &Wrapped) -> Home {
    Home {
        file: path.to_owned(),
        pointer: reference.pointer.to_string(),
        entry: entry.to_owned(),
        binding: wrapped.asked.clone(),
    }
}

/// Binds everything that an entry refers to, to what the entry asks for now.
///
/// # Errors
/// [`MoveError::NoEntry`] where the entry is not there or goes through nothing of ours;
/// [`MoveError::Vault`] with [`VaultError::NoItem`] where the vault lacks a value: nothing is bound then.
pub fn bind(
    means: &Means<'_>,
    inventory: &Inventory,
    installed: &Installed,
    entry: &EntryId,
) -> Result<(), MoveError> {
    if !means.setup.is_own_home {
        return Err(MoveError::NotOwnHome);
    }
    let _alone = means.alone()?;
    let found = inventory.entries().find(|(_, known)| known.id == *entry);
    let (config, entry) = found.ok_or(MoveError::NoEntry)?;
    let wrapped = wrapped(entry, installed).ok_or(MoveError::NoEntry)?;
    let path = config.path.to_string_lossy();
    let mut items: Vec<Item> = Vec::new();
    for reference in &wrapped.references {
        if items.iter().any(|item| item.id == reference.id) {
            continue;
        }
        let mut item = means.vault.item(reference.id)?;
        item.homes
            .retain(|home| !is_home(home, &path, entry.pointer.as_str()));
        item.homes
            .push(home(&path, &entry.name, reference, &wrapped));
        items.push(item);
    }
    for item in items {
        means.vault.put(&item)?;
    }
    Ok(())
}
