use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

/// The last good copy of an allowlist, and how its last refresh went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// The list's text.
    pub text: String,
    /// The server's mark for this text.
    pub etag: Option<String>,
    /// When the text was received, in seconds since 1970 (UTC).
    pub fetched_at_s: i64,
    /// When a refresh was last tried.
    pub tried_at_s: i64,
    /// Why the last refresh failed, if it did.
    pub failure: Option<String>,
}

impl Store {
    /// Returns the last good copy of the list at `source`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn list(&self, source: &str) -> Result<Option<ListRow>, StoreError> {
        self.with(|connection| {
            connection
                .query_row(
                    "SELECT text, etag, fetched_at_s, tried_at_s, failure FROM lists WHERE source = ?1",
                    [source],
                    |row| {
                        Ok(ListRow {
                            text: row.get(0)?,
                            etag: row.get(1)?,
                            fetched_at_s: row.get(2)?,
                            tried_at_s: row.get(3)?,
                            failure: row.get(4)?,
                        })
                    },
                )
                .optional()
        })
    }

    /// Keeps a good copy of the list at `source`.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn keep_list(&self, source: &str, list: &ListRow) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO lists (source, text, etag, fetched_at_s, tried_at_s, failure)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (source) DO UPDATE
                 SET text = ?2, etag = ?3, fetched_at_s = ?4, tried_at_s = ?5, failure = ?6",
                params![
                    source,
                    list.text,
                    list.etag,
                    list.fetched_at_s,
                    list.tried_at_s,
                    list.failure
                ],
            )?;
            Ok(())
        })
    }
}
