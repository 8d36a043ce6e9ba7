use std::collections::BTreeMap;

use countersign_guard::release::{Place, Values, Wanted, WantedError};
use countersign_model::{Binding, BoundStart, SecretId, SecretText, references};

use crate::call::Call;

/// Finds the references in an address and in headers; `None` where there is none.
pub(crate) fn find(call: &Call) -> Result<Option<Wanted>, WantedError> {
    let mut places: BTreeMap<SecretId, Place> = BTreeMap::new();
    for (name, value) in &call.headers {
        for (_, id) in references(value) {
            let place = Place::Header(name.clone());
            places.entry(id).or_insert(place);
        }
    }
    for (_, id) in references(&call.url) {
        places.entry(id).or_insert(Place::Address);
    }
    Wanted::new(places, || Some(asked(call)))
}

/// What is asked for, to compare with what each secret is bound to.
fn asked(call: &Call) -> Binding {
    Binding {
        start: BoundStart::Remote {
            url: call.url.clone(),
        },
        names: call.headers.iter().map(|(name, _)| name.clone()).collect(),
    }
}

/// Returns a text with each reference replaced by the secret that it names.
pub(crate) fn filled(text: &str, values: &Values) -> SecretText {
    let mut filled = String::new();
    let mut from = 0;
    for (place, id) in references(text) {
        if let Some(value) = values.get(&id) {
            filled.push_str(&text[from..place.start]);
            filled.push_str(value.expose("it is sent to the server"));
            from = place.end;
        }
    }
    filled.push_str(&text[from..]);
    SecretText::new(filled)
}
