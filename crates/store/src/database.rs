use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// The name of the database in the data folder.
const FILE_NAME: &str = "countersign.sqlite3";

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(5);

/// Each step brings the schema one version further. A step is never changed once released.
const STEPS: [&str; 3] = [
    "
    CREATE TABLE settings (
        key TEXT PRIMARY KEY NOT NULL,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE decisions (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('approve', 'deny')),
        server TEXT NOT NULL,
        stanza TEXT NOT NULL,
        note TEXT NOT NULL,
        made_at_s INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        seal BLOB NOT NULL
    ) STRICT;
    CREATE INDEX decisions_by_server ON decisions (server);
    CREATE TABLE file_hashes (
        path TEXT PRIMARY KEY NOT NULL,
        bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        inode INTEGER NOT NULL,
        sha256 BLOB NOT NULL
    ) STRICT;
    CREATE TABLE lists (
        source TEXT PRIMARY KEY NOT NULL,
        text TEXT NOT NULL,
        etag TEXT,
        fetched_at_s INTEGER NOT NULL,
        tried_at_s INTEGER NOT NULL,
        failure TEXT
    ) STRICT;
    CREATE TABLE suppressions (
        rule TEXT NOT NULL,
        subject TEXT NOT NULL,
        reason TEXT NOT NULL,
        until TEXT NOT NULL,
        PRIMARY KEY (rule, subject)
    ) STRICT;
",
    "
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('begun', 'done', 'undoing', 'undone', 'failed')),
        made_at_s INTEGER NOT NULL,
        made_by TEXT NOT NULL
    ) STRICT;
    CREATE TABLE move_files (
        move INTEGER NOT NULL REFERENCES moves (id) ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        path TEXT NOT NULL,
        target TEXT NOT NULL,
        syntax TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'staged', 'written', 'restored')),
        staged TEXT,
        before_mac BLOB NOT NULL,
        after_mac BLOB NOT NULL,
        splices TEXT NOT NULL,
        raw TEXT NOT NULL,
        seal BLOB NOT NULL,
        PRIMARY KEY (move, ordinal)
    ) STRICT;
    CREATE TABLE move_items (
        move INTEGER NOT NULL,
        file INTEGER NOT NULL,
        item TEXT NOT NULL,
        entry TEXT NOT NULL,
        entry_pointer TEXT NOT NULL,
        pointer TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (move, file, item, pointer),
        FOREIGN KEY (move, file) REFERENCES move_files (move, ordinal) ON DELETE CASCADE
    ) STRICT;
",
    "
    CREATE TABLE snapshots (
        id INTEGER PRIMARY KEY,
        server TEXT NOT NULL,
        key TEXT NOT NULL,
        digest BLOB NOT NULL,
        document TEXT NOT NULL,
        version TEXT,
        how TEXT NOT NULL CHECK (how IN ('probe', 'guard', 'import')),
        first_at_s INTEGER NOT NULL,
        last_at_s INTEGER NOT NULL,
        UNIQUE (server, key, digest)
    ) STRICT;
    CREATE TABLE surface_decisions (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('approve', 'reject')),
        server TEXT NOT NULL,
        key TEXT NOT NULL,
        digest BLOB NOT NULL,
        left_out TEXT NOT NULL,
        note TEXT NOT NULL,
        made_at_s INTEGER NOT NULL,
        made_by TEXT NOT NULL,
        seal BLOB NOT NULL,
        UNIQUE (server, key, digest)
    ) STRICT;
",
];

/// Why the database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder could not be made.
    #[error("make the data folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// SQLite said no.
    #[error("use the database {}", path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The database was written by a later version of the product.
    #[error("open {}: it was written by a later version of Countersign (schema {found})", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its schema's version.
        found: i64,
    },
    /// A row is not what this version writes.
    #[error("read a setting: {message}")]
    Row {
        /// What is wrong.
        message: String,
    },
}

/// The database. Cheap to share behind an `Arc`; one statement runs at a time.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens the database in `folder`, makes it if it is not there, and brings its schema up to date.
    /// The folder is only this user's.
    ///
    /// # Errors
    /// [`StoreError`]; a database of a later version is refused and left alone.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_private_folder(folder).map_err(|source| StoreError::Folder {
            path: folder.to_owned(),
            source,
        })?;
        let path = folder.join(FILE_NAME);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = |source| StoreError::Sqlite {
            path: path.clone(),
            source,
        };
        let mut connection = Connection::open_with_flags(&path, flags).map_err(failed)?;
        prepare(&connection).map_err(failed)?;
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(failed)?;
        let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
        if version > known {
            return Err(StoreError::Newer {
                path,
                found: version,
            });
        }
        migrate(&mut connection).map_err(failed)?;
        Ok(Self {
            path,
            connection: Mutex::new(connection),
        })
    }

    /// Returns the database's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on the connection.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let mut connection = self.lock();
        work(&mut connection).map_err(|source| StoreError::Sqlite {
            path: self.path.clone(),
            source,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic inside SQLite's wrapper leaves no half statement behind.
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)
}

/// Takes the steps that are missing, in one transaction that only one program can hold.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    if done < STEPS.len() {
        transaction.execute_batch(&format!("PRAGMA user_version = {}", STEPS.len()))?;
    }
    transaction.commit()
}

#[cfg(unix)]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::{Store, StoreError};

    #[test]
    fn opens_twice_and_keeps_what_is_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inner = folder.path().join("a/b");
        Store::open(&inner).expect("is made");
        let again = Store::open(&inner).expect("is opened");
        assert!(again.path().exists());
    }

    #[test]
    fn refuses_a_database_of_a_later_version() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        store
            .with(|connection| connection.pragma_update(None, "user_version", 99))
            .expect("is written");
        drop(store);
        let refused = Store::open(folder.path());
        assert!(matches!(refused, Err(StoreError::Newer { found: 99, .. })));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_only_this_users() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inner = folder.path().join("data");
        Store::open(&inner).expect("is made");
        let mode = std::fs::metadata(&inner)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
