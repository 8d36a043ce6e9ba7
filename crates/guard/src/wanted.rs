use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    fmt,
};

use countersign_launch::same_name;
use countersign_model::{Binding, BoundStart, Os, SecretId, SecretText, references};

use crate::{call::Call, say::shown};

/// Secrets that one call may ask for, at most.
const SECRETS_MAX: usize = 64;

/// An environment, as the system holds it.
pub(crate) type Environment = Vec<(OsString, OsString)>;

/// Secrets by their ids.
pub type Values = BTreeMap<SecretId, SecretText>;

/// The secrets that a call asks for, and what it would use them for.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What is asked for, to compare with what each secret is bound to.
    pub asked: Binding,
    /// Each secret, with the first place where its reference stands.
    pub places: BTreeMap<SecretId, Place>,
}

/// Where a reference stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the value of a variable.
    Variable(String),
    /// In an argument, by its number from 1.
    Argument(usize),
    /// In the value of a header.
    Header(String),
    /// In the address.
    Address,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Variable(name) | Place::Header(name) => write!(f, "`{}`", shown(name)),
            Place::Argument(number) => write!(f, "argument {number}"),
            Place::Address => f.write_str("the address"),
        }
    }
}

/// Why a call cannot ask for secrets as it does.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// A reference stands in a variable that the entry does not declare.
    #[error("{0} holds a reference and is not declared with `--env`")]
    NotDeclared(Place),
    /// Nothing can be bound to what is not text.
    #[error("the program or an argument is not Unicode, which no secret is bound to")]
    NotText,
    /// A reference stands among bytes that are not text.
    #[error("{0} holds a reference and is not Unicode")]
    PlaceNotText(Place),
    /// More than anybody needs.
    #[error("more than {SECRETS_MAX} secrets are asked for")]
    TooMany,
}

/// Finds the references in a call and in the environment of its server; `None` where there is none.
pub(crate) fn find(
    os: Os,
    call: &Call,
    environment: &[(OsString, OsString)],
) -> Result<Option<Wanted>, WantedError> {
    let mut places = BTreeMap::new();
    for (name, value) in environment {
        let place = || Place::Variable(name.to_string_lossy().into_owned());
        let ids = ids(value, place)?;
        if !ids.is_empty() && !is_declared(os, name, &call.declared) {
            return Err(WantedError::NotDeclared(place()));
        }
        ids.into_iter()
            .for_each(|id| note(&mut places, id, place()));
    }
    for (number, argument) in (1..).zip(&call.arguments) {
        let place = || Place::Argument(number);
        let ids = ids(argument, place)?;
        ids.into_iter()
            .for_each(|id| note(&mut places, id, place()));
    }
    Wanted::new(places, || asked(call))
}

impl Wanted {
    /// Joins what is asked for with the places of the secrets; `None` where there are none. `asked` has
    /// nothing to say where nothing can be bound to it.
    ///
    /// # Errors
    /// [`WantedError::NotText`] or [`WantedError::TooMany`].
    pub fn new(
        places: BTreeMap<SecretId, Place>,
        asked: impl FnOnce() -> Option<Binding>,
    ) -> Result<Option<Self>, WantedError> {
        if places.is_empty() {
            return Ok(None);
        }
        if places.len() > SECRETS_MAX {
            return Err(WantedError::TooMany);
        }
        let asked = asked().ok_or(WantedError::NotText)?;
        Ok(Some(Self { asked, places }))
    }
}

/// As [`filled`]. What is not text stays as it is; a call with a reference in it was refused before.
pub(crate) fn filled_os(text: &OsStr, values: &Values) -> OsString {
    match text.to_str() {
        Some(plain) if !references(plain).is_empty() => filled(plain, values)
            .expose("it is handed to the server")
            .into(),
        _ => text.to_owned(),
    }
}

/// Returns a text with each reference replaced by the secret that it names.
///
/// What names a secret that is not there stays as it is; a call with such a reference was refused
/// before.
pub fn filled(text: &str, values: &Values) -> SecretText {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (place, id) in references(text) {
        if let Some(value) = values.get(&id) {
            pieces.push(&text[from..place.start]);
            pieces.push(value.expose("it is put in its place"));
            from = place.end;
        }
    }
    pieces.push(&text[from..]);
    // One allocation of the right size: nothing is left behind by one that grows.
    SecretText::new(pieces.concat())
}

