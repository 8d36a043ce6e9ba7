use rusqlite::{OptionalExtension, Row, params};

use crate::{Store, StoreError};

/// A surface as it was seen. Kept once for each content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotRow {
    /// Row id.
    pub id: i64,
    /// The server's name.
    pub server: String,
    /// What tells apart the ways in which one server is started: entry, arguments, credential.
    pub key: String,
    /// The digest that trust is bound to.
    pub digest: [u8; 32],
    /// The surface, as it is exported.
    pub document: String,
    /// The version that was seen, where it is known.
    pub version: Option<String>,
    /// How it was obtained: `probe`, `guard` or `import`.
    pub how: String,
    /// When it was first seen, in seconds since 1970 (UTC).
    pub first_at_s: i64,
    /// When it was last seen.
    pub last_at_s: i64,
}

/// A surface to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewSnapshot<'text> {
    /// The server's name.
    pub server: &'text str,
    /// What tells apart the ways in which one server is started.
    pub key: &'text str,
    /// The digest that trust is bound to.
    pub digest: &'text [u8; 32],
    /// The surface, as it is exported.
    pub document: &'text str,
    /// The version that was seen, where it is known.
    pub version: Option<&'text str>,
    /// How it was obtained.
    pub how: &'text str,
    /// When, in seconds since 1970 (UTC).
    pub at_s: i64,
}

/// Which surface a way of starting a server had last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LatestSurface {
    /// The server's name.
    pub server: String,
    /// What tells apart the ways in which one server is started.
    pub key: String,
    /// The digest that trust is bound to.
    pub digest: [u8; 32],
    /// When it was last seen, in seconds since 1970 (UTC).
    pub last_at_s: i64,
}

/// A decision about a surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurfaceDecisionRow {
    /// Row id.
    pub id: i64,
    /// Whether it is an approval (else a rejection).
    pub is_approval: bool,
    /// The server's name.
    pub server: String,
    /// What tells apart the ways in which one server is started.
    pub key: String,
    /// The digest of the surface.
    pub digest: [u8; 32],
    /// The names of tools that were left out of the approval, as a JSON array.
    pub left_out: String,
    /// The user's words.
    pub note: String,
    /// When, in seconds since 1970 (UTC).
    pub made_at_s: i64,
    /// The chain of processes that made it.
    pub made_by: String,
    /// The MAC over everything above but the id.
    pub seal: Vec<u8>,
}

/// A decision about a surface, to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewSurfaceDecision<'text> {
    /// Whether it is an approval (else a rejection).
    pub is_approval: bool,
    /// The server's name.
    pub server: &'text str,
    /// What tells apart the ways in which one server is started.
    pub key: &'text str,
    /// The digest of the surface.
    pub digest: &'text [u8; 32],
    /// The names of tools that were left out, as a JSON array.
    pub left_out: &'text str,
    /// The user's words.
    pub note: &'text str,
    /// When, in seconds since 1970 (UTC).
    pub made_at_s: i64,
    /// The chain of processes that made it.
    pub made_by: &'text str,
    /// The MAC.
    pub seal: &'text [u8],
}

/// Contents that are kept for one way of starting a server: the newest, and those that were decided on.
pub const SNAPSHOTS_MAX: u32 = 50;

const COLUMNS: &str = "id, server, key, digest, document, version, how, first_at_s, last_at_s";

