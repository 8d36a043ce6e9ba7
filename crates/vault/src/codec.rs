//! How an item is written inside the stored secret: JSON with a version.

use std::{collections::BTreeSet, io};

use countersign_model::{Binding, BoundStart, SecretId};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Elsewhere, Held, Home, Item, VaultError, wiped::Wiped};

/// The version that is written, and the newest that is read.
const VERSION: u32 = 1;

/// Bytes of an encoded item.
pub(crate) const ITEM_BYTES_MAX: usize = 256 * 1024;

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct StoredItem {
    version: u32,
    id: String,
    label: String,
    value: StoredValue,
    homes: Vec<StoredHome>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredValue {
    Text(Wiped),
    Elsewhere(String),
}

#[derive(Serialize, Deserialize)]
struct StoredHome {
    file: String,
    pointer: String,
    entry: String,
    start: StoredStart,
    names: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredStart {
    Command {
        program: String,
        arguments: Vec<String>,
    },
    Remote {
        url: String,
    },
}

/// Writes an item, into memory that is wiped and never moved while it grows.
pub(crate) fn encode(item: &Item) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let stored = StoredItem {
        version: VERSION,
        id: item.id.hex(),
        label: item.label.clone(),
        value: match &item.value {
            Held::Text(text) => StoredValue::Text(Wiped(text.clone())),
            Held::Elsewhere(elsewhere) => StoredValue::Elsewhere(elsewhere.text()),
        },
        homes: item.homes.iter().map(stored_home).collect(),
    };
    let mut counted = Counted(0);
    serde_json::to_writer(&mut counted, &stored).expect("nothing in it fails, and counting cannot");
    let bytes = counted.0;
    if bytes > ITEM_BYTES_MAX {
        return Err(VaultError::TooLong {
            bytes,
            bytes_max: ITEM_BYTES_MAX,
        });
    }
    let mut encoded = Zeroizing::new(Vec::with_capacity(bytes));
    serde_json::to_writer(&mut *encoded, &stored).expect("it was written once, to be counted");
    Ok(encoded)
}

/// Reads what is kept under an id.
pub(crate) fn decode(id: SecretId, bytes: &[u8]) -> Result<Item, VaultError> {
    let damaged = |problem| VaultError::Damaged {
        name: id.hex(),
        problem,
    };
    if bytes.len() > ITEM_BYTES_MAX {
        return Err(damaged("it is too long"));
    }
    let versioned: Versioned =
        serde_json::from_slice(bytes).map_err(|_| damaged("it is no secret of Countersign"))?;
    if versioned.version > VERSION {
        return Err(VaultError::Newer {
            what: format!("the secret {id}"),
        });
    }
    let stored: StoredItem =
        serde_json::from_slice(bytes).map_err(|_| damaged("a field is missing or wrong"))?;
    if stored.id != id.hex() {
        return Err(damaged("it belongs to another id"));
    }
    let value = match stored.value {
        StoredValue::Text(Wiped(text)) => Held::Text(text),
        StoredValue::Elsewhere(text) => Held::Elsewhere(
            Elsewhere::parse(&text).map_err(|_| damaged("it names no secret manager's secret"))?,
        ),
    };
    Ok(Item {
        id,
        label: stored.label,
        value,
        homes: stored.homes.into_iter().map(home).collect(),
    })
}

fn stored_home(home: &Home) -> StoredHome {
    StoredHome {
        file: home.file.clone(),
        pointer: home.pointer.clone(),
        entry: home.entry.clone(),
        start: match &home.binding.start {
            BoundStart::Command { program, arguments } => StoredStart::Command {
                program: program.clone(),
                arguments: arguments.clone(),
            },
            BoundStart::Remote { url } => StoredStart::Remote { url: url.clone() },
        },
        names: home.binding.names.clone(),
    }
}

fn home(stored: StoredHome) -> Home {
    Home {
        file: stored.file,
        pointer: stored.pointer,
        entry: stored.entry,
        binding: Binding {
            start: match stored.start {
                StoredStart::Command { program, arguments } => {
                    BoundStart::Command { program, arguments }
                }
                StoredStart::Remote { url } => BoundStart::Remote { url },
            },
            names: stored.names,
        },
    }
}

/// Counts what is written.
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
