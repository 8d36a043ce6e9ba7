//! Watching the places where configs are, and where they may appear.
//!
//! Folders are watched, not files, since programs replace files by renaming. Of a place that is not
//! there, the nearest folder that is there is watched. Reading is no change: a scan never wakes itself.

use std::{
    collections::{BTreeSet, HashSet},
    path::{Path, PathBuf},
    time::Duration,
};

use countersign_clients::{Pattern, locate};
use notify::{
    Config as NotifyConfig, ErrorKind, Event, EventKind, PollWatcher, RecommendedWatcher,
    RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use crate::{Inventory, Setup, lists, scan};

/// Folders that are watched.
const FOLDERS_MAX: usize = 8_000;

/// How often folders are looked at where the system lets no more be watched.
const POLL: Duration = Duration::from_secs(2);

/// What is watched: folders, and the names in them that matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Folders that are there.
    pub folders: BTreeSet<PathBuf>,
    /// Files and folders whose appearing, changing or going matters.
    names: HashSet<PathBuf>,
    /// Folders in which everything matters.
    whole: HashSet<PathBuf>,
}

impl Targets {
    /// Collects the places of this machine's clients, of what a scan found, and of the lists.
    pub fn of(setup: &Setup, inventory: &Inventory) -> Self {
        let mut targets = Self::default();
        let catalog = scan::catalog(setup, &mut Vec::new());
        for location in catalog.locations() {
            for pattern in locate::location(&setup.machine, location).patterns {
                if !pattern.needs_project() {
                    targets.add_pattern(&pattern);
                }
            }
        }
        for client in &catalog.clients {
            for row in client
                .switches
                .iter()
                .filter(|row| !row.path.contains("{PROJECT}"))
            {
                targets.add_template(setup, &row.path);
            }
        }
        for wanted in countersign_rules::WANTED.iter() {
            if !wanted.path.contains("{PROJECT}") {
                targets.add_template(setup, wanted.path);
            }
        }
        for config in &inventory.configs {
            targets.add_file(&config.path);
            if let Some(target) = &config.target {
                targets.add_file(target);
            }
        }
        for project in &inventory.projects {
            targets.add_whole(project);
        }
        for list in &inventory.lists {
            match &list.source {
                countersign_store::ListSource::File(path) => targets.add_file(Path::new(path)),
                countersign_store::ListSource::Folder(path) => {
                    targets.add_file(&Path::new(path).join(lists::FILE_NAME));
                }
                countersign_store::ListSource::Url(_) => {}
            }
        }
        targets
    }

    fn add_template(&mut self, setup: &Setup, template: &str) {
        if let Some(path) = setup.machine.expand(template) {
            self.add_pattern(&Pattern::new(&path));
        }
    }

    fn add_pattern(&mut self, pattern: &Pattern) {
        if !pattern.has_wildcard() {
            self.add_file(Path::new(pattern.as_str()));
            return;
        }
        let head: Vec<&str> = pattern
            .as_str()
            .split('/')
            .take_while(|step| !step.contains('*'))
            .collect();
        let base = PathBuf::from(head.join("/"));
        // A whole home or disk is never watched for a wildcard right below it.
        if head.len() > 3 {
            self.add_whole(&base);
        }
    }

    fn add_file(&mut self, path: &Path) {
        self.names.insert(path.to_owned());
        let Some(parent) = path.parent() else {
            return;
        };
        let mut nearest = parent;
        while !nearest.is_dir() {
            self.names.insert(nearest.to_owned());
            match nearest.parent() {
                Some(above) => nearest = above,
                None => return,
            }
        }
        self.watch(nearest);
    }

    fn add_whole(&mut self, folder: &Path) {
        if folder.is_dir() {
            self.whole.insert(folder.to_owned());
            self.watch(folder);
        } else {
            self.add_file(folder);
        }
    }

    fn watch(&mut self, folder: &Path) {
        let is_root = folder.parent().is_none();
        if !is_root && self.folders.len() < FOLDERS_MAX {
            self.folders.insert(folder.to_owned());
        }
    }

