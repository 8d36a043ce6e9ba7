//! What a repository's history holds of one file.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet},
    fs,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use gix_hash::ObjectId;
use gix_object::{CommitRefIter, Find, FindHeader, Kind, TreeRefIter};
use zeroize::Zeroizing;

use super::{GitFailure, Repository, line, unreadable};
use crate::files::FILE_BYTES_MAX;

/// Commits that are looked at in one search.
pub const COMMITS_MAX: usize = 200_000;

/// References that a search starts from.
const REFERENCES_MAX: usize = 20_000;

/// The largest list of references that is read, in bytes.
const PACKED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The largest folder that is read from the history, in bytes.
const TREE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// The largest commit that is read, in bytes.
const COMMIT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Different contents of the file that are read.
const VERSIONS_MAX: usize = 2_000;

/// Why an object was left out.
const DAMAGED: &str = "an object of the repository is missing, damaged or too large";

/// What bounds a search, besides what it holds in memory.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'search> {
    /// Ends the search once it is set.
    pub is_cancelled: &'search AtomicBool,
    /// How long the search goes on at most.
    pub time: Duration,
}

/// A content that a file had.
#[derive(Debug)]
pub struct Version {
    /// The text. Wiped when dropped, as it may hold credentials.
    pub text: Zeroizing<String>,
    /// The oldest commit that was found with it, in hexadecimal digits.
    pub first_commit: String,
    /// When that was made, in seconds since 1970 (UTC).
    pub first_at_s: i64,
    /// The newest commit that was found with it.
    pub last_commit: String,
}

/// What a search found.
#[derive(Debug)]
pub struct History {
    /// The contents, the oldest first.
    pub versions: Vec<Version>,
    /// Commits that were looked at.
    pub commits: usize,
    /// Why there may be more; `None` after a search to the end.
    pub gap: Option<&'static str>,
}

/// When a content was first and last in a commit.
struct Seen {
    first: At,
    last: At,
}

/// A commit by its time, and of one time by how late the walk from the newest came to it.
type At = (i64, std::cmp::Reverse<usize>, ObjectId);

impl Repository {
    /// Searches the history of every branch and tag for the contents that `file` had under its present
    /// name.
    ///
    /// # Errors
    /// [`GitFailure`], where the repository cannot be read at all. What is left out is a gap.
    pub fn history(&self, file: &Path, limits: Limits<'_>) -> Result<History, GitFailure> {
        let name = self
            .name(file)
            .ok_or_else(|| GitFailure::NoRepository(file.to_owned()))?;
        let objects = self.common.join("objects");
        let tips = tips(self);
        let kind = tips.first().map_or(gix_hash::Kind::Sha1, |id| id.kind());
        let options = gix_odb::store::init::Options {
            alloc_limit_bytes: usize::try_from(TREE_BYTES_MAX * 2).ok(),
            ..gix_odb::store::init::Options::default()
        };
        let store = gix_odb::at_opts(&objects, kind, None, options)
            .map_err(|error| unreadable(&objects, &error))?;
        let mut search = Search {
            store,
            kind,
            steps: name
                .split(|byte| *byte == b'/')
                .map(<[u8]>::to_vec)
                .collect(),
            folders: HashMap::new(),
            gap: self
                .common
                .join("reftable")
                .exists()
                .then_some("the repository keeps its references in a form that is not read"),
            limits,
            until: Instant::now() + limits.time,
        };
        if tips.len() >= REFERENCES_MAX {
            search.gap = Some("the repository has more references than are looked at");
        }
        let (seen, commits) = search.walk(tips);
        let versions = search.read(seen);
        Ok(History {
            versions,
            commits,
            gap: search.gap,
        })
    }
}

struct Search<'search> {
    store: gix_odb::Handle,
    kind: gix_hash::Kind,
    steps: Vec<Vec<u8>>,
    /// What a folder led to before.
    folders: HashMap<(ObjectId, usize), Option<ObjectId>>,
    gap: Option<&'static str>,
    limits: Limits<'search>,
    until: Instant,
}

