//! What carrying out needs: the vault, the key that seals the journal, and nobody else at it.

use std::{
    fs::{self, File, OpenOptions},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use countersign_clients::write::WriteFailure;
use countersign_model::{Os, SecretId};
use countersign_store::StoreError;
use countersign_vault::{Seal, Vault, VaultError, Writer, harden_process};

use crate::{
    Setup,
    install::{self, InstallError, ProgramState, Shipped},
    scan::ScanError,
};

/// The file that is locked while credentials are moved.
const LOCK: &str = "moves.lock";

/// How long another process that moves credentials is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// How often the lock is looked at.
const LOCK_LOOK: Duration = Duration::from_millis(25);

/// Why credentials were not moved, or not moved back.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// The vault said no.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file was not written.
    #[error(transparent)]
    Write(#[from] WriteFailure),
    /// A file is not what it was when the move was planned.
    #[error("move what was planned: {} has changed since", .0.display())]
    Changed(PathBuf),
    /// Another process moves credentials at this moment.
    #[error("move credentials: another Countersign is moving some")]
    Busy,
    /// There is no such move.
    #[error("find the move {0}")]
    NoMove(i64),
    /// The lock could not be made.
    #[error("use the file {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Nothing refers to it.
    #[error("find an entry that refers to {}", .0.reference())]
    NoReference(SecretId),
    /// The entry is not there, or goes through neither guard nor bridge.
    #[error("find the entry, or anything of ours in it")]
    NoEntry,
    /// The files cannot be looked at.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// Guard and bridge could not be put in their place, or taken away.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The home that is looked at is another one.
    #[error("change a home that is only looked at")]
    NotOwnHome,
}

/// The vault that is in use, ready for writing, and the key that seals the journal.
#[derive(Debug)]
pub struct Means<'setup> {
    /// What is worked on.
    pub setup: &'setup Setup,
    /// Where values go.
    pub vault: Vault,
    /// Seals the journal.
    pub seal: Seal,
}

impl<'setup> Means<'setup> {
    /// Keeps other programs and crash dumps from this process's memory, opens the vault, proves that it
    /// keeps what it is given, and has the seal's key made if there is none.
    ///
    /// # Errors
    /// [`MoveError::Vault`]: with [`VaultError::NoKeyring`], the user is to choose an encrypted file;
    /// [`MoveError::Install`] where the program that is to write items is not ours.
    pub fn ready(setup: &'setup Setup) -> Result<Self, MoveError> {
        harden_process();
        let writer = writer(setup, Os::current())?;
        Ok(Self {
            setup,
            vault: Vault::prepare(&setup.data_folder)?.written_by(writer),
            seal: countersign_vault::make_seal_key(&setup.data_folder)?.0,
        })
    }

    /// Waits until nobody else moves credentials.
    pub(super) fn alone(&self) -> Result<Alone, MoveError> {
        let begun = Instant::now();
        loop {
            if let Some(alone) = self.try_alone()? {
                return Ok(alone);
            }
            if begun.elapsed() >= LOCK_WAIT {
                return Err(MoveError::Busy);
            }
            thread::sleep(LOCK_LOOK);
        }
    }

    /// Returns `None` where somebody else moves credentials.
    pub(super) fn try_alone(&self) -> Result<Option<Alone>, MoveError> {
        let path = self.setup.data_folder.join(LOCK);
        let failed = |source| MoveError::Io {
            path: path.clone(),
            source,
        };
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Alone { _file: file })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

/// Returns who writes items: on macOS the guard, since a keychain asks the user when a program reads what
/// another one wrote. A guard that is absent is no failure here: it is one when an item is to be written.
fn writer(setup: &Setup, os: Os) -> Result<Writer, MoveError> {
    if os != Os::Macos {
        return Ok(Writer::OwnProcess);
    }
    let [(guard, state), _] = install::look(setup, &Shipped::here()?)?;
    let guard = PathBuf::from(guard);
    match state {
        ProgramState::Altered => Err(InstallError::Altered(guard).into()),
        ProgramState::Absent
        | ProgramState::Same
        | ProgramState::Earlier(_)
        | ProgramState::Later(_) => Ok(Writer::Program(guard)),
    }
}

/// Nobody else moves credentials until this is dropped.
#[derive(Debug)]
pub(super) struct Alone {
    _file: File,
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use countersign_clients::Machine;
    use countersign_model::Os;
    use countersign_vault::Writer;

    use super::{MoveError, writer};
    use crate::{Setup, install};

    #[test]
    fn the_guard_writes_items_on_macos_alone_and_only_if_it_is_ours() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = folder.path().join("home").to_string_lossy().into_owned();
        let machine = Machine::new(Os::Macos, &home, []);
        let setup = Setup::new(machine, folder.path().join("own"), true).expect("is set up");
        for os in [Os::Linux, Os::Windows] {
            assert!(matches!(writer(&setup, os), Ok(Writer::OwnProcess)));
        }
        let guard = PathBuf::from(install::place(&setup).guard);
        assert!(matches!(
            writer(&setup, Os::Macos),
            Ok(Writer::Program(path)) if path == guard
        ));
        fs::create_dir_all(guard.parent().expect("it is in a folder")).expect("is made");
        fs::write(&guard, "something else").expect("is written");
        assert!(matches!(
            writer(&setup, Os::Macos),
            Err(MoveError::Install(_))
        ));
    }
}
