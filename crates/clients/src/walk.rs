//! Walking folders for projects: parallel, bounded, cancellable.

use std::{
    collections::HashSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::{Catalog, Machine, locate};

/// Levels below a folder that are walked.
pub const LEVELS_MAX: usize = 24;

/// Folders that one walk enters.
pub const FOLDERS_MAX: usize = 1_000_000;

/// Folders whose inside is not looked at: other people's code, caches, build output.
const SKIPPED: [&str; 18] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "target",
    "dist",
    "build",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".mypy_cache",
    ".gradle",
    ".cargo",
    ".rustup",
    ".npm",
    ".cache",
];

/// Names that make a folder a project: the first step of each project location.
#[derive(Clone, Debug)]
pub struct Markers(HashSet<OsString>);

impl Markers {
    /// Collects the markers of a catalog on a machine.
    pub fn of(catalog: &Catalog, machine: &Machine) -> Self {
        let markers = catalog
            .locations()
            .flat_map(|location| locate::location(machine, location).patterns)
            .filter_map(|pattern| pattern.project_marker().map(OsString::from))
            // These names stand in folders of every kind; such a folder is a project only by more.
            .filter(|name| name != "config" && name != "config.json" && name != "app")
            .collect();
        Self(markers)
    }
}

/// A walk's progress and its end, shared with whoever watches it.
#[derive(Debug, Default)]
pub struct Progress {
    folders: AtomicUsize,
    is_cancelled: AtomicBool,
}

impl Progress {
    /// Returns how many folders were entered.
    pub fn folders(&self) -> usize {
        self.folders.load(Ordering::Relaxed)
    }

    /// Ends the walk soon.
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Returns whether the walk was ended before it was complete.
    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Relaxed)
    }
}

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Folders with a marker, in order.
    pub projects: Vec<PathBuf>,
    /// Whether a bound or a cancellation ended the walk early.
    pub is_partial: bool,
}

/// Walks `roots` and returns the folders that hold a marker. Symbolic links are not followed;
/// folders that cannot be read count as empty.
pub fn walk(roots: &[PathBuf], markers: &Markers, progress: &Progress) -> Walked {
    let found = Mutex::new(Vec::new());
    let is_partial = AtomicBool::new(false);
    let walk = Walk {
        markers,
        progress,
        found: &found,
        is_partial: &is_partial,
    };
    rayon::scope(|scope| {
        for root in roots {
            scope.spawn(|scope| walk.enter(scope, root.clone(), 0));
        }
    });
    let mut projects = found
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    projects.sort();
    projects.dedup();
    Walked {
        projects,
        is_partial: is_partial.into_inner() || progress.is_cancelled(),
    }
}

#[derive(Clone, Copy)]
struct Walk<'shared> {
    markers: &'shared Markers,
    progress: &'shared Progress,
    found: &'shared Mutex<Vec<PathBuf>>,
    is_partial: &'shared AtomicBool,
}

impl<'shared> Walk<'shared> {
    fn enter(self, scope: &rayon::Scope<'shared>, folder: PathBuf, level: usize) {
        if self.progress.is_cancelled() {
            return;
        }
        if self.progress.folders.fetch_add(1, Ordering::Relaxed) >= FOLDERS_MAX
            || level > LEVELS_MAX
        {
            self.is_partial.store(true, Ordering::Relaxed);
            return;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            return;
        };
        let mut is_project = false;
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            is_project |= self.markers.0.contains(&name);
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !is_skipped(&name) {
                let child = entry.path();
                scope.spawn(move |scope| self.enter(scope, child, level + 1));
            }
        }
        if is_project && let Ok(mut found) = self.found.lock() {
            found.push(folder);
        }
    }
}

fn is_skipped(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| SKIPPED.contains(&name))
}

/// Returns the repository's root above `folder` (a folder with `.git`), if `folder` is not one
/// itself. Clients that walk up from the working folder read configs there too.
pub fn repository_above(folder: &Path, home: &Path) -> Option<PathBuf> {
    const STEPS_MAX: usize = 16;
    if folder.join(".git").exists() {
        return None;
    }
    folder
        .ancestors()
        .skip(1)
        .take(STEPS_MAX)
        .take_while(|above| *above != home && above.parent().is_some())
        .find(|above| above.join(".git").exists())
        .map(Path::to_owned)
}
