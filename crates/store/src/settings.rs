use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError};

/// What the user set. Kept as one JSON value, so that a later version can add to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Where the team's lists come from.
    pub lists: Vec<ListSource>,
    /// Folders that are walked for projects.
    pub folders: Vec<String>,
}

/// Where a list comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "at", rename_all = "lowercase")]
pub enum ListSource {
    /// A file.
    File(String),
    /// A folder, usually a git checkout, with `allowlist.toml` in it.
    Folder(String),
    /// An HTTPS address.
    Url(String),
}

/// A finding that the user wants quiet for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressionRow {
    /// The rule.
    pub rule: String,
    /// What it is about: the id of an entry or config.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// The last day, as `YYYY-MM-DD`.
    pub until: String,
}

const SETTINGS: &str = "settings";

impl Store {
    /// Returns the settings; the defaults where nothing was set.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn settings(&self) -> Result<Settings, StoreError> {
        let text: Option<String> = self.with(|connection| {
            connection
                .query_row(
                    "SELECT value FROM settings WHERE key = ?1",
                    [SETTINGS],
                    |row| row.get(0),
                )
                .optional()
        })?;
        match text {
            Some(text) => serde_json::from_str(&text).map_err(|error| StoreError::Row {
                message: error.to_string(),
            }),
            None => Ok(Settings::default()),
        }
    }

    /// Keeps the settings.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        let text = serde_json::to_string(settings).map_err(|error| StoreError::Row {
            message: error.to_string(),
        })?;
        self.with(|connection| {
            connection.execute(
                "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                params![SETTINGS, text],
            )?;
            Ok(())
        })
    }

    /// Returns the suppressions.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn suppressions(&self) -> Result<Vec<SuppressionRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT rule, subject, reason, until FROM suppressions ORDER BY rule, subject",
            )?;
            statement
                .query_map([], |row| {
                    Ok(SuppressionRow {
                        rule: row.get(0)?,
                        subject: row.get(1)?,
                        reason: row.get(2)?,
                        until: row.get(3)?,
                    })
                })?
                .collect()
        })
    }

    /// Keeps a suppression, in the place of an earlier one of the same rule and subject.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn suppress(&self, row: &SuppressionRow) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO suppressions (rule, subject, reason, until) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (rule, subject) DO UPDATE SET reason = ?3, until = ?4",
                params![row.rule, row.subject, row.reason, row.until],
            )?;
            Ok(())
        })
    }

    /// Takes a suppression back. Returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn unsuppress(&self, rule: &str, subject: &str) -> Result<bool, StoreError> {
        self.with(|connection| {
            let gone = connection.execute(
                "DELETE FROM suppressions WHERE rule = ?1 AND subject = ?2",
                [rule, subject],
            )?;
            Ok(gone > 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{ListSource, Settings};
    use crate::Store;

    #[test]
    fn settings_come_back_as_they_were_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        assert_eq!(store.settings().expect("are read"), Settings::default());
        let settings = Settings {
            lists: vec![
                ListSource::Url("https://h.example/allowlist.toml".into()),
                ListSource::Folder("/team".into()),
            ],
            folders: vec!["/src".into()],
        };
        store.keep_settings(&settings).expect("are kept");
        assert_eq!(store.settings().expect("are read"), settings);
    }
}
