use countersign_model::Digest;
use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

/// What tells whether a file is still the one that was hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    /// Size in bytes.
    pub bytes: i64,
    /// Last change, in nanoseconds since 1970 (UTC).
    pub modified_ns: i64,
    /// Inode, or 0 where there is none.
    pub inode: i64,
}

impl Store {
    /// Returns the hash of a file that has not changed since it was hashed.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn file_hash(&self, path: &str, stamp: FileStamp) -> Result<Option<Digest>, StoreError> {
        self.with(|connection| {
            connection
                .query_row(
                    "SELECT sha256 FROM file_hashes
                     WHERE path = ?1 AND bytes = ?2 AND modified_ns = ?3 AND inode = ?4",
                    params![path, stamp.bytes, stamp.modified_ns, stamp.inode],
                    |row| row.get::<_, [u8; 32]>(0),
                )
                .optional()
                .map(|hash| hash.map(Digest::from_bytes))
        })
    }

    /// Remembers the hash of a file.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn remember_file_hash(
        &self,
        path: &str,
        stamp: FileStamp,
        hash: Digest,
    ) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "INSERT INTO file_hashes (path, bytes, modified_ns, inode, sha256) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (path) DO UPDATE SET bytes = ?2, modified_ns = ?3, inode = ?4, sha256 = ?5",
                params![path, stamp.bytes, stamp.modified_ns, stamp.inode, hash.as_bytes()],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::Digest;

    use super::FileStamp;
    use crate::Store;

    #[test]
    fn a_hash_holds_only_for_the_same_stamp() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        let stamp = FileStamp {
            bytes: 3,
            modified_ns: 1,
            inode: 7,
        };
        let hash = Digest::of(b"abc");
        store
            .remember_file_hash("/a", stamp, hash)
            .expect("is stored");
        assert_eq!(store.file_hash("/a", stamp).expect("is read"), Some(hash));
        let touched = FileStamp {
            modified_ns: 2,
            ..stamp
        };
        assert_eq!(store.file_hash("/a", touched).expect("is read"), None);
    }
}