impl Search<'_> {
    /// Walks the commits, the newest first.
    fn walk(&mut self, tips: Vec<ObjectId>) -> (BTreeMap<ObjectId, Seen>, usize) {
        let mut seen: BTreeMap<ObjectId, Seen> = BTreeMap::new();
        let mut known: HashSet<ObjectId> = tips.iter().copied().collect();
        let mut waiting: BinaryHeap<(i64, ObjectId)> = BinaryHeap::new();
        for tip in tips {
            if let Some(tip) = self.commit_of(tip) {
                waiting.push((i64::MAX, tip));
            }
        }
        let mut commits = 0;
        while let Some((_, id)) = waiting.pop() {
            if self.is_over(commits) {
                break;
            }
            commits += 1;
            let Some(commit) = self.commit(id) else {
                continue;
            };
            if let Some(blob) = self.blob(commit.tree, 0) {
                let at = (commit.at_s, std::cmp::Reverse(commits), id);
                let content = seen.entry(blob).or_insert(Seen {
                    first: at,
                    last: at,
                });
                content.first = content.first.min(at);
                content.last = content.last.max(at);
            }
            for parent in commit.parents {
                if known.insert(parent) {
                    waiting.push((commit.at_s, parent));
                }
            }
        }
        (seen, commits)
    }

    fn is_over(&mut self, commits: usize) -> bool {
        let why = if self.limits.is_cancelled.load(Ordering::Relaxed) {
            "the search was ended"
        } else if Instant::now() >= self.until {
            "the search took too long"
        } else if commits >= COMMITS_MAX {
            "the history has more commits than are looked at"
        } else {
            return false;
        };
        self.gap = Some(why);
        true
    }

    /// Reads an object that is no larger than `bytes_max`.
    fn object(&mut self, id: &ObjectId, kind: Kind, bytes_max: u64) -> Option<Zeroizing<Vec<u8>>> {
        let header = self.store.try_header(id).ok().flatten();
        if header
            .as_ref()
            .is_none_or(|header| header.kind != kind || header.size > bytes_max)
        {
            self.gap = Some(DAMAGED);
            return None;
        }
        let mut buffer = Zeroizing::new(Vec::new());
        let is_read = matches!(self.store.try_find(id, &mut buffer), Ok(Some(_)));
        if is_read {
            Some(buffer)
        } else {
            self.gap = Some(DAMAGED);
            None
        }
    }

    /// Follows a tag to its commit; `None` where it leads to something else.
    fn commit_of(&mut self, tip: ObjectId) -> Option<ObjectId> {
        const TAGS_MAX: usize = 8;
        let mut id = tip;
        for _ in 0..TAGS_MAX {
            let Some(header) = self.store.try_header(&id).ok().flatten() else {
                self.gap = Some(DAMAGED);
                return None;
            };
            match header.kind {
                Kind::Commit => return Some(id),
                Kind::Tag => {
                    let bytes = self.object(&id, Kind::Tag, COMMIT_BYTES_MAX)?;
                    let text = std::str::from_utf8(&bytes).ok()?;
                    let target = text.lines().next()?.strip_prefix("object ")?;
                    id = ObjectId::from_hex(target.as_bytes()).ok()?;
                }
                Kind::Tree | Kind::Blob => return None,
            }
        }
        None
    }

    fn commit(&mut self, id: ObjectId) -> Option<Commit> {
        let bytes = self.object(&id, Kind::Commit, COMMIT_BYTES_MAX)?;
        let iter = || CommitRefIter::from_bytes(&bytes, self.kind);
        Some(Commit {
            tree: iter().tree_id().ok()?,
            parents: iter().parent_ids().collect(),
            at_s: iter()
                .committer()
                .ok()
                .and_then(|committer| committer.time().ok())
                .map_or(0, |time| time.seconds),
        })
    }

    /// Follows the file's name from a folder to its content.
    fn blob(&mut self, folder: ObjectId, step: usize) -> Option<ObjectId> {
        if let Some(known) = self.folders.get(&(folder, step)) {
            return *known;
        }
        let bytes = self.object(&folder, Kind::Tree, TREE_BYTES_MAX)?;
        let is_last = step + 1 == self.steps.len();
        let found = TreeRefIter::from_bytes(&bytes, self.kind)
            .filter_map(Result::ok)
            .find(|entry| entry.filename.iter().eq(self.steps[step].iter()))
            .filter(|entry| {
                if is_last {
                    entry.mode.is_blob()
                } else {
                    entry.mode.is_tree()
                }
            })
            .map(|entry| entry.oid.to_owned());
        let led = match found {
            Some(id) if !is_last => self.blob(id, step + 1),
            found => found,
        };
        self.folders.insert((folder, step), led);
        led
    }

    /// Reads the contents that were found, the oldest first.
    fn read(&mut self, seen: BTreeMap<ObjectId, Seen>) -> Vec<Version> {
        let mut ordered: Vec<(ObjectId, Seen)> = seen.into_iter().collect();
        ordered.sort_by_key(|(_, seen)| seen.first);
        if ordered.len() > VERSIONS_MAX {
            self.gap = Some("the file had more contents than are looked at");
            ordered.truncate(VERSIONS_MAX);
        }
        let mut versions = Vec::new();
        for (id, seen) in ordered {
            if self.is_over(0) {
                break;
            }
            let Some(mut bytes) = self.object(&id, Kind::Blob, FILE_BYTES_MAX) else {
                continue;
            };
            // What is no text is shown as what of it is.
            let text = match String::from_utf8(std::mem::take(&mut *bytes)) {
                Ok(text) => text,
                Err(error) => {
                    let bytes = Zeroizing::new(error.into_bytes());
                    String::from_utf8_lossy(&bytes).into_owned()
                }
            };
            versions.push(Version {
                text: Zeroizing::new(text),
                first_commit: seen.first.2.to_string(),
                first_at_s: seen.first.0,
                last_commit: seen.last.2.to_string(),
            });
        }
        versions
    }
}

struct Commit {
    tree: ObjectId,
    parents: Vec<ObjectId>,
    at_s: i64,
}

/// Returns what every reference of a repository names: branches, tags, `HEAD`, the stash.
pub(super) fn tips(repository: &Repository) -> Vec<ObjectId> {
    let mut tips = BTreeSet::new();
    let id = |text: &str| ObjectId::from_hex(text.trim().as_bytes()).ok();
    tips.extend(line(&repository.git.join("HEAD")).and_then(|text| id(&text)));
    let packed = repository.common.join("packed-refs");
    let is_small =
        fs::metadata(&packed).is_ok_and(|facts| facts.is_file() && facts.len() <= PACKED_BYTES_MAX);
    if is_small && let Ok(text) = fs::read_to_string(&packed) {
        let ids = text.lines().filter_map(|line| {
            let (first, _) = line
                .trim_start_matches('^')
                .split_once(' ')
                .unwrap_or((line, ""));
            id(first)
        });
        tips.extend(ids.take(REFERENCES_MAX));
    }
    let mut folders = vec![repository.common.join("refs")];
    let mut left = REFERENCES_MAX;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
        {
            if left == 0 {
                break;
            }
            left -= 1;
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => {
                    tips.extend(line(&entry.path()).and_then(|text| id(&text)));
                }
                _ => {}
            }
        }
    }
    tips.into_iter().collect()
}
