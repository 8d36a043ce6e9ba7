//! From an entry to a server that may be asked: with the secrets in their places, or not at all.

use std::{collections::BTreeMap, ffi::OsString};

use countersign_guard::{
    refuse::{Exit, Refusal},
    release::{Place, Values, Wanted, WantedError, filled, release},
    shown,
};
use countersign_launch::is_loader;
use countersign_model::{Bridged, Os, SecretText, references};
use countersign_probe::{Asked, Target, TargetError};
use countersign_vault::{Vault, VaultError};

/// Puts secrets in their places. The address is looked at before any secret is asked for.
pub(crate) fn target(
    bridged: &Bridged,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    open: impl FnOnce() -> Result<Vault, VaultError>,
) -> Result<Target, Refusal> {
    let unfilled = asked(bridged, Values::new()).map_err(|error| misspelled(&error))?;
    let wanted = wanted(bridged).map_err(|error| Refusal::wanted(&error, bridged.id))?;
    let Some(wanted) = wanted else {
        return Ok(unfilled);
    };
    let vault = open().map_err(|error| Refusal::open(&error))?;
    let values = release(&wanted, &vault, &users_own(environment))
        .map_err(|error| Refusal::release(&error, bridged.id))?;
    asked(bridged, values).map_err(|error| unfit(&error))
}

/// Finds the references in headers and address; `None` where there is none.
fn wanted(bridged: &Bridged) -> Result<Option<Wanted>, WantedError> {
    let mut places = BTreeMap::new();
    for (name, value) in bridged.named_headers() {
        for (_, id) in references(value) {
            let place = || Place::Header(name.to_owned());
            places.entry(id).or_insert_with(place);
        }
    }
    for (_, id) in references(&bridged.url) {
        places.entry(id).or_insert(Place::Address);
    }
    Wanted::new(places, || Some(bridged.binding()))
}

/// The environment of secret managers' programs, without what makes them load other code.
fn users_own(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let os = Os::current();
    environment
        .into_iter()
        .filter(|(name, _)| !is_loader(os, name))
        .collect()
}

fn asked(bridged: &Bridged, values: Values) -> Result<Target, TargetError> {
    let headers: Vec<(String, SecretText)> = bridged
        .named_headers()
        .map(|(name, value)| (name.to_owned(), filled(value, &values)))
        .collect();
    Target::new(Asked {
        written: &bridged.url,
        address: &filled(&bridged.url, &values),
        headers: &headers,
        secrets: values.into_values().collect(),
    })
}

fn misspelled(error: &TargetError) -> Refusal {
    Refusal {
        exit: Exit::Usage,
        what: format!("failed to {}", shown(&error.to_string())),
        advice: "Correct the entry.".to_owned(),
    }
}

/// Without the secrets it was fit, so it is their values that are not.
fn unfit(error: &TargetError) -> Refusal {
    Refusal {
        exit: Exit::Vault,
        what: format!("failed to {}", shown(&error.to_string())),
        advice: "Give the credential its right value with `countersign secrets set`.".to_owned(),
    }
}
