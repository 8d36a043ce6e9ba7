//! The team's lists: where they come from, how they are, and how an address is refreshed.

use std::path::{Path, PathBuf};

use countersign_clients::files::{self, Found};
use countersign_feeds::Fetched;
use countersign_store::{ListRow, ListSource, Settings};
use countersign_trust::{TeamList, allowlist};
use jiff::civil::Date;

use crate::{setup, setup::Setup};

/// The file in a folder that is a list.
pub const FILE_NAME: &str = "allowlist.toml";

/// A copy of a list at an address is good for this long, in seconds.
const FRESH_S: i64 = 15 * 60;

/// A list and how it is.
#[derive(Clone, Debug)]
pub struct ListState {
    /// Where it comes from.
    pub source: ListSource,
    /// The source as it may be shown.
    pub shown: String,
    /// The list, where there is one that can be used.
    pub list: Option<TeamList>,
    /// What is wrong, where something is: with the list, or with its last refresh.
    pub problem: Option<String>,
    /// What is worth mending.
    pub advice: Vec<String>,
    /// When the copy in use was received, for addresses, in seconds since 1970 (UTC).
    pub fetched_at_s: Option<i64>,
}

/// Reads every list: files and folders now, addresses from the last good copy.
pub(crate) fn load(
    setup: &Setup,
    settings: &Settings,
    extra: &[PathBuf],
    today: Date,
) -> Vec<ListState> {
    let given = extra.iter().map(|path| {
        let text = path.to_string_lossy().into_owned();
        if path.is_dir() {
            ListSource::Folder(text)
        } else {
            ListSource::File(text)
        }
    });
    settings
        .lists
        .iter()
        .cloned()
        .chain(given)
        .map(|source| state(setup, source, today))
        .collect()
}

fn state(setup: &Setup, source: ListSource, today: Date) -> ListState {
    let mut state = ListState {
        shown: shown(setup, &source),
        source,
        list: None,
        problem: None,
        advice: Vec::new(),
        fetched_at_s: None,
    };
    let text = match &state.source {
        ListSource::File(path) => read(Path::new(&setup.machine.absolute(path))),
        ListSource::Folder(path) => read(&Path::new(&setup.machine.absolute(path)).join(FILE_NAME)),
        ListSource::Url(address) => match setup.store.list(address) {
            Ok(Some(row)) => {
                state.problem = row.failure;
                state.fetched_at_s = Some(row.fetched_at_s);
                if row.text.is_empty() {
                    return state;
                }
                Ok(row.text)
            }
            Ok(None) => Err("it was not fetched yet".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    };
    match text.and_then(|text| allowlist::parse(&text, today).map_err(|error| error.to_string())) {
        Ok((list, advice)) => {
            state.advice = advice
                .into_iter()
                .map(|advice| advice.0.to_string())
                .collect();
            state.list = Some(TeamList {
                list,
                is_signed: false,
            });
        }
        Err(problem) => state.problem = Some(problem),
    }
    state
}

/// Returns a source as it may be shown.
pub(crate) fn shown(setup: &Setup, source: &ListSource) -> String {
    match source {
        ListSource::File(path) | ListSource::Folder(path) => setup.shorten(Path::new(path)),
        ListSource::Url(address) => countersign_secrets::address(address).shown().to_owned(),
    }
}

/// Reads a text that the user named.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    match files::read(path) {
        Found::Text(content) => Ok(content.text.to_string()),
        Found::Absent => Err("there is no such file".to_owned()),
        Found::Failed { failure, .. } => Err(failure.to_string()),
    }
}

/// Fetches the lists at addresses whose copies are no longer fresh. A failed refresh keeps the last
/// good copy and says so; a text that is no list is such a failure too.
///
/// # Errors
/// If the database fails.
pub async fn refresh(
    setup: &Setup,
    settings: &Settings,
    is_forced: bool,
) -> Result<(), countersign_store::StoreError> {
    for source in &settings.lists {
        let ListSource::Url(address) = source else {
            continue;
        };
        let known = setup.store.list(address)?;
        let now_s = setup::now_s();
        let is_fresh = known
            .as_ref()
            .is_some_and(|row| now_s.saturating_sub(row.tried_at_s) < FRESH_S);
        if is_fresh && !is_forced {
            continue;
        }
        let row = fetched(address, known, now_s).await;
        setup.store.keep_list(address, &row)?;
    }
    Ok(())
}

