use std::{
    collections::{HashMap, HashSet, hash_map},
    fmt,
    ops::Range,
};

use zeroize::Zeroizing;

/// A value with its place in the text.
#[derive(Clone, PartialEq)]
pub struct Node {
    /// Bytes of the value in the text, quotes included. A YAML alias has the place of its use.
    pub span: Range<usize>,
    /// The value.
    pub kind: Kind,
}

/// A value.
#[derive(Clone, PartialEq)]
pub enum Kind {
    /// `null`, `~`, or nothing where a value may be left out.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text, unescaped. Wiped when dropped, as it may be a credential.
    Text(Zeroizing<String>),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text, with every spelling of a key that stands twice.
    Map(Vec<Member>),
}

/// A key and its value.
#[derive(Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped.
    pub key: String,
    /// Bytes of the key in the text.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Returns the value under `key`; of several, the last, which is what clients use.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }

    /// Returns the member `key`; of several, the last.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// Returns the members as written, or nothing if this is not a map.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Map(members) => members,
            _ => &[],
        }
    }

    /// Returns the members that count: of a key that stands twice only the last, in the order of
    /// the first.
    pub fn effective_members(&self) -> Vec<&Member> {
        let members = self.members();
        let mut seen = HashMap::with_capacity(members.len());
        let mut order: Vec<&Member> = Vec::with_capacity(members.len());
        for member in members {
            match seen.entry(member.key.as_str()) {
                hash_map::Entry::Occupied(at) => order[*at.get()] = member,
                hash_map::Entry::Vacant(at) => {
                    at.insert(order.len());
                    order.push(member);
                }
            }
        }
        order
    }

    /// Returns the elements, or nothing if this is not a list.
    pub fn elements(&self) -> &[Node] {
        match &self.kind {
            Kind::List(elements) => elements,
            _ => &[],
        }
    }

    /// Returns text or a number as written; `None` for everything else.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns text; `None` for everything else, numbers included.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns whether this is a map.
    pub fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    /// Returns whether this is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.kind, Kind::List(_))
    }

    /// Returns whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Renames keys at every level; `true` where any was.
    pub(crate) fn rename_keys(&mut self, rename: &dyn Fn(&str) -> Option<String>) -> bool {
        let mut is_any = false;
        match &mut self.kind {
            Kind::List(elements) => {
                for element in elements {
                    is_any |= element.rename_keys(rename);
                }
            }
            Kind::Map(members) => {
                is_any |= rename_members(members, rename);
                for member in members {
                    is_any |= member.value.rename_keys(rename);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
        }
        is_any
    }

    /// Returns the kind of value in words: "a string", "a list".
    pub fn kind_words(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a truth value",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a string",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Renames the keys of one map. Where two keys would become one, the later is counted.
fn rename_members(members: &mut [Member], rename: &dyn Fn(&str) -> Option<String>) -> bool {
    let renamed: Vec<Option<String>> = members.iter().map(|member| rename(&member.key)).collect();
    if renamed.iter().all(Option::is_none) {
        return false;
    }
    let mut taken: HashSet<String> = members
        .iter()
        .zip(&renamed)
        .filter(|(_, renamed)| renamed.is_none())
        .map(|(member, _)| member.key.clone())
        .collect();
    let mut chosen: HashMap<String, String> = HashMap::new();
    // Counting goes on where it stood, so that many keys of one length cost no more than few.
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (member, renamed) in members.iter_mut().zip(renamed) {
        let Some(renamed) = renamed else { continue };
        let key = chosen.entry(std::mem::take(&mut member.key));
        let key = key.or_insert_with(|| {
            let count = counts.entry(renamed.clone()).or_insert(0);
            loop {
                *count += 1;
                let name = match *count {
                    1 => renamed.clone(),
                    count => format!("{renamed} ({count})"),
                };
                if taken.insert(name.clone()) {
                    break name;
                }
            }
        });
        member.key.clone_from(key);
    }
    true
}

impl fmt::Debug for Node {
    /// Shows the structure and the keys; no text of a value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Null => f.write_str("null"),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::Number(_) => f.write_str("number"),
            Kind::Text(text) => write!(f, "text({})", text.len()),
            Kind::List(elements) => f.debug_list().entries(elements).finish(),
            Kind::Map(members) => f
                .debug_map()
                .entries(members.iter().map(|member| (&member.key, &member.value)))
                .finish(),
        }
    }
}