impl Store {
    /// Keeps a surface. One that was seen before is only seen again. Of those that nobody decided on, the
    /// oldest beyond [`SNAPSHOTS_MAX`] go. Returns whether the content is a new one.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn keep_snapshot(&self, snapshot: &NewSnapshot<'_>) -> Result<bool, StoreError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let seen = transaction.execute(
                "UPDATE snapshots SET last_at_s = ?4, document = ?5, how = ?6,
                    version = COALESCE(?7, version)
                 WHERE server = ?1 AND key = ?2 AND digest = ?3",
                params![
                    snapshot.server,
                    snapshot.key,
                    snapshot.digest,
                    snapshot.at_s,
                    snapshot.document,
                    snapshot.how,
                    snapshot.version,
                ],
            )?;
            if seen == 0 {
                transaction.execute(
                    "INSERT INTO snapshots
                        (server, key, digest, document, version, how, first_at_s, last_at_s)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                    params![
                        snapshot.server,
                        snapshot.key,
                        snapshot.digest,
                        snapshot.document,
                        snapshot.version,
                        snapshot.how,
                        snapshot.at_s,
                    ],
                )?;
                transaction.execute(
                    "DELETE FROM snapshots WHERE server = ?1 AND key = ?2
                        AND id NOT IN (SELECT id FROM snapshots WHERE server = ?1 AND key = ?2
                            ORDER BY last_at_s DESC, id DESC LIMIT ?3)
                        AND digest NOT IN (SELECT digest FROM surface_decisions
                            WHERE server = ?1 AND key = ?2)",
                    params![snapshot.server, snapshot.key, SNAPSHOTS_MAX],
                )?;
            }
            transaction.commit()?;
            Ok(seen == 0)
        })
    }

    /// Returns the surfaces of one way of starting a server, the one that was seen last first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn snapshots(&self, server: &str, key: &str) -> Result<Vec<SnapshotRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(&format!(
                "SELECT {COLUMNS} FROM snapshots WHERE server = ?1 AND key = ?2
                 ORDER BY last_at_s DESC, id DESC"
            ))?;
            statement.query_map([server, key], snapshot)?.collect()
        })
    }

    /// Returns the surface with a digest.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn snapshot(
        &self,
        server: &str,
        key: &str,
        digest: &[u8; 32],
    ) -> Result<Option<SnapshotRow>, StoreError> {
        self.with(|connection| {
            connection
                .query_row(
                    &format!(
                        "SELECT {COLUMNS} FROM snapshots
                         WHERE server = ?1 AND key = ?2 AND digest = ?3"
                    ),
                    params![server, key, digest],
                    snapshot,
                )
                .optional()
        })
    }

    /// Returns which surface each way of starting each server had last.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn latest_snapshots(&self) -> Result<Vec<LatestSurface>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT server, key, digest, last_at_s FROM snapshots AS one
                 WHERE NOT EXISTS (SELECT 1 FROM snapshots AS other
                    WHERE other.server = one.server AND other.key = one.key
                        AND (other.last_at_s, other.id) > (one.last_at_s, one.id))
                 ORDER BY server, key",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(LatestSurface {
                    server: row.get(0)?,
                    key: row.get(1)?,
                    digest: row.get(2)?,
                    last_at_s: row.get(3)?,
                })
            })?;
            rows.collect()
        })
    }

    /// Stores a decision about a surface, in the place of an earlier one about the same.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn decide_surface(&self, decision: &NewSurfaceDecision<'_>) -> Result<i64, StoreError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "DELETE FROM surface_decisions WHERE server = ?1 AND key = ?2 AND digest = ?3",
                params![decision.server, decision.key, decision.digest],
            )?;
            transaction.execute(
                "INSERT INTO surface_decisions
                    (kind, server, key, digest, left_out, note, made_at_s, made_by, seal)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    if decision.is_approval {
                        "approve"
                    } else {
                        "reject"
                    },
                    decision.server,
                    decision.key,
                    decision.digest,
                    decision.left_out,
                    decision.note,
                    decision.made_at_s,
                    decision.made_by,
                    decision.seal,
                ],
            )?;
            let id = transaction.last_insert_rowid();
            transaction.commit()?;
            Ok(id)
        })
    }

    /// Returns every decision about surfaces, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn surface_decisions(&self) -> Result<Vec<SurfaceDecisionRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT id, kind, server, key, digest, left_out, note, made_at_s, made_by, seal
                 FROM surface_decisions ORDER BY made_at_s, id",
            )?;
            statement.query_map([], decision)?.collect()
        })
    }

    /// Takes back every decision about the surfaces of a server. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_surface_decisions(&self, server: &str) -> Result<usize, StoreError> {
        self.with(|connection| {
            connection.execute("DELETE FROM surface_decisions WHERE server = ?1", [server])
        })
    }
}

