use std::fmt;

use countersign_model::Digest;
use serde_json::{Value, json};

use crate::{DEPTH_MAX, ITEMS_MAX, Item, ItemKind, STRINGS_MAX, SURFACE_BYTES_MAX, canonical};

/// Why a surface is not all that the server offers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// A list that readers would read differently, or that is none.
    Refused {
        /// What was listed.
        kind: ItemKind,
        /// Why.
        why: String,
    },
    /// A list that the server did not give.
    NotListed {
        /// What was asked for.
        kind: ItemKind,
        /// Why.
        why: String,
    },
    /// An item that has no name, or is no object.
    NoName {
        /// What it is.
        kind: ItemKind,
        /// The member that is missing.
        missing: &'static str,
    },
    /// An item that is nested too deep.
    TooDeep {
        /// What it is.
        kind: ItemKind,
        /// Its name.
        name: String,
    },
    /// More items of a kind than are taken.
    TooMany {
        /// The kind.
        kind: ItemKind,
    },
    /// More strings than are taken.
    TooManyStrings,
    /// More bytes than are taken.
    TooLarge {
        /// The list at which it was enough.
        kind: ItemKind,
    },
    /// A list without an end.
    TooManyPages {
        /// What was listed.
        kind: ItemKind,
    },
    /// What a stored surface says was missing when it was taken.
    Recorded(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Refused { kind, why } => {
                write!(f, "the list of {}s was refused: {why}", kind.name())
            }
            Fault::NotListed { kind, why } => {
                write!(f, "the {}s could not be listed: {why}", kind.name())
            }
            Fault::NoName { kind, missing } => {
                write!(f, "a {} has no `{missing}`", kind.name())
            }
            Fault::TooDeep { kind, name } => write!(
                f,
                "the {} {name:?} is nested more than {DEPTH_MAX} levels deep",
                kind.name()
            ),
            Fault::TooMany { kind } => {
                write!(f, "there are more than {ITEMS_MAX} {}s", kind.name())
            }
            Fault::TooManyStrings => write!(f, "there are more than {STRINGS_MAX} texts"),
            Fault::TooLarge { .. } => write!(f, "there are more than {SURFACE_BYTES_MAX} bytes"),
            Fault::TooManyPages { kind } => {
                write!(f, "the list of {}s does not end", kind.name())
            }
            Fault::Recorded(text) => f.write_str(text),
        }
    }
}

/// What was gathered before it is put in order.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) items: Vec<Item>,
    pub(crate) about: Option<Value>,
    pub(crate) faults: Vec<Fault>,
}

impl Parts {
    pub(crate) fn count(&self, kind: ItemKind) -> usize {
        self.items.iter().filter(|item| item.kind() == kind).count()
    }

    /// Remembers a limit once, however often it is met.
    pub(crate) fn reached(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// All that a server offers to a model, in an order that does not depend on the server's.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// By kind, name and digest.
    items: Vec<Item>,
    about: Option<Value>,
    faults: Vec<Fault>,
    digest: Digest,
}

impl Surface {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts {
            mut items,
            about,
            faults,
        } = parts;
        items.sort_by(|a, b| {
            let key = |item: &Item| (item.kind(), item.digest());
            a.kind()
                .cmp(&b.kind())
                .then_with(|| a.name().cmp(b.name()))
                .then_with(|| key(a).cmp(&key(b)))
        });
        let digest = whole(&items);
        Self {
            items,
            about,
            faults,
            digest,
        }
    }

    /// Returns every item: instructions, tools, prompts, templates, resources, each kind by name.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the items of a kind, by name.
    pub fn of_kind(&self, kind: ItemKind) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| item.kind() == kind)
    }

    /// Returns the tools, by name.
    pub fn tools(&self) -> impl Iterator<Item = &Item> {
        self.of_kind(ItemKind::Tool)
    }

    /// Returns the instructions; empty where there are none.
    pub fn instructions(&self) -> &str {
        let mut found = self.of_kind(ItemKind::Instructions);
        found.next().map_or("", Item::description)
    }

    /// Returns what the server says of itself, as it came: a claim.
    pub fn about(&self) -> Option<&Value> {
        self.about.as_ref()
    }

    /// Returns why it is not everything that the server offers; empty if it is.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Returns whether it is everything that the server offers.
    pub fn is_complete(&self) -> bool {
        self.faults.is_empty()
    }

    /// Returns the digest that trust is bound to: of instructions, tools, prompts and templates, every
    /// field of them, in no order.
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

