use std::{collections::HashMap, ops::Range};

use toml_edit::Key;
use toml_parser::{
    Source,
    parser::{Event, EventKind, parse_document},
};

use crate::edit::Path;

/// A header or a member on lines of its own, in the order of the text.
pub(super) struct Statement {
    pub(super) is_header: bool,
    /// What it makes: the table, or the member's value.
    pub(super) path: Path,
    /// Bytes of each key.
    pub(super) keys: Vec<Range<usize>>,
    /// From its first byte to the end of its brackets or its value.
    pub(super) range: Range<usize>,
    /// Bytes of the value; of a header, nothing.
    pub(super) value: Range<usize>,
    /// The header of the section it stands in, by its place in the list.
    pub(super) section: Option<usize>,
}

/// Splits TOML that a parser took into its statements; `None` where that does not work out.
pub(super) fn statements(text: &str) -> Option<Vec<Statement>> {
    let skipped = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let source = Source::new(text.get(skipped..)?);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
    let mut error = None;
    parse_document(&tokens, &mut events, &mut error);
    if error.is_some() {
        return None;
    }
    let mut reader = Reader {
        depth: 0,
        open: None,
        statements: Vec::new(),
    };
    for event in events {
        let span = event.span();
        reader.take(event.kind(), span.start() + skipped..span.end() + skipped)?;
    }
    reader.close()?;
    resolve(text, reader.statements)
}

struct Reader {
    /// Open arrays and inline tables.
    depth: usize,
    open: Option<Statement>,
    statements: Vec<Statement>,
}

impl Reader {
    fn take(&mut self, kind: EventKind, span: Range<usize>) -> Option<()> {
        match kind {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => self.start(true, &span)?,
            EventKind::SimpleKey if self.depth == 0 => {
                if self.open.is_none() {
                    self.start(false, &span)?;
                }
                let open = self.open.as_mut()?;
                open.keys.push(span.clone());
                open.range.end = span.end;
            }
            EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                self.value(&span)?;
                self.depth += 1;
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => {
                self.depth = self.depth.checked_sub(1)?;
                self.value(&span)?;
            }
            EventKind::Scalar => self.value(&span)?,
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                self.open.as_mut()?.range.end = span.end;
                self.close()?;
            }
            EventKind::Newline if self.depth == 0 => self.close()?,
            EventKind::Error => return None,
            EventKind::SimpleKey
            | EventKind::KeySep
            | EventKind::KeyValSep
            | EventKind::ValueSep
            | EventKind::Whitespace
            | EventKind::Comment
            | EventKind::Newline => {}
        }
        Some(())
    }

    fn start(&mut self, is_header: bool, span: &Range<usize>) -> Option<()> {
        self.close()?;
        self.open = Some(Statement {
            is_header,
            path: Path::new(),
            keys: Vec::new(),
            range: span.clone(),
            value: span.end..span.end,
            section: None,
        });
        Some(())
    }

    fn value(&mut self, span: &Range<usize>) -> Option<()> {
        let open = self.open.as_mut()?;
        if open.value.is_empty() {
            open.value.start = span.start;
        }
        open.value.end = span.end;
        open.range.end = span.end;
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        if let Some(statement) = self.open.take() {
            // A header has no value, and a member has one.
            if statement.keys.is_empty() || statement.is_header != statement.value.is_empty() {
                return None;
            }
            self.statements.push(statement);
        }
        Some(())
    }
}

/// Finds out what each statement makes.
fn resolve(text: &str, mut statements: Vec<Statement>) -> Option<Vec<Statement>> {
    let mut lengths: HashMap<Path, usize> = HashMap::new();
    let mut section = None;
    let mut table = Path::new();
    for (index, statement) in statements.iter_mut().enumerate() {
        let keys = statement.keys.first()?.start..statement.keys.last()?.end;
        let keys = Key::parse(text.get(keys)?).ok()?;
        if keys.len() != statement.keys.len() {
            return None;
        }
        if !statement.is_header {
            statement.section = section;
            statement.path = table.clone();
            statement
                .path
                .extend(keys.iter().map(|key| key.get().to_owned()));
            continue;
        }
        let is_array = text.get(statement.range.clone())?.starts_with("[[");
        let mut path = Path::new();
        for (depth, key) in keys.iter().enumerate() {
            path.push(key.get().to_owned());
            if is_array && depth + 1 == keys.len() {
                *lengths.entry(path.clone()).or_default() += 1;
            }
            if let Some(length) = lengths.get(&path) {
                path.push((length - 1).to_string());
            }
        }
        section = Some(index);
        table.clone_from(&path);
        statement.path = path;
    }
    Some(statements)
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn tells_what_each_statement_makes() {
        let text = "\u{feff}a = 1 # c\nb.'c' = [\n 1, # x\n {d = 2}]\n[e.\"f g\"]\nh=''\n[[i]]\nj.k = 1\n[i.l]\n[[i]]\nm = \"\"";
        let found = statements(text).expect("valid");
        let shown = found
            .iter()
            .map(|statement| {
                let spelled = &text[statement.range.clone()];
                format!(
                    "{} {spelled}|{}",
                    statement.path.join("/"),
                    &text[statement.value.clone()]
                )
            })
            .collect::<Vec<_>>();
        assert_eq!(
            shown,
            [
                "a a = 1|1",
                "b/c b.'c' = [\n 1, # x\n {d = 2}]|[\n 1, # x\n {d = 2}]",
                "e/f g [e.\"f g\"]|",
                "e/f g/h h=''|''",
                "i/0 [[i]]|",
                "i/0/j/k j.k = 1|1",
                "i/0/l [i.l]|",
                "i/1 [[i]]|",
                "i/1/m m = \"\"|\"\"",
            ]
        );
        assert_eq!(found[8].section, Some(7));
    }
}
