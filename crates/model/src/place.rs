use std::{fmt, path::PathBuf, sync::Arc};

/// A line and column in a text file, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a file.
    pub const START: Position = Position { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A JSON pointer (RFC 6901) into the decoded document, whatever its format.
///
/// An array element is named by its index from 0. The root is the empty string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the pointer to the member `key`, with `~` and `/` escaped.
    pub fn key(&self, key: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + key.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        for character in key.chars() {
            match character {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                other => text.push(other),
            }
        }
        Self(text)
    }

    /// Returns the pointer to the element at `index`.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// Reads a pointer as [`Pointer::as_str`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// Returns the pointer as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the unescaped steps from the root.
    pub fn steps(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns whether `self` lies inside `outer` or is the same place.
    pub fn is_within(&self, outer: &Pointer) -> bool {
        match self.0.strip_prefix(outer.0.as_str()) {
            Some(rest) => rest.is_empty() || rest.starts_with('/'),
            None => false,
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in which file something stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file as the client names it (symbolic links not resolved).
    pub file: Arc<PathBuf>,
    /// The member concerned.
    pub pointer: Pointer,
    /// Where the member starts.
    pub position: Position,
}

#[cfg(test)]
mod tests {
    use super::Pointer;

    #[test]
    fn escapes_and_unescapes_keys() {
        let pointer = Pointer::root().key("mcpServers").key("a/b~c").index(3);
        assert_eq!(pointer.as_str(), "/mcpServers/a~1b~0c/3");
        let steps: Vec<_> = pointer.steps().collect();
        assert_eq!(steps, ["mcpServers", "a/b~c", "3"]);
    }

    #[test]
    fn lies_within_only_at_a_step() {
        let outer = Pointer::root().key("a");
        assert!(outer.key("b").is_within(&outer));
        assert!(outer.is_within(&outer));
        assert!(!Pointer::root().key("ab").is_within(&outer));
        assert!(outer.is_within(&Pointer::root()));
    }
}
