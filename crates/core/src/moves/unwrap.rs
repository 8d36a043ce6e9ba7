//! From an entry that goes through guard or bridge to the edits that make it what it was: pure.
//!
//! This needs no journal: the entry itself says what it was, and the vault has the values.

use std::collections::BTreeMap;

use countersign_clients::Dialect;
use countersign_confedit::{Edit, Node, Value};
use countersign_model::{
    Bridged, Command, Entry, Pointer, SecretId, SecretText, Start, references,
};
use zeroize::Zeroizing;

use super::{
    edits::{find, last_segment, parent, path},
    wrapped::{Through, Wrapped},
};

/// Why values are read here.
const WHY: &str = "it is put back into its file";

/// Values by their items.
pub(super) type Found = BTreeMap<SecretId, SecretText>;

/// An entry that is to be what it was.
pub(super) struct Back<'scan> {
    pub(super) entry: &'scan Entry,
    pub(super) wrapped: &'scan Wrapped,
    pub(super) root: &'scan Node,
    pub(super) dialect: &'scan Dialect,
    pub(super) values: &'scan Found,
}

/// Makes the edits.
///
/// # Errors
/// A sentence that says what keeps the entry from being written.
pub(super) fn edits(back: &Back<'_>) -> Result<Vec<Edit>, String> {
    let Start::Command(command) = &back.entry.start else {
        return Err("it starts nothing".to_owned());
    };
    match &back.wrapped.through {
        Through::Guard(prefix) => guarded(back, command, *prefix),
        Through::Bridge(bridged) => remote(back, command, bridged),
    }
}

fn guarded(back: &Back<'_>, command: &Command, prefix: usize) -> Result<Vec<Edit>, String> {
    let mut edits = Vec::new();
    for setting in &back.entry.environment {
        edits.extend(back.fill(&setting.pointer)?);
    }
    for place in command.places.iter().skip(prefix + 2) {
        edits.extend(back.fill(place)?);
    }
    let program = command.places.first().ok_or("its program has no place")?;
    let (above, _) = parent(program);
    let own = prefix + 1;
    let is_list = find(back.root, &above).is_some_and(Node::is_list);
    if is_list {
        edits.push(Edit::Shorten {
            at: above,
            count: own,
        });
        return Ok(edits);
    }
    let original = command
        .tokens()
        .nth(own)
        .ok_or("it has no command of its own")?;
    edits.push(Edit::Replace {
        at: path(program),
        with: Value::text(back.filled(original.expose(WHY))?.as_str()),
    });
    let first = command.places.get(1).ok_or("its arguments have no place")?;
    edits.push(Edit::Shorten {
        at: parent(first).0,
        count: own,
    });
    Ok(edits)
}

fn remote(back: &Back<'_>, command: &Command, bridged: &Bridged) -> Result<Vec<Edit>, String> {
    let program = command.places.first().ok_or("its program has no place")?;
    let (mut map, mut command_key) = parent(program);
    if find(back.root, &map).is_some_and(Node::is_list) {
        command_key = map.pop().unwrap_or_default();
    }
    let node = find(back.root, &map)
        .filter(|node| node.is_map())
        .ok_or("it is not where it was")?;
    let url_key = last_segment(back.dialect.url.first(), "url").to_owned();
    let mut edits = vec![Edit::Insert {
        at: map.clone(),
        after: Some(command_key.clone()),
        key: url_key.clone(),
        value: Value::text(back.filled(&bridged.url)?.as_str()),
    }];
    if !bridged.headers.is_empty() {
        let value = Value::map(headers(back, bridged)?);
        edits.push(match left_for_headers(back, &map) {
            Some((at, key)) => Edit::Insert {
                at,
                after: None,
                key,
                value,
            },
            None => Edit::Insert {
                at: map.clone(),
                after: Some(url_key),
                key: last_segment(back.dialect.headers.first(), "headers").to_owned(),
                value,
            },
        });
    }
    let arguments = back.dialect.arguments.iter();
    let arguments = arguments.map(|name| last_segment(Some(name), "args").to_owned());
    let present = arguments.filter(|key| node.member(key).is_some());
    for key in std::iter::once(command_key).chain(present) {
        edits.push(Edit::Remove {
            at: map.clone(),
            key,
        });
    }
    for name in &back.dialect.transport {
        if node.get(name).is_some_and(|word| word.as_str().is_some()) {
            let mut at = map.clone();
            at.push(name.clone());
            edits.push(Edit::Replace {
                at,
                with: Value::text(remote_word(back.dialect, bridged)),
            });
        }
    }
    Ok(edits)
}

/// Returns the map that headers of an entry were taken out of, if it is still there, and their key.
fn left_for_headers(back: &Back<'_>, entry: &[String]) -> Option<(Vec<String>, String)> {
    back.dialect.headers.iter().find_map(|name| {
        let (above, key) = name.rsplit_once('.')?;
        let at = entry.iter().map(String::as_str).chain(above.split('.'));
        let at: Vec<String> = at.map(str::to_owned).collect();
        let left = find(back.root, &at).filter(|node| node.is_map())?;
        left.member(key).is_none().then(|| (at, key.to_owned()))
    })
}

fn headers(back: &Back<'_>, bridged: &Bridged) -> Result<Vec<(String, String)>, String> {
    let header =
        |(name, value): (&str, &str)| Ok((name.to_owned(), back.filled(value)?.to_string()));
    bridged.named_headers().map(header).collect()
}

/// Returns the word by which a client knows the transport of an address.
fn remote_word(dialect: &Dialect, bridged: &Bridged) -> &'static str {
    match (dialect.local_word.as_str(), bridged.is_sse) {
        ("local", _) => "remote",
        (_, true) => "sse",
        (_, false) => "http",
    }
}

impl Back<'_> {
    /// Returns the edits that put values in the places of the references in one value.
    fn fill(&self, pointer: &Pointer) -> Result<Vec<Edit>, String> {
        let mut at = path(pointer);
        let mut node = find(self.root, &at).ok_or("a value is not where it was")?;
        if node.is_map() {
            at.push("value".to_owned());
            node = find(self.root, &at).ok_or("a value is not where it was")?;
        }
        let Some(text) = node.as_str() else {
            return Ok(Vec::new());
        };
        references(text)
            .into_iter()
            .map(|(range, id)| {
                Ok(Edit::ReplaceText {
                    at: at.clone(),
                    range,
                    with: Zeroizing::new(self.value(id)?.to_owned()),
                })
            })
            .collect()
    }

    /// Returns a text with values in the places of its references.
    fn filled(&self, text: &str) -> Result<Zeroizing<String>, String> {
        let mut filled = Zeroizing::new(text.to_owned());
        for (range, id) in references(text).into_iter().rev() {
            filled.replace_range(range, self.value(id)?);
        }
        Ok(filled)
    }

    fn value(&self, id: SecretId) -> Result<&str, String> {
        let value = self.values.get(&id);
        value
            .map(|value| value.expose(WHY))
            .ok_or_else(|| format!("the vault has no value of {id}"))
    }
}
