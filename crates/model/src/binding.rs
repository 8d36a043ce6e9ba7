use std::collections::BTreeSet;

/// What a secret may be used for: one way to start a server, or one address.
///
/// Tokens and addresses hold our own references where a secret belongs; everything else is compared
/// byte by byte, so a reference that is copied into another entry opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What is started or reached.
    pub start: BoundStart,
    /// The variables or headers that the entry declares, by name.
    pub names: BTreeSet<String>,
}

/// What a binding allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BoundStart {
    /// A program with these arguments, as the config spells them.
    Command {
        /// The program.
        program: String,
        /// Its arguments, in order.
        arguments: Vec<String>,
    },
    /// Requests to one address.
    Remote {
        /// The whole address.
        url: String,
    },
}

/// How what was asked for differs from what a secret is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A program was asked for where an address is bound, or the other way round.
    Kind,
    /// Another program.
    Program {
        /// What is bound.
        bound: String,
        /// What was asked for.
        asked: String,
    },
    /// Another argument at an index, from 0; `None` where there is none.
    Argument {
        /// Which.
        index: usize,
        /// What is bound.
        bound: Option<String>,
        /// What was asked for.
        asked: Option<String>,
    },
    /// Another address.
    Url {
        /// What is bound.
        bound: String,
        /// What was asked for.
        asked: String,
    },
    /// A name that is not bound is declared.
    NameAdded(String),
    /// A name that is bound is not declared.
    NameGone(String),
}

impl Binding {
    /// Returns how `asked` differs from this binding; nothing where it is the same.
    pub fn differences(&self, asked: &Binding) -> Vec<Difference> {
        let mut found = match (&self.start, &asked.start) {
            (
                BoundStart::Command { program, arguments },
                BoundStart::Command {
                    program: asked_program,
                    arguments: asked_arguments,
                },
            ) => command(program, arguments, asked_program, asked_arguments),
            (BoundStart::Remote { url }, BoundStart::Remote { url: asked }) if url != asked => {
                vec![Difference::Url {
                    bound: url.clone(),
                    asked: asked.clone(),
                }]
            }
            (BoundStart::Remote { .. }, BoundStart::Remote { .. }) => Vec::new(),
            (BoundStart::Command { .. }, BoundStart::Remote { .. })
            | (BoundStart::Remote { .. }, BoundStart::Command { .. }) => vec![Difference::Kind],
        };
        let added = asked.names.difference(&self.names).cloned();
        let gone = self.names.difference(&asked.names).cloned();
        found.extend(added.map(Difference::NameAdded));
        found.extend(gone.map(Difference::NameGone));
        found
    }
}

fn command(
    program: &str,
    arguments: &[String],
    asked_program: &str,
    asked_arguments: &[String],
) -> Vec<Difference> {
    let mut found = Vec::new();
    if program != asked_program {
        found.push(Difference::Program {
            bound: program.to_owned(),
            asked: asked_program.to_owned(),
        });
    }
    let length = arguments.len().max(asked_arguments.len());
    found.extend((0..length).filter_map(|index| {
        let bound = arguments.get(index);
        let asked = asked_arguments.get(index);
        (bound != asked).then(|| Difference::Argument {
            index,
            bound: bound.cloned(),
            asked: asked.cloned(),
        })
    }));
    found
}

impl std::fmt::Display for Difference {
    /// Writes a sentence fragment. Texts are as they were asked for: show them as untrusted.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Difference::Kind => {
                f.write_str("a program is asked for where an address is bound, or the reverse")
            }
            Difference::Program { bound, asked } => {
                write!(f, "the program is `{asked}`, not `{bound}`")
            }
            Difference::Argument {
                index,
                bound: Some(bound),
                asked: Some(asked),
            } => write!(f, "argument {} is `{asked}`, not `{bound}`", index + 1),
            Difference::Argument {
                index,
                asked: Some(asked),
                ..
            } => write!(
                f,
                "argument {} is `{asked}`, where none is bound",
                index + 1
            ),
            Difference::Argument { index, bound, .. } => write!(
                f,
                "argument {}, `{}`, is missing",
                index + 1,
                bound.as_deref().unwrap_or_default()
            ),
            Difference::Url { bound, asked } => {
                write!(f, "the address is `{asked}`, not `{bound}`")
            }
            Difference::NameAdded(name) => write!(f, "`{name}` is declared and not bound"),
            Difference::NameGone(name) => write!(f, "`{name}` is bound and not declared"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Binding, BoundStart, Difference};

    fn command(program: &str, arguments: &[&str], names: &[&str]) -> Binding {
        Binding {
            start: BoundStart::Command {
                program: program.to_owned(),
                arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
            },
            names: names.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn the_same_start_has_no_differences() {
        let bound = command("npx", &["-y", "server"], &["A", "B"]);
        let asked = command("npx", &["-y", "server"], &["B", "A"]);
        assert_eq!(bound.differences(&asked), []);
    }

    #[test]
    fn every_difference_is_named() {
        let bound = command("npx", &["-y", "server"], &["A"]);
        let asked = command("node", &["-y", "other", "more"], &["NODE_OPTIONS"]);
        let words: Vec<String> = bound
            .differences(&asked)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            words,
            [
                "the program is `node`, not `npx`",
                "argument 2 is `other`, not `server`",
                "argument 3 is `more`, where none is bound",
                "`NODE_OPTIONS` is declared and not bound",
                "`A` is bound and not declared",
            ]
        );
    }

    #[test]
    fn an_address_opens_no_program() {
        let bound = command("npx", &[], &[]);
        let asked = Binding {
            start: BoundStart::Remote {
                url: "https://mcp.example.com/mcp".to_owned(),
            },
            names: bound.names.clone(),
        };
        assert_eq!(bound.differences(&asked), [Difference::Kind]);
        assert_eq!(asked.differences(&asked), []);
    }
}
