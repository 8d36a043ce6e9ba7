//! From a pattern to the files that it stands for.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use super::is_there;
use crate::locate::{Pattern, step_matches};

/// Files that one pattern may stand for.
pub const MATCHES_MAX: usize = 4_096;

/// Folder entries that are looked at for one pattern.
const ENTRIES_MAX: usize = 100_000;

/// Levels that `**` stands for.
const LEVELS_MAX: usize = 8;

/// Folders that `**` never enters: they hold other people's code, not configs.
const SKIPPED_FOLDERS: [&str; 8] = [
    "node_modules",
    ".git",
    "target",
    ".venv",
    "venv",
    "__pycache__",
    "dist",
    "build",
];

/// What a pattern stands for.
#[derive(Debug, Default)]
#[must_use]
pub struct Expanded {
    /// The paths, in order.
    pub paths: Vec<PathBuf>,
    /// Why there may be more.
    pub gap: Option<Gap>,
}

/// Why not everything that a pattern stands for was seen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gap {
    /// There is more than is looked at.
    #[error("more than {MATCHES_MAX} files fit, or more than {ENTRIES_MAX} stand beside them")]
    TooMany,
    /// A folder that is there and cannot be listed.
    #[error("{} cannot be listed", .0.display())]
    Unlisted(PathBuf),
}

/// Finds the paths that a pattern stands for; a pattern without wildcards is itself.
pub fn expand(pattern: &Pattern) -> Expanded {
    if !pattern.has_wildcard() {
        return Expanded {
            paths: vec![PathBuf::from(pattern.as_str())],
            gap: None,
        };
    }
    let text = pattern.as_str();
    let mut steps = text.split('/');
    let root = match steps.next() {
        Some("") => PathBuf::from("/"),
        Some(first) if first.ends_with(':') => PathBuf::from(format!("{first}/")),
        Some(first) => PathBuf::from(first),
        None => return Expanded::default(),
    };
    let steps: Vec<&str> = steps.filter(|step| !step.is_empty()).collect();
    let mut search = Search {
        found: Vec::new(),
        gap: None,
        entries_left: ENTRIES_MAX,
    };
    search.descend(&root, &steps, 0);
    search.found.sort();
    search.found.dedup();
    Expanded {
        paths: search.found,
        gap: search.gap,
    }
}

struct Search {
    found: Vec<PathBuf>,
    gap: Option<Gap>,
    entries_left: usize,
}

impl Search {
    fn descend(&mut self, folder: &Path, steps: &[&str], level: usize) {
        let Some((step, rest)) = steps.split_first() else {
            if !is_there(folder) {
                return;
            }
            if self.found.len() < MATCHES_MAX {
                self.found.push(folder.to_owned());
            } else {
                self.gap = Some(Gap::TooMany);
            }
            return;
        };
        if *step == "**" {
            self.descend(folder, rest, level);
            if level < LEVELS_MAX {
                for child in self.folders(folder) {
                    self.descend(&child, steps, level + 1);
                }
            }
        } else if step.contains('*') {
            for (name, path) in self.names(folder) {
                if step_matches(step, &name) {
                    self.descend(&path, rest, level);
                }
            }
        } else {
            self.descend(&folder.join(step), rest, level);
        }
    }

    fn names(&mut self, folder: &Path) -> Vec<(String, PathBuf)> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
                    self.gap
                        .get_or_insert_with(|| Gap::Unlisted(folder.to_owned()));
                }
                return Vec::new();
            }
        };
        let mut names = Vec::new();
        for entry in entries.filter_map(Result::ok) {
            if self.entries_left == 0 {
                self.gap = Some(Gap::TooMany);
                break;
            }
            self.entries_left -= 1;
            names.extend(
                entry
                    .file_name()
                    .into_string()
                    .ok()
                    .map(|name| (name, entry.path())),
            );
        }
        names.sort();
        names
    }

    /// Returns the real folders inside a folder; links are not followed, so there are no circles.
    fn folders(&mut self, folder: &Path) -> Vec<PathBuf> {
        self.names(folder)
            .into_iter()
            .filter(|(name, path)| {
                !SKIPPED_FOLDERS.contains(&name.as_str())
                    && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir())
            })
            .map(|(_, path)| path)
            .collect()
    }
}
