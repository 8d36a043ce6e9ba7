//! Projects: from the clients' own lists, and from folders that the user named.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use countersign_clients::{
    Catalog, Pattern,
    catalog::{ProjectSource, ProjectSourceKind},
    files::{self, Found},
    locate, projects,
    walk::repository_above,
};
use countersign_store::foreign::{self, Query};

use super::gaps::Gaps;
use crate::setup::Setup;

/// Projects that one scan looks at.
pub(super) const PROJECTS_MAX: usize = 20_000;

/// Workspaces that are taken from one editor.
const WORKSPACES_MAX: usize = 2_000;

/// Returns the projects that clients have on their own lists.
pub(super) fn known(setup: &Setup, catalog: &Catalog, gaps: &mut Gaps) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    for source in catalog.clients.iter().flat_map(|client| &client.projects) {
        if source.os.is_none_or(|os| os == setup.machine.os) {
            found.extend(of_source(setup, source, gaps));
        }
    }
    found.into_iter().map(PathBuf::from).collect()
}

fn of_source(setup: &Setup, source: &ProjectSource, gaps: &mut Gaps) -> Vec<String> {
    let Some(pattern) =
        locate::template_or_override(&setup.machine, &source.path, &source.overrides)
    else {
        return Vec::new();
    };
    if source.kind == ProjectSourceKind::VscodeState {
        return vscode(setup, pattern.as_str(), gaps);
    }
    gaps.expand(setup, &pattern)
        .iter()
        .flat_map(|path| match source.kind {
            ProjectSourceKind::MapKeys => text(path)
                .map(|text| projects::map_keys(&text, source))
                .unwrap_or_default(),
            ProjectSourceKind::MemberValue => text(path)
                .and_then(|text| projects::member_value(&text, source))
                .into_iter()
                .collect(),
            ProjectSourceKind::JetbrainsXml => text(path)
                .map(|text| projects::jetbrains(&text, &setup.machine.home))
                .unwrap_or_default(),
            ProjectSourceKind::ZedDatabase => foreign::texts(path, Query::ZedWorkspaces)
                .iter()
                .flat_map(|paths| projects::zed(paths))
                .collect(),
            ProjectSourceKind::VscodeState => Vec::new(),
        })
        .collect()
}

/// Reads the state of an editor of VS Code's family, in its user folder.
fn vscode(setup: &Setup, user_folder: &str, gaps: &mut Gaps) -> Vec<String> {
    let state = PathBuf::from(format!("{user_folder}/globalStorage/state.vscdb"));
    let mut found: Vec<String> = if files::is_there(&state) {
        foreign::texts(&state, Query::VscodeRecent)
            .iter()
            .flat_map(|text| projects::recently_opened(text))
            .collect()
    } else {
        Vec::new()
    };
    let workspaces = Pattern::new(&format!("{user_folder}/workspaceStorage/*/workspace.json"));
    let paths = gaps.expand(setup, &workspaces);
    if paths.len() > WORKSPACES_MAX {
        gaps.tell(format!(
            "only the first {WORKSPACES_MAX} workspaces of {} were looked at",
            setup.shorten(Path::new(user_folder))
        ));
    }
    found.extend(
        paths
            .iter()
            .take(WORKSPACES_MAX)
            .filter_map(|path| projects::workspace(&text(path)?)),
    );
    found
}

fn text(path: &Path) -> Option<String> {
    match files::read(path) {
        Found::Text(content) => Some(content.text.to_string()),
        Found::Absent | Found::Failed { .. } => None,
    }
}

/// Puts all projects together: known ones and walked ones that are there, the roots themselves, and
/// the repositories above them. The home itself is no project.
pub(super) fn all(
    setup: &Setup,
    known: Vec<PathBuf>,
    walked: Vec<PathBuf>,
    roots: &[PathBuf],
) -> Vec<Arc<PathBuf>> {
    let home = Path::new(&setup.machine.home);
    let mut projects: BTreeSet<PathBuf> = BTreeSet::new();
    for path in known.into_iter().chain(roots.iter().cloned()) {
        if path != home && path.parent().is_some() && path.is_dir() {
            projects.extend(repository_above(&path, home));
            projects.insert(path);
        }
    }
    projects.extend(walked.into_iter().filter(|path| path != home));
    projects
        .into_iter()
        .take(PROJECTS_MAX)
        .map(Arc::new)
        .collect()
}
