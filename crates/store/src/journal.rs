//! The journal of moved credentials: what was written into which file, so that it can be undone.
//!
//! It keeps edits, not files, and no secret: offsets and what was written stand here, the raw text of
//! what was replaced is in the vault.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{Store, StoreError};

/// How far a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveState {
    /// Begun, and neither done nor taken back: only after a crash does anybody else see this.
    Begun,
    /// Every file is written.
    Done,
    /// Being undone.
    Undoing,
    /// Undone.
    Undone,
    /// Taken back before it was done.
    Failed,
}

impl MoveState {
    const NAMES: [(MoveState, &'static str); 5] = [
        (MoveState::Begun, "begun"),
        (MoveState::Done, "done"),
        (MoveState::Undoing, "undoing"),
        (MoveState::Undone, "undone"),
        (MoveState::Failed, "failed"),
    ];

    /// Returns the word used in the database and in output.
    pub fn name(self) -> &'static str {
        name(&Self::NAMES, self)
    }
}

/// How far one file of a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// Nothing was written.
    Planned,
    /// The new text stands beside the file, under the name in `staged`.
    Staged,
    /// The file has the new text.
    Written,
    /// The old text, or what corresponds to it, was put back.
    Restored,
}

impl FileState {
    const NAMES: [(FileState, &'static str); 4] = [
        (FileState::Planned, "planned"),
        (FileState::Staged, "staged"),
        (FileState::Written, "written"),
        (FileState::Restored, "restored"),
    ];

    /// Returns the word used in the database and in output.
    pub fn name(self) -> &'static str {
        name(&Self::NAMES, self)
    }
}

fn name<T: Copy + PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    names
        .iter()
        .find(|(known, _)| *known == value)
        .map_or("", |(_, name)| name)
}

fn parse<T: Copy>(names: &[(T, &'static str)], word: &str, column: usize) -> rusqlite::Result<T> {
    let found = names.iter().find(|(_, name)| *name == word);
    found.map(|(value, _)| *value).ok_or_else(|| {
        let message = format!("`{word}` is no state").into();
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, message)
    })
}

/// One move of credentials out of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveRow {
    /// Row id.
    pub id: i64,
    /// How far it is.
    pub state: MoveState,
    /// When, in seconds since 1970 (UTC).
    pub made_at_s: i64,
    /// The chain of processes that made it, outermost last, one a line.
    pub made_by: String,
}

/// One file of a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveFile {
    /// The path as clients name it.
    pub path: String,
    /// The file itself, symbolic links followed.
    pub target: String,
    /// How the text is read: `json`, `jsonc`, `json5`, `toml`, `yaml`.
    pub syntax: String,
    /// How far it is.
    pub state: FileState,
    /// The new text's file while the state is [`FileState::Staged`].
    pub staged: Option<String>,
    /// The MAC of the text before.
    pub before_mac: Vec<u8>,
    /// The MAC of the text after.
    pub after_mac: Vec<u8>,
    /// The edits as JSON, without what they replaced.
    pub splices: String,
    /// The vault's id of what they replaced.
    pub raw: String,
    /// The MAC over everything above but `state` and `staged`.
    pub seal: Vec<u8>,
    /// The credentials that were taken out.
    pub items: Vec<MoveItem>,
}

/// One credential that was taken out of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveItem {
    /// The vault's id of it.
    pub item: String,
    /// The entry's name.
    pub entry: String,
    /// Where the entry stands, as a JSON pointer.
    pub entry_pointer: String,
    /// Where the credential stood, as a JSON pointer.
    pub pointer: String,
    /// `variable`, `header`, `argument`, `address`.
    pub kind: String,
    /// The name it stood under; empty where it had none.
    pub name: String,
}

impl Store {
    /// Records a move that is about to be made, with all of its files. Returns its id.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn begin_move(
        &self,
        made_at_s: i64,
        made_by: &str,
        files: &[MoveFile],
    ) -> Result<i64, StoreError> {
        self.with(|connection| {
            // What follows touches other programs' files: the record has to be on the disk first.
            connection.pragma_update(None, "synchronous", "FULL")?;
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO moves (state, made_at_s, made_by) VALUES ('begun', ?1, ?2)",
                params![made_at_s, made_by],
            )?;
            let id = transaction.last_insert_rowid();
            for (ordinal, file) in (0_i64..).zip(files) {
                insert_file(&transaction, id, ordinal, file)?;
            }
            transaction.commit()?;
            Ok(id)
        })
    }

    /// Records how far a move is.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_move_state(&self, id: i64, state: MoveState) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "UPDATE moves SET state = ?2 WHERE id = ?1",
                params![id, state.name()],
            )?;
            Ok(())
        })
    }

    /// Records how far a file of a move is. `ordinal` counts the move's files from 0.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn set_move_file_state(
        &self,
        id: i64,
        ordinal: usize,
        state: FileState,
        staged: Option<&str>,
    ) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute(
                "UPDATE move_files SET state = ?3, staged = ?4 WHERE move = ?1 AND ordinal = ?2",
                params![
                    id,
                    i64::try_from(ordinal).unwrap_or(i64::MAX),
                    state.name(),
                    staged
                ],
            )?;
            Ok(())
        })
    }

    /// Returns every move, latest first.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn moves(&self) -> Result<Vec<MoveRow>, StoreError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare("SELECT id, state, made_at_s, made_by FROM moves ORDER BY id DESC")?;
            statement.query_map([], move_row)?.collect()
        })
    }

    /// Returns one move.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn move_by_id(&self, id: i64) -> Result<Option<MoveRow>, StoreError> {
        self.with(|connection| {
            connection
                .query_row(
                    "SELECT id, state, made_at_s, made_by FROM moves WHERE id = ?1",
                    [id],
                    move_row,
                )
                .optional()
        })
    }

    /// Returns the files of a move, in the order in which they are written.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn move_files(&self, id: i64) -> Result<Vec<MoveFile>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT path, target, syntax, state, staged, before_mac, after_mac, splices, raw, seal
                 FROM move_files WHERE move = ?1 ORDER BY ordinal",
            )?;
            let mut files: Vec<MoveFile> =
                statement.query_map([id], file_row)?.collect::<Result<_, _>>()?;
            for (ordinal, file) in (0_i64..).zip(&mut files) {
                file.items = items(connection, id, ordinal)?;
            }
            Ok(files)
        })
    }

    /// Forgets a move and its files.
    ///
    /// # Errors
    /// [`StoreError::Sqlite`].
    pub fn forget_move(&self, id: i64) -> Result<(), StoreError> {
        self.with(|connection| {
            connection.execute("DELETE FROM moves WHERE id = ?1", [id])?;
            Ok(())
        })
    }
}

