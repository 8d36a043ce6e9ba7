//! Entries that go through guard or bridge: what they ask for, by which references.

use countersign_model::{
    Binding, Bridged, Command, Entry, GuardId, Pointer, SecretId, Start, references,
};

use super::{
    edits::command_binding,
    guarded,
    spot::{SpotKind, flag},
};
use crate::install::Installed;

/// Why tokens are read here.
const WHY: &str = "references are no secrets";

/// An entry that goes through guard or bridge.
#[derive(Clone, Debug)]
pub struct Wrapped {
    /// The id by which guard and bridge name it.
    pub guard: GuardId,
    /// Through what it goes.
    pub through: Through,
    /// What it asks for, to compare with what values are bound to.
    pub asked: Binding,
    /// Its references, in the order of variables and tokens.
    pub references: Vec<Reference>,
}

/// Through what an entry goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// The guard, with so many tokens of its own before the original command.
    Guard(usize),
    /// The bridge.
    Bridge(Bridged),
}

/// A reference in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The item.
    pub id: SecretId,
    /// What kind of place.
    pub kind: SpotKind,
    /// The name it stands under; empty where it has none.
    pub name: String,
    /// The value's place in the file.
    pub pointer: Pointer,
}

/// Reads an entry; `None` where it does not go through the installed guard or bridge as we write it.
pub fn wrapped(entry: &Entry, installed: &Installed) -> Option<Wrapped> {
    let Start::Command(command) = &entry.start else {
        return None;
    };
    let program = command.program.expose(WHY);
    let tokens: Vec<&str> = command
        .arguments
        .iter()
        .map(|token| token.expose(WHY))
        .collect();
    if program == installed.guard {
        let own = guarded::guarded(&tokens)?;
        let original: Vec<String> = tokens[own.prefix..]
            .iter()
            .map(|&token| token.to_owned())
            .collect();
        Some(Wrapped {
            guard: own.id,
            through: Through::Guard(own.prefix),
            asked: command_binding(&original, own.names),
            references: of_command(entry, command, own.prefix + 1),
        })
    } else if program == installed.bridge {
        let bridged = Bridged::read(&tokens)?;
        Some(Wrapped {
            guard: bridged.id,
            asked: bridged.binding(),
            references: of_bridge(command),
            through: Through::Bridge(bridged),
        })
    } else {
        None
    }
}

fn of_command(entry: &Entry, command: &Command, from: usize) -> Vec<Reference> {
    let mut found = Vec::new();
    for setting in &entry.environment {
        let ids = references(setting.value.expose(WHY)).into_iter();
        found.extend(ids.map(|(_, id)| Reference {
            id,
            kind: SpotKind::Variable,
            name: setting.name.clone(),
            pointer: setting.pointer.clone(),
        }));
    }
    let tokens: Vec<&str> = command.tokens().map(|token| token.expose(WHY)).collect();
    for (index, place) in command.places.iter().enumerate().skip(from) {
        let Some(token) = tokens.get(index) else {
            break;
        };
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let name = flag(token).or_else(|| before.and_then(|token| flag(token)));
        let ids = references(token).into_iter();
        found.extend(ids.map(|(_, id)| Reference {
            id,
            kind: SpotKind::Argument,
            name: name.unwrap_or_default().to_owned(),
            pointer: place.clone(),
        }));
    }
    found
}

fn of_bridge(command: &Command) -> Vec<Reference> {
    let tokens: Vec<&str> = command.tokens().map(|token| token.expose(WHY)).collect();
    let mut found = Vec::new();
    for (index, (token, place)) in tokens.iter().zip(&command.places).enumerate() {
        let is_header = index > 0 && tokens[index - 1] == Bridged::HEADER;
        let (kind, name) = if is_header {
            (
                SpotKind::Header,
                token.split(':').next().unwrap_or_default(),
            )
        } else {
            (SpotKind::Address, "")
        };
        let ids = references(token).into_iter();
        found.extend(ids.map(|(_, id)| Reference {
            id,
            kind,
            name: name.to_owned(),
            pointer: place.clone(),
        }));
    }
    found
}
