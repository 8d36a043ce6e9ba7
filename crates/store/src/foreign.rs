//! Single values out of other programs' databases.
//!
//! The database is opened read-only and as immutable, so that SQLite makes no journal, lock or
//! shared-memory file beside it. Its schema is not trusted, and a query that takes long is given up.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};

/// How long one query may take.
const QUERY_TIME_MAX: Duration = Duration::from_millis(500);

/// Rows that are taken from one query.
const ROWS_MAX: usize = 5_000;

/// Bytes that are taken from one value.
const VALUE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A query that is known, with what it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query {
    /// VS Code's list of recently opened folders: one JSON text.
    VscodeRecent,
    /// Zed's workspaces: one text of paths for each.
    ZedWorkspaces,
}

impl Query {
    /// The statements to try, newest schema first.
    fn statements(self) -> &'static [&'static str] {
        match self {
            Query::VscodeRecent => {
                &["SELECT value FROM ItemTable WHERE key = 'history.recentlyOpenedPathsList'"]
            }
            Query::ZedWorkspaces => &[
                "SELECT paths FROM workspaces WHERE paths IS NOT NULL ORDER BY timestamp DESC",
                "SELECT local_paths_array FROM workspaces WHERE local_paths_array IS NOT NULL",
            ],
        }
    }
}

/// Runs a query on the database at `path`. Whatever goes wrong, there is nothing to be had from it.
pub fn texts(path: &Path, query: Query) -> Vec<String> {
    let Some(connection) = open(path) else {
        return Vec::new();
    };
    query
        .statements()
        .iter()
        .find_map(|statement| run(&connection, statement))
        .unwrap_or_default()
}

fn open(path: &Path) -> Option<Connection> {
    let uri = format!("file:{}?immutable=1&mode=ro", escape(path.to_str()?));
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(uri, flags).ok()?;
    for (pragma, value) in [
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("mmap_size", 0),
    ] {
        connection.pragma_update(None, pragma, value).ok()?;
    }
    let end = Instant::now() + QUERY_TIME_MAX;
    connection
        .progress_handler(1_000, Some(move || Instant::now() > end))
        .ok()?;
    Some(connection)
}

fn run(connection: &Connection, statement: &str) -> Option<Vec<String>> {
    let mut statement = connection.prepare(statement).ok()?;
    let mut rows = statement.query([]).ok()?;
    let mut texts = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        if texts.len() >= ROWS_MAX {
            break;
        }
        let bytes = match row.get_ref(0).ok()? {
            rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => {
                bytes
            }
            _ => continue,
        };
        if bytes.len() <= VALUE_BYTES_MAX {
            texts.extend(std::str::from_utf8(bytes).ok().map(str::to_owned));
        }
    }
    Some(texts)
}

/// Escapes what has a meaning in a `file:` address.
fn escape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            '%' => out.push_str("%25"),
            '?' => out.push_str("%3f"),
            '#' => out.push_str("%23"),
            '\\' => out.push('/'),
            other => out.push(other),
        }
    }
    if out.as_bytes().get(1) == Some(&b':') {
        out.insert(0, '/');
    }
    out
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Query, texts};

    #[test]
    fn reads_without_leaving_anything_beside_the_database() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("state #1?.vscdb");
        let connection = Connection::open(&path).expect("is made");
        connection
            .execute_batch(
                "PRAGMA journal_mode = DELETE;
                 CREATE TABLE ItemTable (key TEXT UNIQUE, value BLOB);
                 INSERT INTO ItemTable VALUES ('history.recentlyOpenedPathsList', '{\"entries\":[]}');",
            )
            .expect("is filled");
        drop(connection);
        assert_eq!(texts(&path, Query::VscodeRecent), ["{\"entries\":[]}"]);
        let beside = std::fs::read_dir(folder.path()).expect("is there").count();
        assert_eq!(beside, 1);
    }

    #[test]
    fn gives_up_on_what_is_no_database_or_never_ends() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("x.sqlite");
        assert!(texts(&path, Query::ZedWorkspaces).is_empty());
        std::fs::write(&path, "not a database").expect("is written");
        assert!(texts(&path, Query::ZedWorkspaces).is_empty());
        let endless = folder.path().join("endless.sqlite");
        let connection = Connection::open(&endless).expect("is made");
        connection
            .execute_batch(
                "CREATE VIEW ItemTable AS WITH RECURSIVE c(key, value) AS (
                     SELECT 'x', 'y' UNION ALL SELECT key, value FROM c) SELECT key, value FROM c;",
            )
            .expect("is filled");
        drop(connection);
        assert!(texts(&endless, Query::VscodeRecent).is_empty());
    }
}
