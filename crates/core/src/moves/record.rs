//! How a move stands in the journal, and what of it is kept in the vault.
//!
//! The journal holds places and what was written; everything that was replaced, and every value, is in
//! one text in the vault. A row is sealed: one that something else wrote is never followed.

use std::{collections::BTreeMap, ops::Range};

use countersign_confedit::{Anchor, Change, ChangeKind, Side, Splice};
use countersign_model::{Binding, BoundStart, SecretId, SecretText};
use countersign_store::{MoveFile, MoveItem};
use countersign_vault::Seal;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What a MAC over a config's text begins with, so that it is no MAC over anything else.
const TEXT: &[u8] = b"text of a config";

/// What a MAC over a journal's row begins with.
const ROW: &[u8] = b"file of a move";

/// What of a file's move must not stand in the journal.
#[derive(Default)]
pub(super) struct Kept {
    /// What each splice replaced.
    pub(super) replaced: Vec<Zeroizing<String>>,
    /// The values that were taken out.
    pub(super) values: BTreeMap<SecretId, SecretText>,
    /// What items that were there already were bound to.
    pub(super) bound: BTreeMap<SecretId, Binding>,
}

#[derive(Serialize, Deserialize)]
struct KeptText {
    replaced: Vec<String>,
    values: BTreeMap<String, String>,
    bound: BTreeMap<String, BindingText>,
}

#[derive(Serialize, Deserialize)]
struct BindingText {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    program: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    arguments: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    names: Vec<String>,
}

