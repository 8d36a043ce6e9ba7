//! Shapes of command lines: exact tokens with typed holes. No patterns, no "rest".

use std::fmt;

use countersign_model::{Argument, Nature, references};

use crate::identity::WHY;

/// One token of an approved command line.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Token {
    /// This text and no other.
    Exact(String),
    /// Any text of a kind.
    Hole(Hole),
}

/// A place in a command line where any text of one kind may stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hole {
    /// The kind.
    pub kind: HoleKind,
    /// Text before the hole in the same token, such as `--token=`.
    pub prefix: String,
}

/// What may stand in a hole.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HoleKind {
    /// A path, inside the folder where one is named.
    Path {
        /// The folder.
        under: Option<String>,
    },
    /// A port, 1 to 65535.
    Port,
    /// A credential or a reference to one.
    Secret,
}

impl Token {
    /// Returns whether a token of an entry fits. `home` fills in `~`.
    pub fn fits(&self, argument: &Argument, home: &str) -> bool {
        let text = argument.expose(WHY);
        match self {
            Token::Exact(exact) => exact == text,
            Token::Hole(hole) => text
                .strip_prefix(hole.prefix.as_str())
                .is_some_and(|inner| {
                    // A flag must never slip in where a value is expected.
                    let is_flag = hole.prefix.is_empty() && inner.starts_with('-');
                    !inner.is_empty() && !is_flag && hole.kind.fits(inner, argument.nature(), home)
                }),
        }
    }

    /// Makes the token that an entry's token would be approved as: a credential becomes a hole, and so does a
    /// reference to one in the vault.
    pub fn of(argument: &Argument) -> Self {
        let text = argument.expose(WHY);
        if let Some((place, _)) = references(text).first() {
            return Token::Hole(Hole {
                kind: HoleKind::Secret,
                prefix: text[..place.start].to_owned(),
            });
        }
        if !argument.is_masked() {
            return Token::Exact(text.to_owned());
        }
        let common = text
            .char_indices()
            .zip(argument.shown().chars())
            .find(|((_, left), right)| left != right)
            .map_or(0, |((at, _), _)| at);
        Token::Hole(Hole {
            kind: HoleKind::Secret,
            prefix: text[..common].to_owned(),
        })
    }
}

impl HoleKind {
    fn fits(&self, text: &str, nature: &Nature, home: &str) -> bool {
        match self {
            HoleKind::Port => text.len() <= 5 && text.parse::<u16>().is_ok_and(|port| port > 0),
            HoleKind::Secret => {
                !matches!(nature, Nature::Empty) && !text.contains(char::is_whitespace)
            }
            HoleKind::Path { under } => {
                let is_path = !text.contains('\0') && !text.contains("://");
                is_path
                    && under
                        .as_deref()
                        .is_none_or(|folder| is_under(text, folder, home))
            }
        }
    }
}

/// Returns whether a path lies inside a folder, without ever leaving it on the way.
fn is_under(path: &str, folder: &str, home: &str) -> bool {
    let steps = |text: &str| -> Option<Vec<String>> {
        let text = text.replace('\\', "/");
        let text = match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
            _ => text,
        };
        if text.split('/').any(|step| step == "..") {
            return None;
        }
        Some(
            text.split('/')
                .filter(|step| !step.is_empty() && *step != ".")
                .map(str::to_owned)
                .collect(),
        )
    };
    let is_rooted = path.starts_with(['/', '~']) || path.as_bytes().get(1) == Some(&b':');
    match (steps(path), steps(folder)) {
        (Some(path), Some(folder)) => is_rooted && path.starts_with(&folder),
        _ => false,
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Exact(text) if text.is_empty() || text.contains([' ', '"']) => {
                write!(f, "{text:?}")
            }
            Token::Exact(text) => f.write_str(text),
            Token::Hole(hole) => {
                f.write_str(&hole.prefix)?;
                match &hole.kind {
                    HoleKind::Path { under: Some(under) } => write!(f, "‹path under {under}›"),
                    HoleKind::Path { under: None } => f.write_str("‹path›"),
                    HoleKind::Port => f.write_str("‹port›"),
                    HoleKind::Secret => f.write_str("‹secret›"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::{Argument, SecretText};

    use super::{Hole, HoleKind, Token};

    fn hole(kind: HoleKind, prefix: &str) -> Token {
        Token::Hole(Hole {
            kind,
            prefix: prefix.into(),
        })
    }

    #[test]
    fn holes_take_their_kind_only() {
        let fits = |token: &Token, text: &str| token.fits(&Argument::plain(text), "/home/dev");
        let port = hole(HoleKind::Port, "");
        assert!(fits(&port, "8080"));
        for text in ["", "0", "65536", "-1", "80a", "000080"] {
            assert!(!fits(&port, text), "{text}");
        }
        let under = hole(
            HoleKind::Path {
                under: Some("~/src".into()),
            },
            "",
        );
        for text in ["/home/dev/src", "/home/dev/src/a", "~/src/a/./b"] {
            assert!(fits(&under, text), "{text}");
        }
        for text in [
            "/home/dev/srcx",
            "/home/dev/src/../.ssh",
            "a",
            "/",
            "--root=/home/dev/src",
            "",
        ] {
            assert!(!fits(&under, text), "{text}");
        }
        let any = hole(HoleKind::Path { under: None }, "");
        assert!(fits(&any, "relative/path"));
        assert!(!fits(&any, "--flag") && !fits(&any, "https://x"));
        let secret = hole(HoleKind::Secret, "--token=");
        assert!(fits(&secret, "--token=abc") && fits(&secret, "--token=-abc"));
        assert!(
            !fits(&secret, "--token=") && !fits(&secret, "abc") && !fits(&secret, "--token=a b")
        );
        assert!(fits(&Token::Exact("x".into()), "x") && !fits(&Token::Exact("x".into()), "xx"));
    }

    #[test]
    fn a_credential_becomes_a_hole() {
        let argument = Argument::masked(
            SecretText::new("--token=ghp_x".into()),
            "--token=<hidden:5>".into(),
        );
        assert_eq!(Token::of(&argument), hole(HoleKind::Secret, "--token="));
        assert_eq!(Token::of(&Argument::plain("a")), Token::Exact("a".into()));
        let moved = format!("--token=countersign:{}", "ab".repeat(16));
        let moved = Argument::plain(&moved);
        assert_eq!(Token::of(&moved), hole(HoleKind::Secret, "--token="));
        assert!(Token::of(&argument).fits(&moved, "/home/dev"));
    }
}
