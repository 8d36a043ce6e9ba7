//! What git keeps of a file: read from its index and objects, without starting git and without a look at a
//! repository's configuration.
//!
//! A repository's configuration can name programs (`core.fsmonitor`, filters, hooks) and files to include.
//! Nothing here reads it: only the index, the references, and the objects.

mod history;
mod ignored;

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use gix_hash::Kind;
use gix_index::entry::Mode;

pub use history::{COMMITS_MAX, History, Limits, Version};

/// Folders above a file in which a repository is looked for.
const ABOVE_MAX: usize = 64;

/// The largest index that is read, in bytes.
const INDEX_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// The largest file of one line that is read: where a worktree's repository is.
const POINTER_BYTES_MAX: u64 = 4 * 1024;

/// Why it is not known what git keeps.
#[derive(Debug, thiserror::Error)]
pub enum GitFailure {
    /// More than is read.
    #[error("read {}: it is larger than is looked at", .0.display())]
    TooLarge(PathBuf),
    /// Not what git writes, or not readable.
    #[error("read {}: {message}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What was met.
        message: String,
    },
    /// The file is in no repository.
    #[error("find a repository around {}", .0.display())]
    NoRepository(PathBuf),
}

/// A repository, by where its parts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Repository {
    /// The folder whose files it keeps.
    root: PathBuf,
    /// Where this work tree's index and `HEAD` are.
    git: PathBuf,
    /// Where objects and references are.
    common: PathBuf,
}

impl Repository {
    /// Finds the repository whose work tree a file lies in: the nearest folder above it with `.git`.
    /// Symbolic links to folders are followed first, as the file is where they lead.
    pub fn around(file: &Path) -> Option<Self> {
        let folder = fs::canonicalize(file.parent()?).ok()?;
        folder.ancestors().take(ABOVE_MAX).find_map(|above| {
            let marker = above.join(".git");
            let git = if marker.is_dir() {
                marker
            } else {
                linked(&marker, above)?
            };
            // A folder of that name that is no repository's.
            git.join("HEAD").is_file().then(|| Self {
                root: above.to_owned(),
                common: common(&git),
                git,
            })
        })
    }

    /// Returns the folder whose files the repository keeps.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns for each file whether git tracks its content. A symbolic link's content is where it leads.
    ///
    /// # Errors
    /// [`GitFailure`]: then it is not known.
    pub fn tracks(&self, files: &[&Path]) -> Result<Vec<bool>, GitFailure> {
        let path = self.git.join("index");
        let facts = match fs::metadata(&path) {
            Ok(facts) => facts,
            // Nothing was added yet.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(vec![false; files.len()]);
            }
            Err(error) => return Err(unreadable(&path, &error)),
        };
        if !facts.is_file() || facts.len() > INDEX_BYTES_MAX {
            return Err(GitFailure::TooLarge(path));
        }
        let options = gix_index::decode::Options {
            alloc_limit_bytes: usize::try_from(INDEX_BYTES_MAX * 4).ok(),
            ..gix_index::decode::Options::default()
        };
        let index = gix_index::File::at(&path, self.kind(), true, options)
            .map_err(|error| unreadable(&path, &error))?;
        Ok(files
            .iter()
            .map(|file| {
                let Some(name) = self.name(file) else {
                    return false;
                };
                index
                    .entry_by_path(name.as_slice().into())
                    .is_some_and(|entry| entry.mode != Mode::SYMLINK)
            })
            .collect())
    }

    /// Returns a file's name in the repository: its path from the root, with slashes.
    fn name(&self, file: &Path) -> Option<Vec<u8>> {
        let folder = fs::canonicalize(file.parent()?).ok()?;
        let inside = folder
            .strip_prefix(&self.root)
            .ok()?
            .join(file.file_name()?);
        let mut name = Vec::new();
        for step in inside.components() {
            let Component::Normal(step) = step else {
                return None;
            };
            if !name.is_empty() {
                name.push(b'/');
            }
            name.extend_from_slice(step.to_str()?.as_bytes());
        }
        Some(name)
    }

    /// Returns which hash the repository names its objects by: that of its references.
    fn kind(&self) -> Kind {
        let tips = history::tips(self);
        tips.first().map_or(Kind::Sha1, |id| id.kind())
    }
}

/// Follows `gitdir: …`, by which a work tree or a submodule says where its repository is.
fn linked(marker: &Path, folder: &Path) -> Option<PathBuf> {
    let line = line(marker)?;
    let path = line.strip_prefix("gitdir:")?.trim();
    Some(folder.join(path))
}

/// Returns the repository that a work tree shares with others.
fn common(git: &Path) -> PathBuf {
    match line(&git.join("commondir")) {
        Some(path) => git.join(path),
        None => git.to_owned(),
    }
}

/// Reads a small file of one line.
fn line(path: &Path) -> Option<String> {
    let facts = fs::metadata(path).ok()?;
    if !facts.is_file() || facts.len() > POINTER_BYTES_MAX {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim_end().to_owned())
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> GitFailure {
    GitFailure::Unreadable {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