fn snapshot(row: &Row<'_>) -> rusqlite::Result<SnapshotRow> {
    Ok(SnapshotRow {
        id: row.get(0)?,
        server: row.get(1)?,
        key: row.get(2)?,
        digest: row.get(3)?,
        document: row.get(4)?,
        version: row.get(5)?,
        how: row.get(6)?,
        first_at_s: row.get(7)?,
        last_at_s: row.get(8)?,
    })
}

fn decision(row: &Row<'_>) -> rusqlite::Result<SurfaceDecisionRow> {
    Ok(SurfaceDecisionRow {
        id: row.get(0)?,
        is_approval: row.get::<_, String>(1)? == "approve",
        server: row.get(2)?,
        key: row.get(3)?,
        digest: row.get(4)?,
        left_out: row.get(5)?,
        note: row.get(6)?,
        made_at_s: row.get(7)?,
        made_by: row.get(8)?,
        seal: row.get(9)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{LatestSurface, NewSnapshot, NewSurfaceDecision, SNAPSHOTS_MAX};
    use crate::Store;

    fn seen(store: &Store, digest: u8, at_s: i64) -> bool {
        let snapshot = NewSnapshot {
            server: "pkg:npm/a",
            key: "k",
            digest: &[digest; 32],
            document: "{}",
            version: None,
            how: "probe",
            at_s,
        };
        store.keep_snapshot(&snapshot).expect("is kept")
    }

    fn decide(store: &Store, digest: u8, is_approval: bool) {
        let decision = NewSurfaceDecision {
            is_approval,
            server: "pkg:npm/a",
            key: "k",
            digest: &[digest; 32],
            left_out: "[]",
            note: "",
            made_at_s: 1,
            made_by: "window",
            seal: &[1],
        };
        store.decide_surface(&decision).expect("is stored");
    }

    #[test]
    fn a_content_is_kept_once_and_the_last_seen_comes_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        assert!(seen(&store, 1, 10));
        assert!(seen(&store, 2, 20));
        assert!(!seen(&store, 1, 30));
        let kept = store.snapshots("pkg:npm/a", "k").expect("are read");
        let kept: Vec<_> = kept
            .iter()
            .map(|row| (row.digest[0], row.first_at_s, row.last_at_s))
            .collect();
        assert_eq!(kept, [(1, 10, 30), (2, 20, 20)]);
        let latest = store.latest_snapshots().expect("are read");
        let expect = LatestSurface {
            server: "pkg:npm/a".to_owned(),
            key: "k".to_owned(),
            digest: [1; 32],
            last_at_s: 30,
        };
        assert_eq!(latest, [expect]);
        assert_eq!(store.snapshots("pkg:npm/a", "other").expect("are read"), []);
    }

    #[test]
    fn what_was_decided_on_outlives_what_was_only_seen() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        seen(&store, 0, 0);
        decide(&store, 0, true);
        for number in 1..=u8::try_from(SNAPSHOTS_MAX).expect("is small") + 5 {
            seen(&store, number, i64::from(number));
        }
        let kept = store.snapshots("pkg:npm/a", "k").expect("are read");
        assert_eq!(kept.len(), SNAPSHOTS_MAX as usize + 1);
        let approved = store.snapshot("pkg:npm/a", "k", &[0; 32]).expect("is read");
        assert!(approved.is_some());
        let gone = store.snapshot("pkg:npm/a", "k", &[1; 32]).expect("is read");
        assert_eq!(gone, None);
    }

    #[test]
    fn the_last_decision_about_a_surface_holds() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        decide(&store, 1, true);
        decide(&store, 2, true);
        decide(&store, 1, false);
        let decisions = store.surface_decisions().expect("are read");
        let decisions: Vec<_> = decisions
            .iter()
            .map(|row| (row.digest[0], row.is_approval))
            .collect();
        assert_eq!(decisions, [(2, true), (1, false)]);
        assert_eq!(
            store
                .forget_surface_decisions("pkg:npm/a")
                .expect("is done"),
            2
        );
    }
}