fn ids(text: &OsStr, place: impl Fn() -> Place) -> Result<BTreeSet<SecretId>, WantedError> {
    let found = references(&text.to_string_lossy());
    if !found.is_empty() && text.to_str().is_none() {
        return Err(WantedError::PlaceNotText(place()));
    }
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

fn note(places: &mut BTreeMap<SecretId, Place>, id: SecretId, place: Place) {
    places.entry(id).or_insert(place);
}

fn is_declared(os: Os, name: &OsStr, declared: &BTreeSet<String>) -> bool {
    declared
        .iter()
        .any(|one| same_name(os, OsStr::new(one), name))
}

fn asked(call: &Call) -> Option<Binding> {
    let text = |text: &OsString| text.to_str().map(str::to_owned);
    Some(Binding {
        start: BoundStart::Command {
            program: text(&call.program)?,
            arguments: call.arguments.iter().map(text).collect::<Option<_>>()?,
        },
        names: call.declared.clone(),
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::{OsStr, OsString};

    use countersign_model::{BoundStart, GuardId, Os, SecretId, SecretText};

    use super::{Environment, Place, SECRETS_MAX, Values, WantedError, filled_os, find};
    use crate::call::Call;

    fn id(number: u8) -> SecretId {
        SecretId::from_bytes([number; 16])
    }

    fn call(declared: &[&str], arguments: &[&str]) -> Call {
        Call {
            entry: GuardId::from_bytes([9; 16]),
            declared: declared.iter().map(|&name| name.to_owned()).collect(),
            program: "npx".into(),
            arguments: arguments.iter().map(Into::into).collect(),
        }
    }

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variable = |(name, value): &(&str, &str)| (name.into(), value.into());
        variables.iter().map(variable).collect()
    }

    #[test]
    fn a_call_without_references_asks_for_nothing() {
        let variables = environment(&[("PATH", "/bin"), ("A", "countersign:none")]);
        assert_eq!(
            find(Os::Linux, &call(&["A"], &["-y"]), &variables),
            Ok(None)
        );
    }

    #[test]
    fn finds_references_in_variables_and_arguments() {
        let url = format!(
            "postgres://u:{}@h/db?k={}",
            id(1).reference(),
            id(2).reference()
        );
        let variables = environment(&[("PATH", "/bin"), ("TOKEN", &id(1).reference())]);
        let call = call(&["TOKEN"], &["-y", &url]);
        let wanted = find(Os::Linux, &call, &variables).unwrap().unwrap();
        let places: Vec<_> = wanted.places.into_iter().collect();
        assert_eq!(
            places,
            [
                (id(1), Place::Variable("TOKEN".to_owned())),
                (id(2), Place::Argument(2)),
            ]
        );
        assert_eq!(wanted.asked.names, call.declared);
        assert_eq!(
            wanted.asked.start,
            BoundStart::Command {
                program: "npx".to_owned(),
                arguments: vec!["-y".to_owned(), url],
            }
        );
    }

    #[test]
    fn refuses_a_reference_in_what_is_not_declared() {
        let variables = environment(&[("HTTP_PROXY", &id(1).reference())]);
        let place = Place::Variable("HTTP_PROXY".to_owned());
        let found = find(Os::Linux, &call(&["http_proxy"], &[]), &variables);
        assert_eq!(found, Err(WantedError::NotDeclared(place)));
        assert!(find(Os::Windows, &call(&["http_proxy"], &[]), &variables).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn refuses_references_beside_what_is_not_text() {
        use std::os::unix::ffi::OsStringExt;
        let odd = OsString::from_vec(vec![0xff]);
        let mut plain = call(&[], &["x"]);
        plain.arguments.push(odd.clone());
        assert_eq!(find(Os::Linux, &plain, &[]), Ok(None));
        let mut asking = call(&[], &[&id(1).reference()]);
        asking.arguments.push(odd.clone());
        assert_eq!(find(Os::Linux, &asking, &[]), Err(WantedError::NotText));
        let mut value = odd;
        value.push(id(1).reference());
        let found = find(Os::Linux, &call(&["A"], &[]), &[("A".into(), value)]);
        let place = Place::Variable("A".to_owned());
        assert_eq!(found, Err(WantedError::PlaceNotText(place)));
    }

    #[test]
    fn the_number_of_secrets_is_bounded() {
        let references = |count: u8| (0..count).map(|number| id(number).reference());
        let ask = |count| {
            let arguments: Vec<_> = references(count).collect();
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            find(Os::Linux, &call(&[], &arguments), &[])
        };
        let most = u8::try_from(SECRETS_MAX).unwrap();
        assert!(ask(most).is_ok());
        assert_eq!(ask(most + 1), Err(WantedError::TooMany));
    }

    #[test]
    fn puts_secrets_in_the_place_of_their_references() {
        let values = Values::from([
            (id(1), SecretText::new("one".to_owned())),
            (id(2), SecretText::new(id(1).reference())),
        ]);
        let check = |text: &str, expect: &str| {
            assert_eq!(
                filled_os(OsStr::new(text), &values),
                OsStr::new(expect),
                "{text}"
            );
        };
        let (one, two, three) = (id(1).reference(), id(2).reference(), id(3).reference());
        check("plain", "plain");
        check(&one, "one");
        check(&format!("Bearer {one}, {one}!"), "Bearer one, one!");
        // What a secret says is not read again.
        check(&format!("{two}/{one}"), &format!("{one}/one"));
        check(&format!("{three} {one}"), &format!("{three} one"));
    }
}
