use countersign_model::{Binding, SecretId, SecretText};

use crate::Elsewhere;

/// A secret as the vault keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its id, which its references name.
    pub id: SecretId,
    /// What it is, for people: `GITHUB_TOKEN of github`.
    pub label: String,
    /// The value, or where it is.
    pub value: Held,
    /// The entries that may have it.
    pub homes: Vec<Home>,
}

/// A secret's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The value itself.
    Text(SecretText),
    /// A secret manager has it.
    Elsewhere(Elsewhere),
}

/// One place that a secret belongs to, and what it may be used for there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The config's path.
    pub file: String,
    /// The place in the config, as an RFC 6901 pointer.
    pub pointer: String,
    /// The entry's name.
    pub entry: String,
    /// What the entry may start or reach with it.
    pub binding: Binding,
}
