//! Where credentials stand in plain text.

use countersign_model::{Argument, Command, Confidence, Credential, Entry, Nature, Pointer, Start};

/// What kind of place a credential stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpotKind {
    /// The value of an environment variable.
    Variable,
    /// The value of a header.
    Header,
    /// A token of the command line.
    Argument,
    /// The address.
    Address,
    /// Another member of the entry.
    Member,
}

impl SpotKind {
    /// Returns the word used in output and in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            SpotKind::Variable => "variable",
            SpotKind::Header => "header",
            SpotKind::Argument => "argument",
            SpotKind::Address => "address",
            SpotKind::Member => "member",
        }
    }
}

/// A credential in plain text, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What kind of place.
    pub kind: SpotKind,
    /// The variable, header, flag or member that it stands under; empty where it has no name.
    pub name: String,
    /// The value's place in the file.
    pub pointer: Pointer,
    /// What it is, how sure that is, and why.
    pub credential: Credential,
    /// Length of the credential in characters.
    pub characters: usize,
}

impl Spot {
    /// Returns whether it is taken for a credential without asking.
    pub fn is_sure(&self) -> bool {
        self.credential.confidence > Confidence::Low
    }
}

/// Returns the credentials in plain text of an entry, in the order of variables, headers, command
/// line, address, further members.
pub fn spots(entry: &Entry) -> Vec<Spot> {
    let settings = [
        (SpotKind::Variable, &entry.environment),
        (SpotKind::Header, &entry.headers),
    ];
    let mut found: Vec<Spot> = Vec::new();
    for (kind, settings) in settings {
        found.extend(settings.iter().filter_map(|setting| {
            let value = setting.value.expose("its credential's length is counted");
            spot(
                kind,
                &setting.name,
                &setting.pointer,
                &setting.nature,
                value,
            )
        }));
    }
    match &entry.start {
        Start::Command(command) => found.extend(arguments(command)),
        Start::Remote(address) => {
            let text = address.expose("its credential's length is counted");
            let nature = address.nature();
            found.extend(spot(SpotKind::Address, "", address.pointer(), nature, text));
        }
        Start::BuiltIn(_) | Start::Missing => {}
    }
    found.extend(entry.other_settings.iter().filter_map(|setting| {
        let value = setting.value.expose("its credential's length is counted");
        let kind = SpotKind::Member;
        spot(
            kind,
            &setting.name,
            &setting.pointer,
            &setting.nature,
            value,
        )
    }));
    found
}

fn arguments(command: &Command) -> Vec<Spot> {
    let tokens: Vec<&Argument> = command.tokens().collect();
    tokens
        .iter()
        .zip(&command.places)
        .enumerate()
        .filter_map(|(index, (token, place))| {
            let text = token.expose("its credential's length is counted");
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            let name = flag(token.shown()).or_else(|| before.and_then(|token| flag(token.shown())));
            let name = name.unwrap_or_default();
            spot(SpotKind::Argument, name, place, token.nature(), text)
        })
        .collect()
}

/// Returns a flag's name: `--token` of `--token` and of `--token=…`.
pub(super) fn flag(shown: &str) -> Option<&str> {
    let name = shown.split('=').next()?;
    (name.starts_with('-') && name.len() > 1).then_some(name)
}

fn spot(
    kind: SpotKind,
    name: &str,
    pointer: &Pointer,
    nature: &Nature,
    value: &str,
) -> Option<Spot> {
    let Nature::Credential(credential) = nature else {
        return None;
    };
    let text = value.get(credential.span.clone()).unwrap_or(value);
    Some(Spot {
        kind,
        name: name.to_owned(),
        pointer: pointer.clone(),
        characters: text.chars().count(),
        credential: credential.clone(),
    })
}