fn insert_file(
    connection: &Connection,
    id: i64,
    ordinal: i64,
    file: &MoveFile,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO move_files
         (move, ordinal, path, target, syntax, state, staged, before_mac, after_mac, splices, raw, seal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            id,
            ordinal,
            file.path,
            file.target,
            file.syntax,
            file.state.name(),
            file.staged,
            file.before_mac,
            file.after_mac,
            file.splices,
            file.raw,
            file.seal,
        ],
    )?;
    for item in &file.items {
        connection.execute(
            "INSERT INTO move_items (move, file, item, entry, entry_pointer, pointer, kind, name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                id,
                ordinal,
                item.item,
                item.entry,
                item.entry_pointer,
                item.pointer,
                item.kind,
                item.name,
            ],
        )?;
    }
    Ok(())
}

fn move_row(row: &Row<'_>) -> rusqlite::Result<MoveRow> {
    Ok(MoveRow {
        id: row.get(0)?,
        state: parse(&MoveState::NAMES, &row.get::<_, String>(1)?, 1)?,
        made_at_s: row.get(2)?,
        made_by: row.get(3)?,
    })
}

fn file_row(row: &Row<'_>) -> rusqlite::Result<MoveFile> {
    Ok(MoveFile {
        path: row.get(0)?,
        target: row.get(1)?,
        syntax: row.get(2)?,
        state: parse(&FileState::NAMES, &row.get::<_, String>(3)?, 3)?,
        staged: row.get(4)?,
        before_mac: row.get(5)?,
        after_mac: row.get(6)?,
        splices: row.get(7)?,
        raw: row.get(8)?,
        seal: row.get(9)?,
        items: Vec::new(),
    })
}

fn items(connection: &Connection, id: i64, file: i64) -> rusqlite::Result<Vec<MoveItem>> {
    let mut statement = connection.prepare(
        "SELECT item, entry, entry_pointer, pointer, kind, name FROM move_items
         WHERE move = ?1 AND file = ?2 ORDER BY rowid",
    )?;
    let read = |row: &Row<'_>| {
        Ok(MoveItem {
            item: row.get(0)?,
            entry: row.get(1)?,
            entry_pointer: row.get(2)?,
            pointer: row.get(3)?,
            kind: row.get(4)?,
            name: row.get(5)?,
        })
    };
    statement.query_map(params![id, file], read)?.collect()
}

#[cfg(test)]
mod tests {
    use super::{FileState, MoveFile, MoveItem, MoveState};
    use crate::Store;

    fn file(path: &str) -> MoveFile {
        MoveFile {
            path: path.to_owned(),
            target: path.to_owned(),
            syntax: "json".to_owned(),
            state: FileState::Planned,
            staged: None,
            before_mac: vec![1],
            after_mac: vec![2],
            splices: "[]".to_owned(),
            raw: "0".repeat(32),
            seal: vec![3],
            items: vec![MoveItem {
                item: "1".repeat(32),
                entry: "github".to_owned(),
                entry_pointer: "/mcpServers/github".to_owned(),
                pointer: "/mcpServers/github/env/TOKEN".to_owned(),
                kind: "variable".to_owned(),
                name: "TOKEN".to_owned(),
            }],
        }
    }

    #[test]
    fn a_move_is_read_back_as_it_was_recorded() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        let files = [file("/a"), file("/b")];
        let id = store.begin_move(7, "shell", &files).expect("is begun");
        assert_eq!(store.move_files(id).expect("is read"), files);
        store
            .set_move_file_state(id, 1, FileState::Staged, Some("/b.new"))
            .expect("is set");
        store.set_move_state(id, MoveState::Done).expect("is set");
        drop(store);
        let store = Store::open(folder.path()).expect("is opened");
        let row = store.move_by_id(id).expect("is read").expect("is there");
        assert_eq!((row.state, row.made_at_s), (MoveState::Done, 7));
        let again = store.move_files(id).expect("is read");
        assert_eq!(again[0].state, FileState::Planned);
        assert_eq!(again[1].staged.as_deref(), Some("/b.new"));
    }

    #[test]
    fn a_forgotten_move_takes_its_files_along() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path()).expect("is made");
        let id = store.begin_move(7, "", &[file("/a")]).expect("is begun");
        store.forget_move(id).expect("is forgotten");
        assert_eq!(store.moves().expect("is read"), []);
        assert_eq!(store.move_files(id).expect("is read"), []);
    }
}
