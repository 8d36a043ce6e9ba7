//! Having the vault release secrets for what they are bound to, and for nothing else.

use std::ffi::OsString;

use countersign_model::{Difference, SecretId};
use countersign_vault::{ANSWER_TIME, ElsewhereError, Held, Item, Vault, VaultError, resolve};

pub use crate::wanted::{Place, Values, Wanted, WantedError, filled};

/// Why a secret is not released.
#[derive(Debug)]
pub struct ReleaseError {
    /// Which.
    pub id: SecretId,
    /// Where its reference stands.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

/// Why a secret is not released.
#[derive(Debug)]
pub enum Reason {
    /// The vault does not give it.
    Vault(VaultError),
    /// What was asked for is not what it is bound to; empty where it is bound to nothing.
    Mismatch(Vec<Difference>),
    /// The secret manager that has it does not give it.
    Elsewhere(ElsewhereError),
    /// It is an empty text.
    Empty,
    /// It holds a zero byte, which neither a variable nor an argument can.
    Zero,
}

/// Has the vault release what a call asks for: all of it, or nothing.
///
/// `environment` is what secret managers' programs get. Nothing is asked of them before every secret
/// was found to be bound to this call.
///
/// # Errors
/// [`ReleaseError`] of the first secret that is not released.
pub fn release(
    wanted: &Wanted,
    vault: &Vault,
    environment: &[(OsString, OsString)],
) -> Result<Values, ReleaseError> {
    let mut bound = Vec::with_capacity(wanted.places.len());
    for (id, place) in &wanted.places {
        let item = item(*id, wanted, vault).map_err(error(*id, place))?;
        bound.push((*id, place, item));
    }
    let mut values = Values::new();
    for (id, place, item) in bound {
        let value = match item.value {
            Held::Text(text) => Ok(text),
            Held::Elsewhere(elsewhere) => {
                resolve(&elsewhere, environment, ANSWER_TIME).map_err(Reason::Elsewhere)
            }
        };
        let value = value.map_err(error(id, place))?;
        if value.is_empty() {
            return Err(error(id, place)(Reason::Empty));
        }
        if value.expose("it is looked for a zero byte").contains('\0') {
            return Err(error(id, place)(Reason::Zero));
        }
        values.insert(id, value);
    }
    Ok(values)
}

/// Returns an item that is bound to what is asked for.
fn item(id: SecretId, wanted: &Wanted, vault: &Vault) -> Result<Item, Reason> {
    let item = vault.item(id).map_err(Reason::Vault)?;
    let homes = item.homes.iter();
    let closest = homes
        .map(|home| home.binding.differences(&wanted.asked))
        .min_by_key(Vec::len);
    match closest {
        Some(differences) if differences.is_empty() => Ok(item),
        differences => Err(Reason::Mismatch(differences.unwrap_or_default())),
    }
}

fn error(id: SecretId, place: &Place) -> impl Fn(Reason) -> ReleaseError {
    move |reason| ReleaseError {
        id,
        place: place.clone(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use countersign_model::{Binding, BoundStart, Difference, SecretId, SecretText};
    use countersign_vault::{Held, Home, Item, Vault, VaultError};

    use super::{Reason, release};
    use crate::wanted::{Place, Wanted};

    const ONE: SecretId = SecretId::from_bytes([1; 16]);
    const TWO: SecretId = SecretId::from_bytes([2; 16]);

    fn binding(program: &str) -> Binding {
        Binding {
            start: BoundStart::Command {
                program: program.to_owned(),
                arguments: Vec::new(),
            },
            names: BTreeSet::from(["A".to_owned()]),
        }
    }

    fn vault(items: &[(SecretId, &str, &[&str])]) -> Vault {
        let vault = Vault::in_memory();
        for (id, value, programs) in items {
            let home = |program: &&str| Home {
                file: "/home/dev/mcp.json".to_owned(),
                pointer: "/servers/x".to_owned(),
                entry: "x".to_owned(),
                binding: binding(program),
            };
            let item = Item {
                id: *id,
                label: "A of x".to_owned(),
                value: Held::Text(SecretText::new((*value).to_owned())),
                homes: programs.iter().map(home).collect(),
            };
            vault.put(&item).unwrap();
        }
        vault
    }

    fn wanted(ids: &[SecretId]) -> Wanted {
        let place = |id: &SecretId| (*id, Place::Variable("A".to_owned()));
        Wanted {
            asked: binding("npx"),
            places: ids.iter().map(place).collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn releases_what_is_bound_to_the_call() {
        let vault = vault(&[(ONE, "value", &["node", "npx"]), (TWO, "other", &["npx"])]);
        let values = release(&wanted(&[ONE, TWO]), &vault, &[]).unwrap();
        let plain: Vec<_> = values
            .values()
            .map(|value| value.expose("a test"))
            .collect();
        assert_eq!(plain, ["value", "other"]);
    }

    #[test]
    fn tells_the_differences_of_the_closest_home() {
        let vault = vault(&[(ONE, "value", &["node"])]);
        let mut far = vault.item(ONE).unwrap();
        let mut home = far.homes[0].clone();
        home.binding.names.clear();
        far.homes.insert(0, home);
        vault.put(&far).unwrap();
        let error = release(&wanted(&[ONE]), &vault, &[]).unwrap_err();
        let Reason::Mismatch(differences) = error.reason else {
            unreachable!("it is bound to something else");
        };
        let expect = Difference::Program {
            bound: "node".to_owned(),
            asked: "npx".to_owned(),
        };
        assert_eq!(differences, [expect]);
    }

    #[test]
    fn releases_all_or_nothing() {
        let vault = vault(&[(ONE, "value", &["npx"]), (TWO, "other", &[])]);
        let error = release(&wanted(&[ONE, TWO]), &vault, &[]).unwrap_err();
        assert_eq!(error.id, TWO);
        assert!(matches!(error.reason, Reason::Mismatch(none) if none.is_empty()));
        vault.remove(ONE).unwrap();
        let error = release(&wanted(&[ONE, TWO]), &vault, &[]).unwrap_err();
        assert!(matches!(
            error.reason,
            Reason::Vault(VaultError::NoItem(ONE))
        ));
    }

    #[test]
    fn releases_no_value_that_a_server_could_not_get() {
        let check = |value: &str| {
            let vault = vault(&[(ONE, value, &["npx"])]);
            release(&wanted(&[ONE]), &vault, &[]).unwrap_err().reason
        };
        assert!(matches!(check(""), Reason::Empty));
        assert!(matches!(check("a\0b"), Reason::Zero));
    }
}
