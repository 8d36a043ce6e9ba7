//! Changing what the user set.

use std::path::{Path, PathBuf};

use countersign_store::{ListSource, StoreError};

use crate::{Setup, lists};

/// Folders that may be set.
const FOLDERS_MAX: usize = 200;

/// Lists that may be set.
const LISTS_MAX: usize = 20;

/// Why a setting was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A kind of source that there is not.
    #[error("use a list of kind `{0}`: it is `file`, `folder` or `url`")]
    Kind(String),
    /// Not an HTTPS address.
    #[error("use `{0}`: it is not an HTTPS address without user and password")]
    Address(String),
    /// Nothing is there.
    #[error("use {}: there is no such {what}", path.display())]
    Absent {
        /// The path.
        path: PathBuf,
        /// What was expected.
        what: &'static str,
    },
    /// More than may be set.
    #[error("add another one: there are {0} already")]
    TooMany(usize),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a source of a team's list: `file`, `folder` (usually a git checkout, with `allowlist.toml` in
/// it) or `url`. Paths are made absolute against the working folder.
///
/// # Errors
/// [`SettingsError`].
pub fn add_list(setup: &Setup, kind: &str, at: &str) -> Result<(), SettingsError> {
    let source = source(setup, kind, at)?;
    let absent = |path: &str, what| {
        Err(SettingsError::Absent {
            path: PathBuf::from(path),
            what,
        })
    };
    match &source {
        ListSource::File(path) if !Path::new(path).is_file() => return absent(path, "file"),
        ListSource::Folder(path) if !Path::new(path).join(lists::FILE_NAME).is_file() => {
            let file = Path::new(path).join(lists::FILE_NAME);
            return absent(&file.to_string_lossy(), "file");
        }
        ListSource::Url(address) if !countersign_feeds::is_allowed(address) => {
            return Err(SettingsError::Address(shown_source(address)));
        }
        ListSource::File(_) | ListSource::Folder(_) | ListSource::Url(_) => {}
    }
    let mut settings = setup.store.settings()?;
    if settings.lists.len() >= LISTS_MAX {
        return Err(SettingsError::TooMany(settings.lists.len()));
    }
    if !settings.lists.contains(&source) {
        settings.lists.push(source);
        setup.store.keep_settings(&settings)?;
    }
    Ok(())
}

/// Takes the source at `index` away and returns it; `None` where another one stands there than was
/// shown.
///
/// # Errors
/// [`SettingsError::Store`].
pub fn remove_list_shown(
    setup: &Setup,
    index: usize,
    shown: &str,
) -> Result<Option<ListSource>, SettingsError> {
    let mut settings = setup.store.settings()?;
    let is_there = settings
        .lists
        .get(index)
        .is_some_and(|source| lists::shown(setup, source) == shown);
    if !is_there {
        return Ok(None);
    }
    let removed = settings.lists.remove(index);
    setup.store.keep_settings(&settings)?;
    Ok(Some(removed))
}

/// Adds a source that was taken away.
///
/// # Errors
/// [`SettingsError`].
pub(crate) fn restore_list(setup: &Setup, source: &ListSource) -> Result<(), SettingsError> {
    match source {
        ListSource::File(at) => add_list(setup, "file", at),
        ListSource::Folder(at) => add_list(setup, "folder", at),
        ListSource::Url(at) => add_list(setup, "url", at),
    }
}

/// Takes a source away, named as it was added or as it is shown. Returns whether it was there.
///
/// # Errors
/// [`SettingsError`].
pub fn remove_list(setup: &Setup, kind: &str, at: &str) -> Result<bool, SettingsError> {
    let mut settings = setup.store.settings()?;
    let before = settings.lists.len();
    let written = source_as_written(kind, at)?;
    let resolved = source(setup, kind, at)?;
    settings
        .lists
        .retain(|source| *source != written && *source != resolved);
    if settings.lists.len() < before {
        setup.store.keep_settings(&settings)?;
        return Ok(true);
    }
    let mut shown_so =
        (0..before).filter(|index| lists::shown(setup, &settings.lists[*index]) == at);
    // Two addresses that differ in what is hidden are shown alike: neither is meant.
    let (Some(index), None) = (shown_so.next(), shown_so.next()) else {
        return Ok(false);
    };
    Ok(remove_list_shown(setup, index, at)?.is_some())
}

/// Adds a folder that is walked for projects.
///
/// # Errors
/// [`SettingsError`].
pub fn add_folder(setup: &Setup, folder: &str) -> Result<(), SettingsError> {
    let path = absolute(setup, folder);
    if !Path::new(&path).is_dir() {
        return Err(SettingsError::Absent {
            path: PathBuf::from(path),
            what: "folder",
        });
    }
    let mut settings = setup.store.settings()?;
    if settings.folders.len() >= FOLDERS_MAX {
        return Err(SettingsError::TooMany(settings.folders.len()));
    }
    if !settings.folders.contains(&path) {
        settings.folders.push(path);
        setup.store.keep_settings(&settings)?;
    }
    Ok(())
}

/// Takes a folder away. Returns whether it was there.
///
/// # Errors
/// [`SettingsError::Store`].
pub fn remove_folder(setup: &Setup, folder: &str) -> Result<bool, SettingsError> {
    let path = absolute(setup, folder);
    let mut settings = setup.store.settings()?;
    let before = settings.folders.len();
    settings
        .folders
        .retain(|known| known != folder && *known != path);
    if settings.folders.len() == before {
        return Ok(false);
    }
    setup.store.keep_settings(&settings)?;
    Ok(true)
}

/// Returns a path or address that the user named as it may be shown.
pub fn shown_source(at: &str) -> String {
    countersign_secrets::address(at).shown().to_owned()
}

fn source(setup: &Setup, kind: &str, at: &str) -> Result<ListSource, SettingsError> {
    match source_as_written(kind, at)? {
        ListSource::File(path) => Ok(ListSource::File(absolute(setup, &path))),
        ListSource::Folder(path) => Ok(ListSource::Folder(absolute(setup, &path))),
        url @ ListSource::Url(_) => Ok(url),
    }
}

fn source_as_written(kind: &str, at: &str) -> Result<ListSource, SettingsError> {
    match kind {
        "file" => Ok(ListSource::File(at.to_owned())),
        "folder" => Ok(ListSource::Folder(at.to_owned())),
        "url" => Ok(ListSource::Url(at.to_owned())),
        other => Err(SettingsError::Kind(other.to_owned())),
    }
}

fn absolute(setup: &Setup, path: &str) -> String {
    let path = setup.machine.absolute(path);
    std::path::absolute(&path).map_or(path, |path| path.to_string_lossy().into_owned())
}
