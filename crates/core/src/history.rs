//! What a repository's history holds of one file's credentials.
//!
//! Searched only when it is asked for, and for that one path. Nothing is started, no configuration of a
//! repository is honoured, and no value goes on: what is told is what was found, where, and since when.

use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::Duration,
};

use countersign_clients::git::{GitFailure, Limits, Repository};
use countersign_model::SecretText;

use crate::{credentials, setup::Setup};

/// How long a search goes on at most.
pub const TIME_MAX: Duration = Duration::from_secs(5 * 60);

/// Credentials that are told of one history.
const CREDENTIALS_MAX: usize = 500;

/// Why a history was not searched.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The file lies in no repository.
    #[error("search the history of {}: it lies in no git repository", .0.display())]
    NoRepository(PathBuf),
    /// The repository cannot be read.
    #[error(transparent)]
    Git(#[from] GitFailure),
}

/// A credential that a file held at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCredential {
    /// The issuer's id, where its shape tells it.
    pub issuer: Option<&'static str>,
    /// The credential in words.
    pub label: &'static str,
    /// The name it stood under, where it had one.
    pub name: Option<String>,
    /// Length in characters.
    pub characters: usize,
    /// The oldest commit that was found with it, in hexadecimal digits.
    pub first_commit: String,
    /// When that was made, in seconds since 1970 (UTC).
    pub first_at_s: i64,
    /// The newest commit that was found with it.
    pub last_commit: String,
    /// Whether the file holds it now.
    pub is_present: bool,
    /// Where the issuer's users replace it.
    pub rotation_page: Option<&'static str>,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCredentials {
    /// The repository's folder, as it may be shown.
    pub repository: String,
    /// What the file held, the oldest first; each credential once.
    pub credentials: Vec<PastCredential>,
    /// Different contents of the file that were looked at.
    pub versions: usize,
    /// Commits that were looked at.
    pub commits: usize,
    /// Why there may be more; `None` after a search to the end.
    pub gap: Option<String>,
}

/// Searches the history of every branch and tag for the credentials that `file` held under its present
/// name. Ends early once `is_cancelled` is set.
///
/// # Errors
/// [`HistoryError`]. What could not be looked at is a gap.
pub fn history(
    setup: &Setup,
    file: &Path,
    is_cancelled: &AtomicBool,
) -> Result<PastCredentials, HistoryError> {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let repository =
        Repository::around(&file).ok_or_else(|| HistoryError::NoRepository(file.clone()))?;
    let limits = Limits {
        is_cancelled,
        time: TIME_MAX,
    };
    let found = repository.history(&file, limits)?;
    let now: Vec<SecretText> = match countersign_clients::files::read(&file) {
        countersign_clients::files::Found::Text(content) => credentials::of_text(&content.text)
            .into_iter()
            .map(|one| one.value)
            .collect(),
        countersign_clients::files::Found::Absent
        | countersign_clients::files::Found::Failed { .. } => Vec::new(),
    };
    let mut gap = found.gap.map(str::to_owned);
    let mut known: Vec<(SecretText, PastCredential)> = Vec::new();
    for version in &found.versions {
        for one in credentials::of_text(&version.text) {
            if let Some((_, past)) = known.iter_mut().find(|(value, _)| *value == one.value) {
                past.last_commit.clone_from(&version.last_commit);
                continue;
            }
            if known.len() >= CREDENTIALS_MAX {
                gap = Some("the history holds more credentials than are told".to_owned());
                break;
            }
            let past = PastCredential {
                issuer: one.issuer,
                label: one.label,
                name: one.name,
                characters: one.value.characters(),
                first_commit: version.first_commit.clone(),
                first_at_s: version.first_at_s,
                last_commit: version.last_commit.clone(),
                is_present: now.contains(&one.value),
                rotation_page: one.issuer.and_then(countersign_secrets::rotation_page),
            };
            known.push((one.value, past));
        }
    }
    Ok(PastCredentials {
        repository: setup.shorten(repository.root()),
        credentials: known.into_iter().map(|(_, past)| past).collect(),
        versions: found.versions.len(),
        commits: found.commits,
        gap,
    })
}
