//! From a config's text to its entries.

mod container;
mod entry;
mod members;
mod settings;

use std::{borrow::Cow, collections::HashMap, path::PathBuf, sync::Arc};

use countersign_confedit::{Document, Node, ParseFailure, Syntax};
use countersign_model::{
    ConfigFault, ConfigId, ConfigState, DuplicateKey, Effect, Entry, Os, Pointer, Position,
    ReadFailure, Reader, Scope, TextFormat,
};
use countersign_secrets::shown_text;

use crate::catalog::{Catalog, Format, Location};

/// Entries that are read from one file.
pub const ENTRIES_MAX: usize = 20_000;

/// A location by which a file is read, with the reader it speaks for.
#[derive(Clone, Copy, Debug)]
pub struct Row<'catalog> {
    /// The location.
    pub location: &'catalog Location,
    /// Index into the config's readers.
    pub reader: usize,
}

/// What was read from a file.
#[derive(Debug)]
pub struct Reading {
    /// How the text was read.
    pub format: TextFormat,
    /// Whether it could be read.
    pub state: ConfigState,
    /// What is wrong with the file though it could be read.
    pub faults: Vec<ConfigFault>,
    /// Its servers, each with one effect for each of its readers.
    pub entries: Vec<Entry>,
    /// The document, for what else stands in it.
    pub document: Option<Node>,
    /// Whether any row's container of servers is there.
    pub has_container: bool,
}

/// Reads `text` by every row that names its file. Scopes that are kept for each project inside a
/// user file add readers of their own to `readers`.
pub fn read(
    text: &str,
    config: &ConfigId,
    rows: &[Row<'_>],
    readers: &mut Vec<Reader>,
    catalog: &Catalog,
    os: Os,
) -> Reading {
    let mut parsed = match parse(text, rows) {
        Ok(parsed) => parsed,
        Err(failure) => return Reading::failed(failure),
    };
    let mut reading = Reading {
        format: parsed.format,
        state: ConfigState::Read,
        faults: std::mem::take(&mut parsed.faults),
        entries: Vec::new(),
        document: None,
        has_container: false,
    };
    let root = parsed.document.root();
    if !root.is_map() && !root.is_list() && !root.is_null() {
        let message = format!("{} where a map should be", root.kind_words());
        let position = place(&parsed.document, root.span.start);
        return Reading::failed(ReadFailure::WrongType { message, position });
    }
    let mut collected = Collected::default();
    for row in rows {
        let found = container::find(&parsed.document, row.location);
        reading.has_container |= !found.containers.is_empty();
        for fault in found.faults {
            if !reading.faults.contains(&fault) {
                reading.faults.push(fault);
            }
        }
        let spelling = entry::Spelling {
            dialect: catalog.dialect(&row.location.dialect),
            dialect_name: &row.location.dialect,
            document: &parsed.document,
            common_url: &catalog.dialect("default").url,
            os,
        };
        let refused = parsed.refused(row.location.format).map(Effect::Refused);
        for item in found.items {
            let reader = reader_of(row, item.project.as_deref(), readers);
            collected.take(config, &spelling, item, reader, refused.as_ref());
        }
    }
    if let Some(position) = collected.overflow {
        // What was read is kept, and the file does not count as read.
        reading.state = ConfigState::Failed(ReadFailure::TooMany { position });
    }
    reading.entries = collected.entries;
    for row in rows {
        if catalog.dialect(&row.location.dialect).fails_whole_file {
            reading.fail_whole_file(row.reader);
        }
    }
    reading.document = Some(root.clone());
    reading
}

impl Reading {
    /// Refuses every entry for a reader that stops at the first one that it cannot use.
    fn fail_whole_file(&mut self, reader: usize) {
        let at = |entry: &Entry| entry.readers.iter().position(|own| *own == reader);
        let refused = self.entries.iter().find_map(|entry| {
            let effect = &entry.effects[at(entry)?];
            matches!(effect, Effect::Refused(_)).then_some((entry, effect.reason()?))
        });
        let Some((entry, why)) = refused else {
            return;
        };
        let message = format!("`{}`: {why}", entry.name);
        let position = entry.position;
        for entry in &mut self.entries {
            if let Some(at) = at(entry)
                && !matches!(entry.effects[at], Effect::Refused(_))
            {
                let why = format!("the client refuses the whole file: {message}");
                entry.effects[at] = Effect::Refused(why);
            }
        }
        let fault = ConfigFault::ClientRefuses { message, position };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn failed(failure: ReadFailure) -> Self {
        Self {
            format: TextFormat::Other,
            state: ConfigState::Failed(failure),
            faults: Vec::new(),
            entries: Vec::new(),
            document: None,
            has_container: false,
        }
    }
}

/// The entries of a file, each once, and what each dialect makes of it.
#[derive(Default)]
struct Collected<'catalog> {
    entries: Vec<Entry>,
    known: HashMap<Pointer, usize>,
    outlooks: HashMap<(usize, &'catalog str), Effect>,
    /// Where the first entry stands that is not read any more.
    overflow: Option<Position>,
}

impl<'catalog> Collected<'catalog> {
    /// Adds an entry, or a further reader to an entry that is known.
    fn take(
        &mut self,
        config: &ConfigId,
        spelling: &entry::Spelling<'catalog, '_>,
        item: container::Item<'_>,
        reader: usize,
        refused: Option<&Effect>,
    ) {
        let known = self.known.get(&item.pointer).copied();
        if known.is_none() && self.entries.len() >= ENTRIES_MAX {
            self.overflow.get_or_insert(item.position);
            return;
        }
        let at = known.unwrap_or(self.entries.len());
        let outlook = refused.unwrap_or_else(|| {
            self.outlooks
                .entry((at, spelling.dialect_name))
                .or_insert_with(|| spelling.outlook(&item))
        });
        let outlook = outlook.clone();
        if known.is_none() {
            self.known.insert(item.pointer.clone(), at);
            self.entries.push(spelling.entry(config, item));
        }
        let entry = &mut self.entries[at];
        if !entry.readers.contains(&reader) {
            entry.effects.push(outlook);
            entry.readers.push(reader);
        }
    }
}

/// Returns the reader that an item belongs to: the row's, or one of its own for its project.
fn reader_of(row: &Row<'_>, project: Option<&str>, readers: &mut Vec<Reader>) -> usize {
    let Some(project) = project.filter(|_| row.location.scope == Scope::Local) else {
        return row.reader;
    };
    let base = readers[row.reader].clone();
    let path = PathBuf::from(project);
    let same = readers.iter().position(|reader| {
        reader.client == base.client
            && reader.scope == Scope::Local
            && reader.project.as_deref() == Some(&path)
    });
    same.unwrap_or_else(|| {
        readers.push(Reader {
            project: Some(Arc::new(path)),
            ..base
        });
        readers.len() - 1
    })
}

/// A parsed text and what strict readers think of it.
struct Parsed<'text> {
    document: Document<'text>,
    format: TextFormat,
    faults: Vec<ConfigFault>,
    strict_failure: Option<String>,
}

impl Parsed<'_> {
    /// Returns why a client that reads `format` refuses the file, if it does.
    fn refused(&self, format: Format) -> Option<String> {
        let failure = self.strict_failure.as_ref()?;
        (format == Format::Json).then(|| format!("the client reads strict JSON: {failure}"))
    }
}

