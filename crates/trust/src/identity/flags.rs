//! Walking a launcher's arguments: flags, their values, what is positional.

use countersign_model::{Argument, Modifier};

use super::WHY;

/// What a launcher's flag means to its reader.
pub(super) struct Flags<'table> {
    /// Flags that take a value.
    pub(super) valued: &'table [&'table str],
    /// Flags that change what runs, with what they do.
    pub(super) telling: &'table [(&'table str, &'table str)],
}

/// One step through the arguments.
pub(super) enum Step<'token> {
    /// A flag, with its value where it has one.
    Flag(String, Option<Value<'token>>),
    /// A positional argument, at its index.
    Positional(usize, &'token str),
    /// The end of flags.
    End,
}

/// A flag's value: its text, and what may be shown of it.
#[derive(Clone)]
pub(super) struct Value<'token> {
    pub(super) text: &'token str,
    pub(super) shown: String,
}

/// A walk through tokens, which ends where its reader stops asking.
pub(super) struct Walk<'token> {
    tokens: &'token [Argument],
    flags: &'token Flags<'token>,
    at: usize,
    is_ended: bool,
}

impl<'token> Walk<'token> {
    /// Starts at `from`.
    pub(super) fn new(
        tokens: &'token [Argument],
        from: usize,
        flags: &'token Flags<'token>,
    ) -> Self {
        Self {
            tokens,
            flags,
            at: from,
            is_ended: false,
        }
    }

    /// Returns a modifier for a flag that changes what runs.
    pub(super) fn modifier(&self, flag: &str, value: Option<&Value<'_>>) -> Option<Modifier> {
        let (_, meaning) = self.flags.telling.iter().find(|(name, _)| *name == flag)?;
        Some(Modifier {
            source: flag.to_owned(),
            value: value.map(|value| value.shown.clone()),
            meaning: (*meaning).to_owned(),
        })
    }
}

impl<'token> Iterator for Walk<'token> {
    type Item = Step<'token>;

    fn next(&mut self) -> Option<Step<'token>> {
        let token = self.tokens.get(self.at)?;
        let text = token.expose(WHY);
        let index = self.at;
        self.at += 1;
        if self.is_ended || !text.starts_with('-') || text == "-" {
            return Some(Step::Positional(index, text));
        }
        if text == "--" {
            self.is_ended = true;
            return Some(Step::End);
        }
        if let Some((name, value)) = text.split_once('=') {
            let shown = token
                .shown()
                .split_once('=')
                .map_or_else(|| token.shown().to_owned(), |(_, shown)| shown.to_owned());
            return Some(Step::Flag(
                name.to_owned(),
                Some(Value { text: value, shown }),
            ));
        }
        if self.flags.valued.contains(&text) {
            let value = self.tokens.get(self.at).map(|value| Value {
                text: value.expose(WHY),
                shown: value.shown().to_owned(),
            });
            self.at += 1;
            return Some(Step::Flag(text.to_owned(), value));
        }
        Some(Step::Flag(text.to_owned(), None))
    }
}