    /// Returns whether a change at `path` matters.
    pub fn concerns(&self, path: &Path) -> bool {
        self.names.contains(path)
            || self.whole.contains(path)
            || path
                .parent()
                .is_some_and(|folder| self.whole.contains(folder))
    }
}

/// Watches until it is dropped.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    watched: BTreeSet<PathBuf>,
    is_polling: bool,
}

impl Watch {
    /// Starts to watch; `changed` is called with the paths of each change, from another thread.
    pub fn start(changed: impl Fn(Vec<PathBuf>) + Send + Clone + 'static) -> Self {
        let report = changed.clone();
        match RecommendedWatcher::new(handler(report), NotifyConfig::default()) {
            Ok(watcher) => Self {
                watcher: Box::new(watcher),
                watched: BTreeSet::new(),
                is_polling: false,
            },
            Err(_) => Self::polling(changed),
        }
    }

    fn polling(changed: impl Fn(Vec<PathBuf>) + Send + 'static) -> Self {
        let config = NotifyConfig::default().with_poll_interval(POLL);
        let watcher: Box<dyn Watcher + Send> = match PollWatcher::new(handler(changed), config) {
            Ok(watcher) => Box::new(watcher),
            Err(_) => Box::new(notify::NullWatcher),
        };
        Self {
            watcher,
            watched: BTreeSet::new(),
            is_polling: true,
        }
    }

    /// Watches these folders and no others. Returns what is to be said about it: where the system
    /// lets no more be watched, everything is polled from then on.
    pub fn set(
        &mut self,
        folders: &BTreeSet<PathBuf>,
        changed: impl Fn(Vec<PathBuf>) + Send + Clone + 'static,
    ) -> Option<String> {
        let gone: Vec<PathBuf> = self.watched.difference(folders).cloned().collect();
        for folder in gone {
            // A folder that is gone is no longer watched anyway.
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
        let new: Vec<PathBuf> = folders.difference(&self.watched).cloned().collect();
        for folder in new {
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(folder);
                }
                Err(error)
                    if matches!(error.kind, ErrorKind::MaxFilesWatch) && !self.is_polling =>
                {
                    *self = Self::polling(changed.clone());
                    return self.set(folders, changed);
                }
                // A folder that went away meanwhile, or that this user may not read.
                Err(_) => {}
            }
        }
        self.is_polling.then(|| {
            "the system lets no more folders be watched: changes are looked for every two seconds"
                .to_owned()
        })
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch")
            .field("watched", &self.watched.len())
            .field("is_polling", &self.is_polling)
            .finish_non_exhaustive()
    }
}

fn handler(
    changed: impl Fn(Vec<PathBuf>) + Send + 'static,
) -> impl FnMut(notify::Result<Event>) + Send + 'static {
    move |event| match event {
        Ok(event) if is_change(event.kind) => changed(event.paths),
        // Events were lost: everything may have changed.
        Err(_) => changed(Vec::new()),
        Ok(_) => {}
    }
}

fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path, sync::mpsc, time::Duration};

    use super::{Targets, Watch};

    #[test]
    fn of_what_is_not_there_the_nearest_folder_is_watched() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("a/b/mcp.json");
        let mut targets = Targets::default();
        targets.add_file(&file);
        assert!(targets.folders.contains(folder.path()));
        assert!(targets.concerns(&folder.path().join("a")));
        assert!(targets.concerns(&file));
        assert!(!targets.concerns(&folder.path().join("other")));
        assert!(!targets.concerns(Path::new("/etc/passwd")));
    }

    #[test]
    fn a_change_is_told_and_a_look_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("mcp.json");
        fs::write(&file, "{}").expect("is written");
        let (sender, receiver) = mpsc::channel();
        let changed = move |paths| {
            // The test may have ended.
            let _ = sender.send(paths);
        };
        let mut watch = Watch::start(changed.clone());
        let folders = [folder.path().to_owned()].into();
        assert_eq!(watch.set(&folders, changed), None);
        fs::read_to_string(&file).expect("is read");
        fs::write(&file, "{ }").expect("is written");
        let paths: Vec<std::path::PathBuf> = receiver
            .recv_timeout(Duration::from_secs(30))
            .expect("the change is told");
        assert_eq!(paths, [file]);
    }
}