/// Parses by the most tolerant of the rows' formats; what only a tolerant reader accepts is a fault.
fn parse<'text>(text: &'text str, rows: &[Row<'_>]) -> Result<Parsed<'text>, ReadFailure> {
    let formats = || rows.iter().map(|row| row.location.format);
    let syntax = formats()
        .max_by_key(|format| tolerance(*format))
        .map_or(Syntax::JSONC, syntax);
    let is_json = matches!(syntax, Syntax::Json { .. });
    if !is_json {
        let format = if formats().any(|format| format == Format::Markdown) {
            TextFormat::Markdown
        } else if syntax == Syntax::Toml {
            TextFormat::Toml
        } else {
            TextFormat::Yaml
        };
        return finish(Document::parse(text, syntax), format, None);
    }
    let parsed = parse_json(text, syntax, formats().any(|format| format == Format::Json))?;
    let root = parsed.document.root();
    if root.is_null() && root.span.is_empty() {
        return Err(ReadFailure::Syntax {
            message: "the file is empty".to_owned(),
            position: Position::START,
        });
    }
    Ok(parsed)
}

/// Parses JSON or one of its relatives. A text without any value gives a null root of no length.
fn parse_json(
    text: &str,
    syntax: Syntax,
    is_read_strictly: bool,
) -> Result<Parsed<'_>, ReadFailure> {
    if syntax == Syntax::JSON5 {
        return finish(Document::parse(text, syntax), TextFormat::Json5, None);
    }
    match Document::parse(text, Syntax::JSON) {
        Ok(document) => finish(Ok(document), TextFormat::Json, None),
        Err(strict) => match Document::parse(text, Syntax::JSONC) {
            Ok(document) => {
                let strict = Some((strict, is_read_strictly));
                finish(Ok(document), TextFormat::Jsonc, strict)
            }
            Err(_) if syntax == Syntax::JSON => Err(failure(strict)),
            Err(tolerant) => Err(failure(tolerant)),
        },
    }
}