impl Drop for KeptText {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.replaced.iter_mut().for_each(Zeroize::zeroize);
        self.values.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Kept {
    /// Writes it as the text that the vault keeps.
    pub(super) fn to_text(&self) -> SecretText {
        let text = KeptText {
            replaced: self.replaced.iter().map(|text| text.to_string()).collect(),
            values: self
                .values
                .iter()
                .map(|(id, value)| (id.hex(), value.expose("it goes into the vault").to_owned()))
                .collect(),
            bound: self
                .bound
                .iter()
                .map(|(id, binding)| (id.hex(), binding_text(binding)))
                .collect(),
        };
        SecretText::new(serde_json::to_string(&text).expect("texts and lists are always JSON"))
    }

    /// Reads what [`Kept::to_text`] wrote; `None` where it is not that.
    pub(super) fn from_text(text: &SecretText) -> Option<Self> {
        let mut text: KeptText =
            serde_json::from_str(text.expose("what was replaced is put back")).ok()?;
        let replaced = std::mem::take(&mut text.replaced);
        let values = std::mem::take(&mut text.values);
        let bound = std::mem::take(&mut text.bound);
        Some(Self {
            replaced: replaced.into_iter().map(Zeroizing::new).collect(),
            values: values
                .into_iter()
                .map(|(id, value)| Some((SecretId::parse(&id)?, SecretText::new(value))))
                .collect::<Option<_>>()?,
            bound: bound
                .into_iter()
                .map(|(id, binding)| Some((SecretId::parse(&id)?, binding_of(binding)?)))
                .collect::<Option<_>>()?,
        })
    }
}

fn binding_text(binding: &Binding) -> BindingText {
    let (program, arguments, url) = match &binding.start {
        BoundStart::Command { program, arguments } => {
            (Some(program.clone()), arguments.clone(), None)
        }
        BoundStart::Remote { url } => (None, Vec::new(), Some(url.clone())),
    };
    BindingText {
        program,
        arguments,
        url,
        names: binding.names.iter().cloned().collect(),
    }
}

fn binding_of(text: BindingText) -> Option<Binding> {
    let start = match (text.program, text.url) {
        (Some(program), None) => BoundStart::Command {
            program,
            arguments: text.arguments,
        },
        (None, Some(url)) => BoundStart::Remote { url },
        _ => return None,
    };
    Some(Binding {
        start,
        names: text.names.into_iter().collect(),
    })
}

#[derive(Serialize, Deserialize)]
struct SpliceText {
    before: Range<usize>,
    after: Range<usize>,
    with: String,
    anchor: Vec<String>,
    at_end: bool,
    distance: usize,
    changes: Vec<ChangeText>,
}

#[derive(Serialize, Deserialize)]
struct ChangeText {
    path: Vec<String>,
    kind: KindText,
    old: Range<usize>,
    new: Range<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindText {
    Replaced,
    Inserted,
    Removed { behind: Option<String> },
    Prepended { count: usize },
    Shortened { count: usize },
}

/// Writes splices without what they replaced.
pub(super) fn splices_text(splices: &[Splice]) -> String {
    let texts: Vec<SpliceText> = splices
        .iter()
        .map(|splice| SpliceText {
            before: splice.before.clone(),
            after: splice.after.clone(),
            with: splice.with.to_string(),
            anchor: splice.anchor.path.clone(),
            at_end: splice.anchor.side == Side::End,
            distance: splice.anchor.distance,
            changes: splice.changes.iter().map(change_text).collect(),
        })
        .collect();
    serde_json::to_string(&texts).expect("texts and numbers are always JSON")
}

/// Reads splices, and puts back what they replaced; `None` where the two do not belong together.
pub(super) fn splices_of(text: &str, kept: &Kept) -> Option<Vec<Splice>> {
    let texts: Vec<SpliceText> = serde_json::from_str(text).ok()?;
    if texts.len() != kept.replaced.len() {
        return None;
    }
    let splice = |(text, replaced): (SpliceText, &Zeroizing<String>)| Splice {
        before: text.before,
        after: text.after,
        replaced: replaced.clone(),
        with: Zeroizing::new(text.with),
        anchor: Anchor {
            path: text.anchor,
            side: if text.at_end { Side::End } else { Side::Start },
            distance: text.distance,
        },
        changes: text.changes.into_iter().map(change_of).collect(),
    };
    Some(texts.into_iter().zip(&kept.replaced).map(splice).collect())
}

fn change_text(change: &Change) -> ChangeText {
    ChangeText {
        path: change.path.clone(),
        kind: match &change.kind {
            ChangeKind::Replaced => KindText::Replaced,
            ChangeKind::Inserted => KindText::Inserted,
            ChangeKind::Removed { behind } => KindText::Removed {
                behind: behind.clone(),
            },
            ChangeKind::Prepended { count } => KindText::Prepended { count: *count },
            ChangeKind::Shortened { count } => KindText::Shortened { count: *count },
        },
        old: change.old.clone(),
        new: change.new.clone(),
    }
}

fn change_of(text: ChangeText) -> Change {
    Change {
        path: text.path,
        kind: match text.kind {
            KindText::Replaced => ChangeKind::Replaced,
            KindText::Inserted => ChangeKind::Inserted,
            KindText::Removed { behind } => ChangeKind::Removed { behind },
            KindText::Prepended { count } => ChangeKind::Prepended { count },
            KindText::Shortened { count } => ChangeKind::Shortened { count },
        },
        old: text.old,
        new: text.new,
    }
}

/// Returns the MAC of a config's text.
pub(super) fn text_mac(seal: &Seal, text: &str) -> Vec<u8> {
    seal.sign(&[TEXT, text.as_bytes()])
}

/// Returns whether a text is the one of a MAC.
pub(super) fn is_text_of(seal: &Seal, text: &str, mac: &[u8]) -> bool {
    seal.verify(&[TEXT, text.as_bytes()], mac)
}

/// Seals a row: everything but how far it is.
pub(super) fn sign_row(seal: &Seal, row: &MoveFile) -> Vec<u8> {
    let fields = row_fields(row);
    seal.sign(&fields.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Returns whether a row is as it was sealed.
pub(super) fn is_row_sealed(seal: &Seal, row: &MoveFile) -> bool {
    let fields = row_fields(row);
    let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    seal.verify(&fields, &row.seal)
}

fn row_fields(row: &MoveFile) -> Vec<Vec<u8>> {
    let texts = [&row.path, &row.target, &row.syntax, &row.splices, &row.raw];
    let mut fields = vec![ROW.to_vec(), row.before_mac.clone(), row.after_mac.clone()];
    fields.extend(texts.map(|text| text.clone().into_bytes()));
    for item in &row.items {
        let MoveItem {
            item,
            entry,
            entry_pointer,
            pointer,
            kind,
            name,
        } = item;
        let texts = [item, entry, entry_pointer, pointer, kind, name];
        fields.extend(texts.map(|text| text.clone().into_bytes()));
    }
    fields
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use countersign_clients::read::text_syntax;
    use countersign_confedit::{Edit, Value, edit, undo};
    use countersign_model::{Binding, BoundStart, SecretId, SecretText, TextFormat};

    use super::{Kept, splices_of, splices_text};

    const TEXT: &str = r#"{"a": {"env": {"KEY": "s3cret", "B": 1}, "args": ["x"], "url": "u"}}"#;

    fn steps(path: &[&str]) -> Vec<String> {
        path.iter().map(|&step| step.to_owned()).collect()
    }

    #[test]
    fn what_is_journalled_undoes_the_edit() {
        let edits = [
            Edit::Replace {
                at: steps(&["a", "env", "KEY"]),
                with: Value::text("new"),
            },
            Edit::Prepend {
                at: steps(&["a", "args"]),
                items: vec![Value::text("y")],
            },
            Edit::Remove {
                at: steps(&["a"]),
                key: "url".to_owned(),
            },
        ];
        let syntax = text_syntax(TextFormat::Json).expect("is a text");
        let edited = edit(TEXT, syntax, &edits).expect("can be edited");
        let id = SecretId::from_bytes([1; 16]);
        let kept = Kept {
            replaced: edited
                .splices
                .iter()
                .map(|one| one.replaced.clone())
                .collect(),
            values: BTreeMap::from([(id, SecretText::new("s3cret".to_owned()))]),
            bound: BTreeMap::from([(
                id,
                Binding {
                    start: BoundStart::Remote {
                        url: "https://mcp.example.com".to_owned(),
                    },
                    names: ["A".to_owned()].into(),
                },
            )]),
        };
        let journalled = splices_text(&edited.splices);
        assert!(!journalled.contains("s3cret"), "{journalled}");
        let read = Kept::from_text(&kept.to_text()).expect("is read back");
        assert_eq!((&read.values, &read.bound), (&kept.values, &kept.bound));
        let splices = splices_of(&journalled, &read).expect("belong together");
        assert_eq!(splices, edited.splices);
        assert_eq!(*undo(&edited.text, &splices).expect("is undone"), TEXT);
        assert_eq!(splices_of(&journalled, &Kept::default()), None);
    }
}