/// As [`refresh`], for callers without an async runtime. Returns whether any address is set.
///
/// # Errors
/// If the database fails.
pub fn refresh_now(setup: &Setup, is_forced: bool) -> Result<bool, countersign_store::StoreError> {
    let settings = setup.store.settings()?;
    let has_address = settings
        .lists
        .iter()
        .any(|source| matches!(source, ListSource::Url(_)));
    if !has_address {
        return Ok(false);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    // Without a runtime nothing is fetched: the last good copies stay, and their age is shown.
    if let Ok(runtime) = runtime {
        runtime.block_on(refresh(setup, &settings, is_forced))?;
    }
    Ok(true)
}

async fn fetched(address: &str, known: Option<ListRow>, now_s: i64) -> ListRow {
    let etag = known.as_ref().and_then(|row| row.etag.clone());
    let answer = countersign_feeds::fetch_list(address, etag.as_deref()).await;
    let kept = known.unwrap_or(ListRow {
        text: String::new(),
        etag: None,
        fetched_at_s: 0,
        tried_at_s: 0,
        failure: None,
    });
    let failed = |failure: String| ListRow {
        tried_at_s: now_s,
        failure: Some(failure),
        ..kept.clone()
    };
    match answer {
        Ok(Fetched::NotModified) => ListRow {
            tried_at_s: now_s,
            failure: None,
            ..kept
        },
        Ok(Fetched::Text { text, etag }) => match allowlist::parse(&text, setup::today()) {
            Ok(_) => ListRow {
                text,
                etag,
                fetched_at_s: now_s,
                tried_at_s: now_s,
                failure: None,
            },
            Err(error) => failed(format!("what was fetched is no list: {error}")),
        },
        Err(error) => failed(format!("the last refresh failed: {error}")),
    }
}

/// What a check of a list came to.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The list's own name.
    pub name: String,
    /// Servers that it approves.
    pub approvals: usize,
    /// Servers that it refuses.
    pub denials: usize,
    /// What is worth mending, with line and column.
    pub advice: Vec<String>,
}

/// Why a list file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum ListFileError {
    /// The file could not be read.
    #[error("read {}: {message}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// The text is no list; every problem with line and column.
    #[error("use {} as a list", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problems: Vec<String>,
    },
    /// The file could not be written.
    #[error("write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The entry cannot be approved as it is.
    #[error("write it as a stanza")]
    NotApprovable(#[from] crate::decide::NotApprovable),
}

/// Checks a list file, as its own CI does.
///
/// # Errors
/// [`ListFileError::Read`] and [`ListFileError::Invalid`].
pub fn check_file(path: &Path) -> Result<Checked, ListFileError> {
    let text = read(path).map_err(|message| ListFileError::Read {
        path: path.to_owned(),
        message,
    })?;
    let (list, advice) =
        allowlist::parse(&text, setup::today()).map_err(|error| invalid(path, &error))?;
    Ok(Checked {
        name: list.name,
        approvals: list.approvals.len(),
        denials: list.denials.len(),
        advice: advice
            .into_iter()
            .map(|advice| advice.0.to_string())
            .collect(),
    })
}

fn invalid(path: &Path, error: &allowlist::AllowlistError) -> ListFileError {
    let problems = match error {
        allowlist::AllowlistError::Stanzas(problems) => {
            problems.iter().map(ToString::to_string).collect()
        }
        other => vec![other.to_string()],
    };
    ListFileError::Invalid {
        path: path.to_owned(),
        problems,
    }
}

/// What a reviewer says about an approval.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Who reviewed.
    pub reviewer: Option<String>,
    /// Why it is approved.
    pub reason: Option<String>,
    /// The last day on which the approval holds.
    pub expires: Option<Date>,
}

/// Writes an entry as a stanza for the team's list.
///
/// # Errors
/// [`ListFileError::NotApprovable`].
pub fn stanza(
    entry: &countersign_model::Entry,
    server: &countersign_model::Server,
    review: &Review,
) -> Result<String, ListFileError> {
    let mut approval = crate::decide::approval(entry, server, review.expires)?;
    approval.reviewer.clone_from(&review.reviewer);
    approval.reason.clone_from(&review.reason);
    Ok(allowlist::stanza(&approval))
}

/// Adds a stanza at the end of a list file, which stays as it is otherwise; a file that is not there
/// becomes a list named `name`. The file is replaced as a whole, or not at all.
///
/// # Errors
/// [`ListFileError`].
pub fn append(path: &Path, name: &str, stanza: &str) -> Result<(), ListFileError> {
    let before = match files::read(path) {
        Found::Text(content) => content.text.to_string(),
        Found::Absent => String::new(),
        Found::Failed { failure, .. } => {
            return Err(ListFileError::Read {
                path: path.to_owned(),
                message: failure.to_string(),
            });
        }
    };
    let after = allowlist::append(&before, name, stanza, setup::today())
        .map_err(|error| invalid(path, &error))?;
    write(path, &after).map_err(|source| ListFileError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes beside the file and renames; a symbolic link stays one.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = real
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    if let Ok(metadata) = real.metadata() {
        file.as_file().set_permissions(metadata.permissions())?;
    } else {
        set_usual_mode(file.as_file())?;
    }
    file.as_file().sync_all()?;
    file.persist(&real).map_err(|error| error.error)?;
    Ok(())
}

/// A new list is read by others: it gets the mode that files usually have.
#[cfg(unix)]
fn set_usual_mode(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_usual_mode(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
