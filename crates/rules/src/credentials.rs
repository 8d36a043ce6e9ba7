//! The credentials of entries: where they stand, who sees them, and where they stand again.

use std::collections::HashMap;

use countersign_model::{Config, Credential, Entry, EntryId, Nature, Pointer, Position, Start};

use crate::look::{EntryLook, READ};

/// Why a rule reads a value: it is compared and never told.
const WHY: &str = "compared with other credentials, in memory only";

/// A credential of an entry.
#[derive(Clone, Debug)]
pub(crate) struct Held<'scan> {
    /// What it is.
    pub(crate) credential: &'scan Credential,
    /// What holds it, in words: "`TOKEN`", "an argument".
    pub(crate) holder: String,
    /// Where the value stands.
    pub(crate) pointer: &'scan Pointer,
    /// Where it starts.
    pub(crate) position: Position,
    /// Whether it stands in the address of a remote server.
    pub(crate) is_in_address: bool,
    text: &'scan str,
}

/// Returns the credentials of an entry, in the order of its members.
pub(crate) fn of(entry: &Entry) -> Vec<Held<'_>> {
    let mut held = Vec::new();
    let settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings);
    for setting in settings {
        held.extend(one(
            &setting.nature,
            setting.value.expose(WHY),
            |credential, text| Held {
                credential,
                holder: format!("`{}`", setting.name),
                pointer: &setting.pointer,
                position: setting.position,
                is_in_address: false,
                text,
            },
        ));
    }
    match &entry.start {
        Start::Command(command) => {
            for (token, pointer) in command.tokens().zip(&command.places) {
                held.extend(one(
                    token.nature(),
                    token.expose(WHY),
                    |credential, text| Held {
                        credential,
                        holder: "an argument".to_owned(),
                        pointer,
                        position: entry.position,
                        is_in_address: false,
                        text,
                    },
                ));
            }
        }
        Start::Remote(address) => {
            held.extend(one(
                address.nature(),
                address.expose(WHY),
                |credential, text| Held {
                    credential,
                    holder: "the address".to_owned(),
                    pointer: address.pointer(),
                    position: entry.position,
                    is_in_address: true,
                    text,
                },
            ));
        }
        Start::BuiltIn(_) | Start::Missing => {}
    }
    held
}

fn one<'scan>(
    nature: &'scan Nature,
    text: &'scan str,
    make: impl FnOnce(&'scan Credential, &'scan str) -> Held<'scan>,
) -> Option<Held<'scan>> {
    let Nature::Credential(credential) = nature else {
        return None;
    };
    Some(make(credential, text.get(credential.span.clone())?))
}

/// Who may read a config besides its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// Whoever gets a copy of the repository.
    Tracked,
    /// Every user of the machine.
    Readable,
    /// Nobody else.
    Private,
}

/// Returns who may read an entry's config besides its user: of several, whoever is the furthest away.
pub(crate) fn exposure(look: &EntryLook<'_>) -> Exposure {
    if look.scene.tracked.contains(&look.config.id) {
        Exposure::Tracked
    } else if look.config_look().lets_others(READ) {
        Exposure::Readable
    } else {
        Exposure::Private
    }
}

/// Which credentials stand in several places. Values are compared as they are; nothing is kept of them.
#[derive(Debug, Default)]
pub struct Repeats<'scan> {
    places: HashMap<&'scan str, Vec<Repeat<'scan>>>,
}

#[derive(Debug)]
struct Repeat<'scan> {
    entry: &'scan EntryId,
    pointer: &'scan Pointer,
    words: String,
}

impl<'scan> Repeats<'scan> {
    /// Compares the credentials of every entry. `home` is left out of the paths that are told.
    pub fn of(configs: &'scan [Config], home: &str) -> Self {
        let mut places: HashMap<&str, Vec<Repeat<'_>>> = HashMap::new();
        for config in configs {
            let path = config.path.to_string_lossy();
            let path = match path.strip_prefix(home) {
                Some(rest) if rest.starts_with(['/', '\\']) => format!("~{rest}"),
                _ => path.into_owned(),
            };
            for entry in &config.entries {
                for held in of(entry) {
                    places.entry(held.text).or_default().push(Repeat {
                        entry: &entry.id,
                        pointer: held.pointer,
                        words: format!("{} of `{}` in {path}", held.holder, entry.name),
                    });
                }
            }
        }
        places.retain(|_, places| places.len() > 1);
        Self { places }
    }

    /// Returns in words where else a credential stands; `None` where it stands once.
    pub(crate) fn elsewhere(&self, entry: &EntryId, held: &Held<'_>) -> Option<String> {
        let others: Vec<&Repeat<'_>> = self
            .places
            .get(held.text)?
            .iter()
            .filter(|place| place.entry != entry || place.pointer != held.pointer)
            .collect();
        let first = others.first()?;
        Some(match others.len() - 1 {
            0 => first.words.clone(),
            1 => format!("{} and one more place", first.words),
            more => format!("{} and {more} more places", first.words),
        })
    }
}
