//! From a finding's pointer to its line: rules name a member, its place in the text is found here.

use std::{collections::HashMap, path::Path};

use countersign_confedit::Node;
use countersign_model::{Config, EntryId, Finding, Pointer, Position, Subject};

use super::load::LoadedDocument;

/// Puts the place of the named member in where a finding has only that of its entry.
pub(super) fn settle(findings: &mut [Finding], configs: &[Config], loaded: &[LoadedDocument]) {
    let entries: HashMap<&EntryId, (&Pointer, Position)> = configs
        .iter()
        .flat_map(|config| &config.entries)
        .map(|entry| (&entry.id, (&entry.pointer, entry.position)))
        .collect();
    let documents: HashMap<&Path, &LoadedDocument> = loaded
        .iter()
        .map(|document| (document.path.as_path(), document))
        .collect();
    for finding in findings {
        let Subject::Entry(id) = &finding.subject else {
            continue;
        };
        let (Some(place), Some((pointer, position))) = (&mut finding.place, entries.get(id)) else {
            continue;
        };
        let is_entry_s_own = place.position == *position && place.pointer != **pointer;
        if let Some(document) = documents
            .get(place.file.as_path())
            .filter(|_| is_entry_s_own)
            && let Some(node) = follow(&document.root, &place.pointer)
        {
            let (line, column) = document.lines.position(node.span.start);
            place.position = Position { line, column };
        }
    }
}

/// Follows a pointer; a key that stands twice leads to its last spelling.
fn follow<'node>(root: &'node Node, pointer: &Pointer) -> Option<&'node Node> {
    pointer.steps().try_fold(root, |node, step| {
        node.get(&step)
            .or_else(|| node.elements().get(step.parse::<usize>().ok()?))
    })
}