fn finish<'text>(
    parsed: Result<Document<'text>, ParseFailure>,
    format: TextFormat,
    strict: Option<(ParseFailure, bool)>,
) -> Result<Parsed<'text>, ReadFailure> {
    let mut document = parsed.map_err(failure)?;
    document.rename_keys(&hidden_key);
    let mut faults: Vec<ConfigFault> = document
        .duplicates()
        .iter()
        .map(|duplicate| duplicate_fault(&document, duplicate))
        .collect();
    let mut strict_failure = None;
    if let Some((failed, is_read_strictly)) = strict {
        let failed = failure(failed);
        if is_read_strictly {
            faults.push(ConfigFault::ClientRefuses {
                message: message_of(&failed),
                position: failed.position().unwrap_or(Position::START),
            });
        }
        strict_failure = Some(failed.to_string());
    }
    Ok(Parsed {
        document,
        format,
        faults,
        strict_failure,
    })
}

fn message_of(failure: &ReadFailure) -> String {
    match failure {
        ReadFailure::Syntax { message, .. } => message.clone(),
        other => other.to_string(),
    }
}

fn duplicate_fault(
    document: &Document<'_>,
    duplicate: &countersign_confedit::Duplicate,
) -> ConfigFault {
    let parent = duplicate
        .path
        .iter()
        .fold(Pointer::root(), |pointer, step| pointer.key(step));
    ConfigFault::DuplicateKey(DuplicateKey {
        pointer: parent.key(&duplicate.key),
        first: place(document, duplicate.first.start),
        last: place(document, duplicate.last.start),
    })
}

fn place(document: &Document<'_>, offset: usize) -> Position {
    let (line, column) = document.position(offset);
    Position { line, column }
}

fn failure(failure: ParseFailure) -> ReadFailure {
    let at = |(line, column)| Position { line, column };
    match failure {
        ParseFailure::Syntax { message, position } => ReadFailure::Syntax {
            // Parsers repeat keys of the text.
            message: shown_text(&message).into_owned(),
            position: at(position),
        },
        ParseFailure::TooDeep { position } => ReadFailure::TooDeep {
            position: at(position),
        },
        ParseFailure::TooMany { position } => ReadFailure::TooMany {
            position: at(position),
        },
    }
}

/// Returns how a format's text is parsed; `None` for what is not read as a text of its own.
pub fn text_syntax(format: TextFormat) -> Option<Syntax> {
    match format {
        TextFormat::Json => Some(Syntax::JSON),
        TextFormat::Jsonc => Some(Syntax::JSONC),
        TextFormat::Json5 => Some(Syntax::JSON5),
        TextFormat::Toml => Some(Syntax::Toml),
        TextFormat::Yaml => Some(Syntax::Yaml),
        TextFormat::Markdown | TextFormat::Other => None,
    }
}

/// Returns whether a way of keys leads to a value.
pub fn leads_somewhere(root: &Node, way: &[crate::KeyStep]) -> bool {
    !way.is_empty() && container::leads_somewhere(root, way)
}

/// Parses a document that is not read for servers (policy, settings). Keys that are credentials are
/// hidden, as in [`read`].
///
/// # Errors
/// [`ReadFailure`], with the place.
pub fn document(text: &str, format: Format) -> Result<Node, ReadFailure> {
    let mut document = document_as_written(text, format)?;
    document.rename_keys(&hidden_key);
    Ok(document.root().clone())
}

/// Parses a document whose keys are looked up elsewhere, and not shown.
pub(crate) fn document_as_written(text: &str, format: Format) -> Result<Document<'_>, ReadFailure> {
    let syntax = match format {
        Format::Json => Syntax::JSONC,
        other => syntax(other),
    };
    Document::parse(text, syntax).map_err(failure)
}

/// Returns what is shown of a key that is a credential. Keys become names, steps of pointers and
/// parts of messages: they are hidden before anything is made of them.
fn hidden_key(key: &str) -> Option<String> {
    match shown_text(key) {
        Cow::Borrowed(_) => None,
        Cow::Owned(shown) => Some(shown),
    }
}

/// Returns the part of a Markdown file that is YAML, with every other line blanked out so that
/// positions hold; `None` without front matter.
pub fn front_matter(text: &str) -> Option<String> {
    let body = text.trim_start_matches('\u{FEFF}');
    let skipped = text.len() - body.len();
    let rest = body.strip_prefix("---")?;
    if !rest.starts_with(['\n', '\r']) {
        return None;
    }
    let end = rest.find("\n---")?;
    Some(format!("{}{}", " ".repeat(skipped + 3), &rest[..end + 1]))
}

fn syntax(format: Format) -> Syntax {
    match format {
        Format::Json => Syntax::JSON,
        Format::Jsonc | Format::Sqlite | Format::Other => Syntax::JSONC,
        Format::Json5 => Syntax::JSON5,
        Format::Toml => Syntax::Toml,
        Format::Yaml | Format::Markdown => Syntax::Yaml,
    }
}

fn tolerance(format: Format) -> u8 {
    match format {
        Format::Sqlite | Format::Other => 0,
        Format::Json => 1,
        Format::Jsonc => 2,
        Format::Json5 => 3,
        Format::Toml | Format::Yaml | Format::Markdown => 4,
    }
}
