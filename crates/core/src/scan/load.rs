//! Reading the files that were found.

use std::{collections::HashSet, path::PathBuf, sync::Arc};

use countersign_clients::{
    Catalog, Format, Location,
    files::{self, Content, Found},
    read::{self, Row},
};
use countersign_confedit::{Lines, Node};
use countersign_model::{
    Config, ConfigId, ConfigState, FileRole, Os, Reader, TextFormat, WritePolicy,
};
use rayon::prelude::*;

use super::{
    Overlay,
    candidates::File,
    presence::{Present, shared_templates, shows_client},
};
use crate::setup::Setup;

/// A document of a file that was read, for what else stands in it.
#[derive(Debug)]
pub(super) struct LoadedDocument {
    pub(super) path: Arc<PathBuf>,
    pub(super) root: Node,
    pub(super) lines: Lines,
}

/// A config, and the document it was read from with its lines.
type OneRead = (Config, Option<(Node, Lines)>);

/// Configs, and the documents they were read from.
pub(super) struct Loaded {
    pub(super) configs: Vec<Config>,
    pub(super) documents: Vec<LoadedDocument>,
}

/// Reads every file, on every core. Clients whose own files are there are marked as present.
pub(super) fn load(
    setup: &Setup,
    catalog: &Catalog,
    files: &[File<'_>],
    overlay: &Overlay,
    present: &mut Present,
) -> Loaded {
    let read: Vec<Option<OneRead>> = files
        .par_iter()
        .map(|file| one(setup.machine.os, catalog, file, overlay))
        .collect();
    let shared = shared_templates(catalog);
    for (file, read) in files.iter().zip(&read) {
        if read.is_some() {
            mark_present(file, &shared, present);
        }
    }
    let mut loaded = Loaded {
        configs: Vec::new(),
        documents: Vec::new(),
    };
    for (mut config, document) in read.into_iter().flatten() {
        for reader in &mut config.readers {
            reader.present = present.contains_key(&reader.client);
        }
        leave_out_absent(&mut config);
        if let Some((root, lines)) = document {
            loaded.documents.push(LoadedDocument {
                path: Arc::clone(&config.path),
                root,
                lines,
            });
        }
        loaded.configs.push(config);
    }
    loaded
}

/// Leaves out readers whose client is not on this machine, as long as one is. Where none is, the file's
/// owner stands for it: a client that would only borrow the file says nothing about this machine.
fn leave_out_absent(config: &mut Config) {
    let is_kept = |reader: &Reader| reader.present;
    let owner = config
        .readers
        .iter()
        .find(|reader| reader.write != WritePolicy::SeeOwner)
        .or(config.readers.first())
        .map(|reader| reader.client.clone());
    let has_present = config.readers.iter().any(is_kept);
    let kept: Vec<bool> = config
        .readers
        .iter()
        .map(|reader| {
            if has_present {
                is_kept(reader)
            } else {
                Some(&reader.client) == owner.as_ref()
            }
        })
        .collect();
    let moved: Vec<Option<usize>> = kept
        .iter()
        .scan(0, |next, is_kept| {
            let at = is_kept.then_some(*next);
            *next += usize::from(*is_kept);
            Some(at)
        })
        .collect();
    let mut index = 0;
    config.readers.retain(|_| {
        index += 1;
        kept[index - 1]
    });
    for entry in &mut config.entries {
        let (readers, effects) = std::mem::take(&mut entry.readers)
            .into_iter()
            .zip(std::mem::take(&mut entry.effects))
            .filter_map(|(reader, effect)| Some((moved[reader]?, effect)))
            .unzip();
        entry.readers = readers;
        entry.effects = effects;
    }
    // An entry that no client on this machine reads is not there for it.
    config.entries.retain(|entry| !entry.readers.is_empty());
}

fn mark_present(file: &File<'_>, shared: &HashSet<&str>, present: &mut Present) {
    for (location, _) in &file.rows {
        if shows_client(location, shared) {
            present
                .entry(location.client.clone())
                .or_insert_with(|| file.path.clone());
        }
    }
}

/// Reads one file; `None` where it turns out to be no client's.
fn one(os: Os, catalog: &Catalog, file: &File<'_>, overlay: &Overlay) -> Option<OneRead> {
    let role = role(&file.rows);
    let mut readers: Vec<Reader> = file
        .rows
        .iter()
        .map(|(location, project)| reader(location, project.clone()))
        .collect();
    let mut config = Config {
        id: ConfigId::of(&file.path),
        path: Arc::new(file.path.clone()),
        target: file.target.clone(),
        role,
        readers: Vec::new(),
        format: TextFormat::Other,
        state: ConfigState::Reported,
        facts: None,
        entries: Vec::new(),
        faults: Vec::new(),
    };
    if matches!(role, FileRole::State | FileRole::Database | FileRole::Code) {
        if !is_mentioned(file) {
            return None;
        }
        config.facts = files::stat(&file.path);
        config.readers = readers;
        return Some((config, None));
    }
    let mut document = None;
    match files::read(&file.path) {
        Found::Absent => return None,
        Found::Failed { failure, facts } => {
            if is_gated(file) {
                return None;
            }
            config.state = ConfigState::Failed(failure);
            config.facts = facts;
        }
        Found::Text(mut content) => {
            if let Some(text) = overlay.get(&file.path) {
                content.text = text.clone();
            }
            config.facts = Some(content.facts);
            document = parse(os, catalog, file, &content, &mut config, &mut readers)?;
        }
    }
    config.readers = readers;
    Some((config, document))
}

/// Reads a text's servers into `config`. `None` where the file turns out to be no client's.
fn parse(
    os: Os,
    catalog: &Catalog,
    file: &File<'_>,
    content: &Content,
    config: &mut Config,
    readers: &mut Vec<Reader>,
) -> Option<Option<(Node, Lines)>> {
    let rows: Vec<Row<'_>> = file
        .rows
        .iter()
        .enumerate()
        .map(|(reader, (location, _))| Row { location, reader })
        .collect();
    let is_markdown = rows
        .iter()
        .any(|row| row.location.format == Format::Markdown);
    let front;
    let text = if is_markdown {
        // A text without front matter, or without servers in it, is a text.
        front = read::front_matter(&content.text)?;
        front.as_str()
    } else {
        content.text.as_str()
    };
    let reading = read::read(text, &config.id, &rows, readers, catalog, os);
    let is_foreign = is_gated(file) || is_markdown;
    if is_foreign && (!reading.has_container || reading.entries.is_empty()) {
        return None;
    }
    config.format = reading.format;
    config.state = reading.state;
    config.faults = reading.faults;
    config.entries = reading.entries;
    Some(reading.document.map(|root| (root, Lines::of(text))))
}

fn is_gated(file: &File<'_>) -> bool {
    file.rows.iter().all(|(location, _)| location.is_gated)
}

/// Returns whether a program's text mentions what makes it a client's, where the catalog asks for it.
fn is_mentioned(file: &File<'_>) -> bool {
    let mut mentions = file
        .rows
        .iter()
        .filter_map(|(location, _)| location.mentions.as_deref())
        .peekable();
    if mentions.peek().is_none() {
        return true;
    }
    match files::read(&file.path) {
        Found::Text(content) => mentions.any(|mention| content.text.contains(mention)),
        Found::Absent | Found::Failed { .. } => false,
    }
}

/// Returns what a file is for: for servers, if anyone reads servers from it.
fn role(rows: &[(&Location, Option<Arc<PathBuf>>)]) -> FileRole {
    let order = [
        FileRole::Servers,
        FileRole::Policy,
        FileRole::State,
        FileRole::Database,
        FileRole::Code,
    ];
    order
        .into_iter()
        .find(|role| rows.iter().any(|(location, _)| location.role == *role))
        .unwrap_or(FileRole::State)
}

fn reader(location: &Location, project: Option<Arc<PathBuf>>) -> Reader {
    Reader {
        client: location.client.clone(),
        scope: location.scope,
        project,
        confidence: location.confidence,
        write: location.write,
        present: false,
        when: location.when.clone(),
        is_legacy: location.is_legacy,
    }
}
