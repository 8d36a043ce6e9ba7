use std::path::{Path, PathBuf};

use countersign_clients::Machine;
use countersign_model::Os;
use countersign_store::{Store, StoreError};
use jiff::{Timestamp, Zoned, civil::Date};

/// What a use case runs on: the machine, and the product's own data folder.
#[derive(Debug)]
pub struct Setup {
    /// The machine that is looked at.
    pub machine: Machine,
    /// The product's own folder.
    pub data_folder: PathBuf,
    /// The database in it.
    pub store: Store,
    /// Whether the home that is looked at is that of the user who looks: only then do this process'
    /// environment, search path and process list speak about it.
    pub is_own_home: bool,
}

/// Why there is nothing to run on.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The system does not tell the user's home.
    #[error("find the home folder: neither HOME nor USERPROFILE is set")]
    NoHome,
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Setup {
    /// Prepares to look at this user's machine, or at `home` as if it were on a disk below `root`.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn here(home: Option<&Path>, root: Option<&Path>) -> Result<Self, SetupError> {
        let own_home = own_home().ok_or(SetupError::NoHome)?;
        let is_own_home = home.is_none_or(|home| home == own_home);
        let looked_at = home.unwrap_or(&own_home).to_string_lossy().into_owned();
        let environment = if is_own_home {
            std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect()
        } else {
            Vec::new()
        };
        let mut machine = Machine::new(Os::current(), &looked_at, environment);
        if let Some(root) = root {
            machine = machine.below(&root.to_string_lossy());
        }
        Self::new(machine, data_folder(&own_home), is_own_home)
    }

    /// Prepares to look at a machine that is described, with the product's data in a folder.
    ///
    /// # Errors
    /// [`SetupError::Store`].
    pub fn new(
        machine: Machine,
        data_folder: PathBuf,
        is_own_home: bool,
    ) -> Result<Self, SetupError> {
        Ok(Self {
            machine,
            store: Store::open(&data_folder)?,
            data_folder,
            is_own_home,
        })
    }

    /// Returns a path as people know it, with `~` for the home.
    pub fn shorten(&self, path: &Path) -> String {
        shorten(path, &self.machine.home)
    }
}

/// Writes a path with `~` for the home.
pub(crate) fn shorten(path: &Path, home: &str) -> String {
    let text = path.to_string_lossy();
    match text.replace('\\', "/").strip_prefix(home) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => text.into_owned(),
    }
}

fn own_home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
}

/// Returns the product's own folder.
fn data_folder(home: &Path) -> PathBuf {
    countersign_vault::data_folder(home, |name| std::env::var_os(name))
}

/// Returns today's date where this user is.
pub(crate) fn today() -> Date {
    Zoned::now().date()
}

/// Returns the present time in seconds since 1970 (UTC).
pub(crate) fn now_s() -> i64 {
    Timestamp::now().as_second()
}
