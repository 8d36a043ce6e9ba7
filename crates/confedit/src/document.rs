use std::ops::Range;

use crate::{DEPTH_MAX, Kind, NODES_MAX, Node, json, lines::Lines, toml, yaml};

/// How a text is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// JSON and its relatives.
    Json {
        /// `//` and `/* */` comments are allowed.
        comments: bool,
        /// A comma after the last member or element is allowed.
        trailing_commas: bool,
        /// Everything else that JSON5 adds is allowed.
        json5: bool,
    },
    /// TOML 1.0 and 1.1.
    Toml,
    /// YAML 1.2; the first document of a stream.
    Yaml,
}

impl Syntax {
    /// Strict JSON (RFC 8259).
    pub const JSON: Syntax = Syntax::Json {
        comments: false,
        trailing_commas: false,
        json5: false,
    };
    /// JSON with comments and trailing commas.
    pub const JSONC: Syntax = Syntax::Json {
        comments: true,
        trailing_commas: true,
        json5: false,
    };
    /// JSON5.
    pub const JSON5: Syntax = Syntax::Json {
        comments: true,
        trailing_commas: true,
        json5: true,
    };
}

/// Why a text could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseFailure {
    /// The text is not what its format asks for.
    #[error("{message}")]
    Syntax {
        /// What the parser met, as a lowercase fragment without a place.
        message: String,
        /// Line and column, from 1.
        position: (u32, u32),
    },
    /// More than [`DEPTH_MAX`] levels.
    #[error("nested deeper than {DEPTH_MAX} levels")]
    TooDeep {
        /// Line and column, from 1.
        position: (u32, u32),
    },
    /// More than [`NODES_MAX`] values.
    #[error("more than {NODES_MAX} values")]
    TooMany {
        /// Line and column, from 1.
        position: (u32, u32),
    },
}

/// A parser's failure by byte offset, before lines and columns are known.
pub(crate) enum RawFailure {
    Syntax { message: String, offset: usize },
    TooDeep { offset: usize },
    TooMany { offset: usize },
}

/// A key that stands more than once in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Keys and indices from the root to the map.
    pub path: Vec<String>,
    /// The key.
    pub key: String,
    /// Bytes of its first spelling.
    pub first: Range<usize>,
    /// Bytes of its last spelling.
    pub last: Range<usize>,
}

/// A text that was read.
#[derive(Debug)]
pub struct Document<'text> {
    text: &'text str,
    lines: Lines,
    root: Node,
    duplicates: Vec<Duplicate>,
}

impl<'text> Document<'text> {
    /// Reads `text`. A byte order mark at its start is skipped. Text without any value (empty, or
    /// only comments and blanks) is a null root.
    ///
    /// # Errors
    /// [`ParseFailure`], with line and column.
    pub fn parse(text: &'text str, syntax: Syntax) -> Result<Self, ParseFailure> {
        let lines = Lines::of(text);
        let skipped = if text.starts_with('\u{FEFF}') {
            '\u{FEFF}'.len_utf8()
        } else {
            0
        };
        let body = &text[skipped..];
        let parsed = match syntax {
            Syntax::Json { .. } => json::parse(body, syntax),
            Syntax::Toml => toml::parse(body),
            Syntax::Yaml => yaml::parse(body),
        };
        match parsed {
            Ok(mut root) => {
                if skipped > 0 {
                    shift(&mut root, skipped);
                }
                let mut duplicates = Vec::new();
                find_duplicates(&root, &mut Vec::new(), &mut duplicates);
                Ok(Self {
                    text,
                    lines,
                    root,
                    duplicates,
                })
            }
            Err(failure) => Err(place(failure, &lines, skipped)),
        }
    }

    /// Returns the root value.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Puts the key that `rename` gives in the place of each that it has one for, so that a tree may be
    /// shown. Of one map, equal keys stay equal and different keys stay different. Places stay as
    /// they are; what is looked up by a key of the text is not found under it after this.
    pub fn rename_keys(&mut self, rename: &dyn Fn(&str) -> Option<String>) {
        if self.root.rename_keys(rename) {
            self.duplicates.clear();
            find_duplicates(&self.root, &mut Vec::new(), &mut self.duplicates);
        }
    }

    /// Returns the text that was read.
    pub fn text(&self) -> &'text str {
        self.text
    }

    /// Returns line and column of a byte offset, both from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        self.lines.position(offset)
    }

    /// Returns the keys that stand more than once in one map.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }
}

fn place(failure: RawFailure, lines: &Lines, skipped: usize) -> ParseFailure {
    let position = |offset: usize| lines.position(offset + skipped);
    match failure {
        RawFailure::Syntax { message, offset } => ParseFailure::Syntax {
            message,
            position: position(offset),
        },
        RawFailure::TooDeep { offset } => ParseFailure::TooDeep {
            position: position(offset),
        },
        RawFailure::TooMany { offset } => ParseFailure::TooMany {
            position: position(offset),
        },
    }
}

fn shift(node: &mut Node, by: usize) {
    node.span = node.span.start + by..node.span.end + by;
    match &mut node.kind {
        Kind::List(elements) => elements.iter_mut().for_each(|element| shift(element, by)),
        Kind::Map(members) => {
            for member in members {
                member.key_span = member.key_span.start + by..member.key_span.end + by;
                shift(&mut member.value, by);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
    }
}

fn find_duplicates(node: &Node, path: &mut Vec<String>, found: &mut Vec<Duplicate>) {
    match &node.kind {
        Kind::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                if element.is_list() || element.is_map() {
                    path.push(index.to_string());
                    find_duplicates(element, path, found);
                    path.pop();
                }
            }
        }
        Kind::Map(members) => {
            let mut firsts = std::collections::HashMap::with_capacity(members.len());
            for member in members {
                match firsts.entry(member.key.as_str()) {
                    std::collections::hash_map::Entry::Vacant(slot) => {
                        slot.insert(&member.key_span);
                    }
                    std::collections::hash_map::Entry::Occupied(first) => found.push(Duplicate {
                        path: path.clone(),
                        key: member.key.clone(),
                        first: (*first.get()).clone(),
                        last: member.key_span.clone(),
                    }),
                }
                if member.value.is_list() || member.value.is_map() {
                    path.push(member.key.clone());
                    find_duplicates(&member.value, path, found);
                    path.pop();
                }
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
    }
}

/// Counts values and levels while a tree is built.
pub(crate) struct Budget {
    nodes: usize,
}

impl Budget {
    pub(crate) fn new() -> Self {
        Self { nodes: 0 }
    }

    /// Counts one value at `offset`, `depth` levels below the root.
    pub(crate) fn take(&mut self, depth: usize, offset: usize) -> Result<(), RawFailure> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            Err(RawFailure::TooMany { offset })
        } else if depth > DEPTH_MAX {
            Err(RawFailure::TooDeep { offset })
        } else {
            Ok(())
        }
    }
}
