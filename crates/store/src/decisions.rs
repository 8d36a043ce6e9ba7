use rusqlite::{Row, params};

use crate::{Store, StoreError};

/// A stored decision of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionRow {
    /// Row id.
    pub id: i64,
    /// Whether it is an approval (else a denial).
    pub is_approval: bool,
    /// The server's name.
    pub server: String,
    /// The decision as a stanza of a list.
    pub stanza: String,
    /// The user's words.
    pub note: String,
    /// When, in seconds since 1970 (UTC).
    pub made_at_s: i64,
    /// The chain of processes that made it, outermost last, one a line.
    pub made_by: String,
    /// The MAC over everything above but the id.
    pub seal: Vec<u8>,
}

/// A decision to be stored.
#[derive(Clone, Debug)]
pub struct NewDecision<'text> {
    /// Whether it is an approval (else a denial).
    pub is_approval: bool,
    /// The server's name.
    pub server: &'text str,
    /// The decision as a stanza of a list.
    pub stanza: &'text str,
    /// The user's words.
    pub note: &'text str,
    /// When, in seconds since 1970 (UTC).
    pub made_at_s: i64,
    /// The chain of processes that made it.
    pub made_by: &'text str,
    /// The MAC.
    pub seal: &'text [u8],
}

impl Store {
    /// Returns every decision, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn decisions(&self) -> Result<Vec<DecisionRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT id, kind, server, stanza, note, made_at_s, made_by, seal FROM decisions ORDER BY id",
            )?;
            statement.query_map([], row)?.collect()
        })
    }

    /// Stores a decision. A denial takes the place of every earlier decision about the server; an
    /// approval that of denials and of the same approval, since one server may be approved in several
    /// shapes.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn decide(&self, decision: &NewDecision<'_>) -> Result<i64, StoreError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "DELETE FROM decisions
                 WHERE server = ?1 AND (?2 OR kind = 'deny' OR stanza = ?3)",
                params![decision.server, !decision.is_approval, decision.stanza],
            )?;
            transaction.execute(
                "INSERT INTO decisions (kind, server, stanza, note, made_at_s, made_by, seal)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    if decision.is_approval {
                        "approve"
                    } else {
                        "deny"
                    },
                    decision.server,
                    decision.stanza,
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

    /// Takes back every decision about a server. Returns how many there were.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_decisions(&self, server: &str) -> Result<usize, StoreError> {
        self.with(|connection| {
            connection.execute("DELETE FROM decisions WHERE server = ?1", [server])
        })
    }
}

fn row(row: &Row<'_>) -> rusqlite::Result<DecisionRow> {
    Ok(DecisionRow {
        id: row.get(0)?,
        is_approval: row.get::<_, String>(1)? == "approve",
        server: row.get(2)?,
        stanza: row.get(3)?,
        note: row.get(4)?,
        made_at_s: row.get(5)?,
        made_by: row.get(6)?,
        seal: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::NewDecision;
    use crate::Store;

    #[test]
    fn a_denial_replaces_every_decision_and_an_approval_its_own_kind_only() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        let decide = |is_approval, stanza: &str| {
            store
                .decide(&NewDecision {
                    is_approval,
                    server: "pkg:npm/a",
                    stanza,
                    note: "n",
                    made_at_s: 1,
                    made_by: "cli",
                    seal: &[1, 2],
                })
                .expect("is stored")
        };
        decide(true, "one shape");
        decide(true, "another shape");
        decide(true, "one shape");
        assert_eq!(store.decisions().expect("are read").len(), 2);
        decide(false, "no");
        let stored = store.decisions().expect("are read");
        assert_eq!(stored.len(), 1);
        assert!(!stored[0].is_approval);
        assert_eq!(store.forget_decisions("pkg:npm/a").expect("is done"), 1);
        assert!(store.decisions().expect("are read").is_empty());
    }
}
