//! Looking up an entry's members by the names of its dialect.

use countersign_confedit::{Document, Node};
use countersign_model::{Pointer, Position};

use super::place;

/// A member that was found.
pub(super) struct Found<'node> {
    pub(super) name: String,
    pub(super) node: &'node Node,
    pub(super) pointer: Pointer,
    pub(super) position: Position,
}

/// The maps in which an entry's members stand: the entry, and a nested `transport` where there is one.
pub(super) struct Members<'node> {
    sources: Vec<(&'node Node, Pointer)>,
    document: &'node Document<'node>,
}

impl<'node> Members<'node> {
    pub(super) fn of(
        document: &'node Document<'node>,
        node: &'node Node,
        pointer: &Pointer,
    ) -> Self {
        let mut sources = vec![(node, pointer.clone())];
        for nested in ["transport", "config", "connection"] {
            if let Some(inner) = node.get(nested).filter(|inner| inner.is_map()) {
                sources.push((inner, pointer.key(nested)));
            }
        }
        Self { sources, document }
    }

    /// Finds the first of `names` that is there and not null. Dots lead into nested maps.
    pub(super) fn find(&self, names: &[String]) -> Option<Found<'node>> {
        names.iter().find_map(|name| self.one(name))
    }

    /// Finds every one of `names` that is there and not null.
    pub(super) fn all(&self, names: &[String]) -> Vec<Found<'node>> {
        names.iter().filter_map(|name| self.one(name)).collect()
    }

    fn one(&self, name: &str) -> Option<Found<'node>> {
        self.sources.iter().find_map(|(source, pointer)| {
            let mut node = *source;
            let mut pointer = pointer.clone();
            let mut start = node.span.start;
            for step in name.split('.') {
                let member = node.member(step)?;
                pointer = pointer.key(step);
                start = member.key_span.start;
                node = &member.value;
            }
            (!node.is_null()).then(|| Found {
                name: name.to_owned(),
                node,
                pointer,
                position: place(self.document, start),
            })
        })
    }
}

/// Returns a scalar as the text that a client hands over: strings, numbers, truth values.
pub(super) fn scalar(node: &Node) -> Option<String> {
    node.as_text()
        .map(str::to_owned)
        .or_else(|| node.as_bool().map(|value| value.to_string()))
}

/// Returns the strings of a list; a single string counts as a list of one.
pub(super) fn strings(node: &Node) -> Vec<String> {
    match node.as_str() {
        Some(single) => vec![single.to_owned()],
        None => node
            .elements()
            .iter()
            .filter_map(|element| {
                element
                    .as_text()
                    .or_else(|| element.get("name").and_then(Node::as_text))
                    .map(str::to_owned)
            })
            .collect(),
    }
}
