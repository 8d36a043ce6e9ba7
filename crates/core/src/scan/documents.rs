//! Documents beside the configs: switch files for effects, settings and tasks for rules.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use countersign_clients::{
    Catalog, Format,
    effects::SwitchDocument,
    files::{self, Found},
    locate, read,
};
use countersign_confedit::{Lines, Node};
use countersign_model::{ClientId, ReadFailure, Scope};
use countersign_rules::{SceneDocument, WANTED, Wanted};

use super::{gaps::Gaps, load::LoadedDocument};
use crate::setup::Setup;

/// Reads the files in which servers are switched off, kept out or approved. A file that is there and
/// cannot be read is a gap: what it says is not known.
pub(super) fn switches<'catalog>(
    setup: &Setup,
    catalog: &'catalog Catalog,
    loaded: &[LoadedDocument],
    projects: &[Arc<PathBuf>],
    gaps: &mut Gaps,
) -> Vec<SwitchDocument<'catalog>> {
    let mut documents = Vec::new();
    let mut unknown = Vec::new();
    for client in &catalog.clients {
        for row in &client.switches {
            if row.os.is_some_and(|os| os != setup.machine.os) {
                continue;
            }
            let Some(pattern) =
                locate::template_or_override(&setup.machine, &row.path, &row.overrides)
            else {
                continue;
            };
            let mut add = |path: PathBuf, project: Option<Arc<PathBuf>>| match root(
                &path, row.format, loaded,
            ) {
                Ok(Some(root)) => documents.push(SwitchDocument {
                    client: client.id.clone(),
                    row,
                    project,
                    shown_path: setup.shorten(&path),
                    root,
                }),
                Ok(None) => {}
                Err(failure) => unknown.push(format!(
                    "what {} says about {}'s servers is not known: {failure}",
                    setup.shorten(&path),
                    client.name
                )),
            };
            if pattern.needs_project() {
                for project in projects {
                    let pattern = pattern.in_project(&project.to_string_lossy());
                    for path in gaps.expand(setup, &pattern) {
                        add(path, Some(Arc::clone(project)));
                    }
                }
            } else {
                for path in gaps.expand(setup, &pattern) {
                    add(path, None);
                }
            }
        }
    }
    for note in unknown {
        gaps.tell(note);
    }
    documents
}

/// Returns a file's document: the one that was read already, or one read now. `None` where there is no
/// such file.
fn root(
    path: &Path,
    format: Format,
    loaded: &[LoadedDocument],
) -> Result<Option<Node>, ReadFailure> {
    if let Some(known) = loaded.iter().find(|known| known.path.as_path() == path) {
        return Ok(Some(known.root.clone()));
    }
    match files::read(path) {
        Found::Text(content) => read::document(&content.text, format).map(Some),
        Found::Failed { failure, .. } => Err(failure),
        Found::Absent => Ok(None),
    }
}

/// Reads the documents that rules want to see. One that is there and cannot be read is a gap.
pub(super) fn wanted(
    setup: &Setup,
    projects: &[Arc<PathBuf>],
    only_given: bool,
    gaps: &mut Gaps,
) -> Vec<SceneDocument> {
    let mut documents = Vec::new();
    let mut add = |wanted: &Wanted, path: PathBuf, project: Option<Arc<PathBuf>>| match document(
        wanted,
        path.clone(),
        project,
    ) {
        Ok(document) => documents.extend(document),
        Err(failure) => gaps.tell(format!(
            "what {} says is not known: {failure}",
            setup.shorten(&path)
        )),
    };
    for wanted in &WANTED {
        let Some(template) = setup.machine.expand(wanted.path) else {
            continue;
        };
        let pattern = countersign_clients::Pattern::new(&template);
        if pattern.needs_project() {
            for project in projects {
                let path = PathBuf::from(pattern.in_project(&project.to_string_lossy()).as_str());
                add(wanted, path, Some(Arc::clone(project)));
            }
        } else if !only_given {
            add(wanted, PathBuf::from(pattern.as_str()), None);
        }
    }
    documents
}

fn document(
    wanted: &Wanted,
    path: PathBuf,
    project: Option<Arc<PathBuf>>,
) -> Result<Option<SceneDocument>, ReadFailure> {
    let content = match files::read(&path) {
        Found::Text(content) => content,
        Found::Failed { failure, .. } => return Err(failure),
        Found::Absent => return Ok(None),
    };
    let format = if wanted.is_toml {
        Format::Toml
    } else {
        Format::Jsonc
    };
    let root = read::document(&content.text, format)?;
    let scope = match (&project, wanted.path.ends_with(".local.json")) {
        (Some(_), true) => Scope::ProjectLocal,
        (Some(_), false) => Scope::Project,
        (None, _) => Scope::User,
    };
    Ok(Some(SceneDocument {
        kind: wanted.kind,
        client: ClientId::new(wanted.client),
        scope,
        project,
        lines: Lines::of(&content.text),
        path: Arc::new(path),
        root,
    }))
}