/// Digests the digests of each trusted kind, sorted.
fn whole(items: &[Item]) -> Digest {
    let of = |kind: ItemKind| {
        let items = items.iter().filter(|item| item.kind() == kind);
        let mut digests: Vec<String> = items.map(|item| item.digest().hex()).collect();
        digests.sort();
        digests
    };
    canonical::digest(&json!({
        "format": 1,
        "instructions": of(ItemKind::Instructions),
        "prompts": of(ItemKind::Prompt),
        "templates": of(ItemKind::Template),
        "tools": of(ItemKind::Tool),
    }))
}

/// Levels of a value; a value that holds no other has one.
pub(crate) fn depth(value: &Value) -> usize {
    // The reader has bounded the depth, so that this cannot go deep.
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    1 + inner.unwrap_or(0)
}

pub(crate) fn count_strings(value: &Value) -> usize {
    match value {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(count_strings).sum(),
        Value::Object(members) => members.values().map(count_strings).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use crate::{Builder, Fault, ITEMS_MAX, ItemKind, Surface, export, import};

    fn surface(tools: &[Value]) -> Surface {
        let mut builder = Builder::new();
        let page = json!({ "tools": tools }).to_string();
        assert_eq!(builder.page(ItemKind::Tool, &page), Ok(None));
        builder.finish()
    }

    #[test]
    fn the_digest_knows_no_order_of_tools_keys_or_pages() {
        let one = json!({"name": "a", "description": "A", "inputSchema": {"type": "object"}});
        let same = json!({"inputSchema": {"type": "object"}, "description": "A", "name": "a"});
        let other = json!({"name": "b"});
        let whole = surface(&[one, other.clone()]);
        let mut pages = Builder::new();
        let first = json!({"tools": [other], "nextCursor": "2", "ttlMs": 5}).to_string();
        let second = json!({"tools": [same], "_meta": {"x": 1}}).to_string();
        assert_eq!(pages.page(ItemKind::Tool, &first), Ok(Some("2".to_owned())));
        assert_eq!(pages.page(ItemKind::Tool, &second), Ok(None));
        assert_eq!(pages.finish().digest(), whole.digest());
    }

    #[test]
    fn every_field_is_in_the_digest() {
        let plain = json!({"name": "a", "inputSchema": {"properties": {"x": {"type": "string"}}}});
        let digest = surface(std::slice::from_ref(&plain)).digest();
        for (pointer, key) in [
            ("", "title"),
            ("", "description"),
            ("", "_meta"),
            ("", "icons"),
            ("", "annotations"),
            ("", "outputSchema"),
            ("", "somethingNew"),
            ("/inputSchema", "$defs"),
            ("/inputSchema", "required"),
            ("/inputSchema/properties", "y"),
            ("/inputSchema/properties/x", "description"),
            ("/inputSchema/properties/x", "default"),
            ("/inputSchema/properties/x", "enum"),
            ("/inputSchema/properties/x", "examples"),
        ] {
            let mut changed = plain.clone();
            changed.pointer_mut(pointer).expect("is there")[key] = json!("MARK");
            assert_ne!(surface(&[changed]).digest(), digest, "{pointer}/{key}");
        }
    }

    #[test]
    fn resources_are_outside_the_trust_digest_and_everything_else_is_inside() {
        let empty = Builder::new().finish().digest();
        for (kind, item, is_inside) in [
            (ItemKind::Tool, json!({"name": "a"}), true),
            (ItemKind::Prompt, json!({"name": "a"}), true),
            (ItemKind::Template, json!({"uriTemplate": "a"}), true),
            (ItemKind::Resource, json!({"uri": "a"}), false),
        ] {
            let mut builder = Builder::new();
            let page = json!({ kind.member(): [item] }).to_string();
            builder.page(kind, &page).expect("is read");
            let surface = builder.finish();
            assert_eq!(surface.of_kind(kind).count(), 1);
            assert_eq!(surface.digest() != empty, is_inside, "{kind:?}");
        }
        let mut builder = Builder::new();
        builder.instructions("Be kind.");
        assert_ne!(builder.finish().digest(), empty);
    }

    #[test]
    fn a_tool_twice_is_not_a_tool_once() {
        let tool = json!({"name": "a"});
        let once = surface(std::slice::from_ref(&tool));
        assert_ne!(surface(&[tool.clone(), tool]).digest(), once.digest());
    }

    #[test]
    fn limits_are_met_with_a_fault_and_not_with_silence() {
        let many: Vec<Value> = (0..=ITEMS_MAX)
            .map(|n| json!({"name": n.to_string()}))
            .collect();
        let cut = surface(&many);
        assert_eq!(cut.tools().count(), ITEMS_MAX);
        assert_eq!(
            cut.faults(),
            [Fault::TooMany {
                kind: ItemKind::Tool
            }]
        );

        let wide = json!({"name": "a", "x": vec!["y"; crate::STRINGS_MAX]});
        assert_eq!(surface(&[wide]).faults(), [Fault::TooManyStrings]);

        let deep = (0..crate::DEPTH_MAX).fold(json!(1), |inner, _| json!([inner]));
        let cut = surface(&[json!({"name": "deep", "x": deep}), json!({"name": "flat"})]);
        assert_eq!(cut.tools().count(), 1);
        assert!(matches!(&cut.faults()[0], Fault::TooDeep { name, .. } if name == "deep"));

        let mut builder = Builder::new();
        let large = "x".repeat(crate::SURFACE_BYTES_MAX);
        builder.instructions(&large);
        let more = json!({"tools": []}).to_string();
        assert_eq!(builder.page(ItemKind::Tool, &more), Ok(None));
        assert!(!builder.finish().is_complete());
    }

    #[test]
    fn what_is_refused_leaves_the_surface_incomplete() {
        for page in [
            r#"{"tools":[{"name":"a","name":"b"}]}"#,
            r#"{"tools":[{"name":"a","x":9007199254740993}]}"#,
            r#"{"tools":{}}"#,
            "not json",
        ] {
            let mut builder = Builder::new();
            assert!(builder.page(ItemKind::Tool, page).is_err(), "{page}");
            let surface = builder.finish();
            assert!(!surface.is_complete());
            assert_eq!(surface.items(), []);
        }
        for item in [json!({}), json!({"name": 1}), json!("a"), json!(null)] {
            let surface = surface(&[item]);
            assert_eq!(surface.tools().count(), 0);
            assert!(matches!(surface.faults(), [Fault::NoName { .. }]));
        }
    }

    #[test]
    fn a_document_is_read_back_and_believed_only_with_its_digest() {
        let mut builder = Builder::new();
        builder.instructions("Be kind.");
        builder.about(json!({"name": "x"}));
        let page = json!({"resources": [{"uri": "file:///a", "x": 1.5}]}).to_string();
        builder.page(ItemKind::Resource, &page).expect("is read");
        builder.fault(Fault::TooManyStrings);
        let surface = builder.finish();
        let document = export(&surface);
        let back = import(&document).expect("is read");
        assert_eq!(export(&back), document);
        let changed = document.replace("Be kind.", "Be bold.");
        assert!(
            import(&changed)
                .expect_err("is refused")
                .to_string()
                .contains("digest")
        );
        for broken in [
            "{}",
            "[]",
            r#"{"format":2}"#,
            r#"{"format":1}"#,
            r#"{"format":1,"tools":1}"#,
        ] {
            assert!(import(broken).is_err(), "{broken}");
        }
    }

    proptest! {
        #[test]
        fn nothing_from_outside_panics(text in "\\PC*") {
            let mut builder = Builder::new();
            let _ = builder.page(ItemKind::Tool, &text);
            let _ = import(&text);
            let _ = builder.finish().digest();
        }
    }
}
