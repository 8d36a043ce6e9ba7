//! What the window asks for about credentials.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use countersign_model::{EntryId, Pointer, SecretId, SecretText};
use serde::Deserialize;

use super::Desk;
use crate::{
    Inventory,
    decide::Origin,
    history::{self, HistoryError},
    install::{self, InstallError, Shipped},
    json::{CredentialsView, HistoryView, MovedView, UndoneView},
    moves::{self, Means, MoveError, Plan, PlanError, Request, Step, Values},
    scan::Options,
    vault::{self, FileKey, VaultError},
};

/// Why something about credentials was not done.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    /// Nothing was scanned yet.
    #[error("act before the first scan is done")]
    NoScan,
    /// What would be done is not what the user was shown.
    #[error("move what was shown: it has changed since")]
    Changed,
    /// What was asked for names nothing.
    #[error("find `{0}`")]
    Gone(String),
    /// There is no plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It was not carried out.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// The vault said no.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Guard and bridge are not in their place.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// A history was not searched.
    #[error(transparent)]
    History(#[from] HistoryError),
}

impl CredentialsError {
    /// Returns the stable code by which a front end decides.
    pub const fn code(&self) -> &'static str {
        match self {
            CredentialsError::NoScan => "no-scan",
            CredentialsError::Changed => "changed",
            CredentialsError::Gone(_) => "gone",
            CredentialsError::Plan(_) => "plan",
            CredentialsError::Move(error) => error.code(),
            CredentialsError::Vault(error) => moves::vault_code(error),
            CredentialsError::Install(_) => "install",
            CredentialsError::History(_) => "history",
        }
    }

    /// Returns the next step, where one is known.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            CredentialsError::NoScan => Some("Wait for the first scan."),
            CredentialsError::Changed => Some("Look at it again."),
            CredentialsError::Gone(_) => Some("Scan again."),
            CredentialsError::Plan(_) | CredentialsError::History(_) => None,
            CredentialsError::Move(error) => error.hint(),
            CredentialsError::Vault(error) => moves::vault_hint(error),
            CredentialsError::Install(error) => moves::install_hint(error),
        }
    }
}

/// What the window asks to move.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Asked {
    /// The mark of the plan that was shown.
    pub mark: String,
    /// These entries only, by their ids.
    pub entries: Option<Vec<String>>,
    /// These places only, as JSON pointers.
    pub pointers: Option<Vec<String>>,
    /// Files that only other projects say a client reads are edited too.
    pub consents: bool,
    /// Equal values share one item.
    pub joins: bool,
}

/// With what an encrypted file is made.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Key {
    /// A passphrase.
    Passphrase(String),
    /// A key file; it is made if it is not there.
    KeyFile(PathBuf),
}

impl Desk {
    /// Shows the credentials of this machine. With `consents`, files that only other projects say a client
    /// reads count as editable.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn credentials(&self, consents: bool) -> Result<CredentialsView, CredentialsError> {
        let inventory = self.scanned()?;
        let plan = self.plan(
            &inventory,
            &Request {
                consents,
                ..Request::default()
            },
        )?;
        let shipped = Shipped::here()?;
        Ok(moves::look(self.setup(), &inventory, &plan, &shipped)?)
    }

    /// Moves what was shown, or a part of it. `progress` is told how many files are written, of how many.
    ///
    /// # Errors
    /// [`CredentialsError::Changed`] where it would not be what was shown.
    pub fn move_credentials(
        &self,
        asked: &Asked,
        progress: impl Fn(usize, usize),
    ) -> Result<MovedView, CredentialsError> {
        let inventory = self.scanned()?;
        let whole = Request {
            consents: asked.consents,
            ..Request::default()
        };
        let shown = self.plan(&inventory, &whole)?;
        if moves::mark(&shown) != asked.mark {
            self.rescan(false);
            return Err(CredentialsError::Changed);
        }
        let plan = self.plan(&inventory, &request(&inventory, asked)?)?;
        let means = Means::ready(self.setup())?;
        install::install(self.setup(), &Shipped::here()?, false)?;
        let total = plan.files.len();
        let moved = moves::carry_out(&means, &plan, Origin::Window, &mut |step| {
            if let Step::Journalled(ordinal) = step {
                progress(ordinal + 1, total);
            }
        })?;
        self.rescan(false);
        Ok(MovedView::of(&moved))
    }

    /// Undoes a move.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn undo_move(
        &self,
        id: u32,
        values: Option<Values>,
    ) -> Result<UndoneView, CredentialsError> {
        let means = Means::ready(self.setup())?;
        let undone = moves::undo(&means, i64::from(id), values, &mut |_| {})?;
        self.rescan(false);
        Ok(UndoneView::of_undone(self.setup(), &undone))
    }

    /// Takes entries back, by their ids.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn take_back(&self, entries: &[String]) -> Result<UndoneView, CredentialsError> {
        let inventory = self.scanned()?;
        let ids = ids(&inventory, entries)?;
        let means = Means::ready(self.setup())?;
        let installed = install::place(self.setup());
        let taken = moves::take_back(&means, &inventory, &installed, Some(&ids), &mut |_| {})?;
        self.rescan(false);
        Ok(UndoneView::of_taken(self.setup(), &taken))
    }

    /// Takes everything back, and guard and bridge away.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn leave(&self) -> Result<UndoneView, CredentialsError> {
        let means = Means::ready(self.setup())?;
        let installed = install::place(self.setup());
        let taken = moves::leave(&means, &Options::default(), &installed, &mut |_| {})?;
        self.rescan(false);
        Ok(UndoneView::of_taken(self.setup(), &taken))
    }

    /// Gives a reference, by its item's id, another value.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn set_value(&self, reference: &str, value: SecretText) -> Result<(), CredentialsError> {
        let inventory = self.scanned()?;
        let id = SecretId::parse(reference)
            .ok_or_else(|| CredentialsError::Gone(reference.to_owned()))?;
        let means = Means::ready(self.setup())?;
        let installed = install::place(self.setup());
        moves::set_value(&means, &inventory, &installed, id, value)?;
        Ok(())
    }

    /// Binds what an entry refers to, to what it asks for now.
    ///
    /// # Errors
    /// [`CredentialsError`].
    pub fn bind_entry(&self, entry: &str) -> Result<(), CredentialsError> {
        let inventory = self.scanned()?;
        let ids = ids(&inventory, &[entry.to_owned()])?;
        let means = Means::ready(self.setup())?;
        let installed = install::place(self.setup());
        for id in ids {
            moves::bind(&means, &inventory, &installed, &id)?;
        }
        Ok(())
    }

    /// Searches what git keeps of the file that an entry stands in, for the credentials that it held at some
    /// time. One search at a time: a new one ends the one before.
    ///
    /// # Errors
    /// [`CredentialsError::History`]; [`CredentialsError::Gone`] where there is no such entry.
    pub fn history(&self, entry: &str) -> Result<HistoryView, CredentialsError> {
        let inventory = self.scanned()?;
        let mut known = inventory.entries();
        let (config, _) = known
            .find(|(_, known)| known.id.as_str() == entry)
            .ok_or_else(|| CredentialsError::Gone(entry.to_owned()))?;
        let ends = Arc::new(AtomicBool::new(false));
        self.end_history(Arc::clone(&ends));
        let found = history::history(self.setup(), &config.path, &ends)?;
        Ok(HistoryView::of(&found))
    }

    /// Ends the search of a history that is under way; what it found so far is its result.
    pub fn cancel_history(&self) {
        self.end_history(Arc::default());
    }

    fn end_history(&self, next: Arc<AtomicBool>) {
        if let Ok(mut ends) = self.ends_history.lock() {
            ends.store(true, Ordering::Relaxed);
            *ends = next;
        }
    }

    /// Makes the encrypted file, which the user chose where there is no keyring.
    ///
    /// # Errors
    /// [`CredentialsError::Vault`].
    pub fn make_vault(&self, key: Key) -> Result<(), CredentialsError> {
        let key = match key {
            Key::Passphrase(text) => FileKey::Passphrase(SecretText::new(text)),
            Key::KeyFile(path) => FileKey::KeyFile(self.below_home(path)),
        };
        Ok(vault::make(self.setup(), key)?)
    }

    /// Returns a path with `~` as the home.
    fn below_home(&self, path: PathBuf) -> PathBuf {
        match path.strip_prefix("~") {
            Ok(rest) => Path::new(&self.setup().machine.home).join(rest),
            Err(_) => path,
        }
    }

    /// Unlocks the encrypted file for this session.
    ///
    /// # Errors
    /// [`CredentialsError::Vault`].
    pub fn unlock_vault(&self, passphrase: &SecretText) -> Result<(), CredentialsError> {
        Ok(vault::unlock(self.setup(), passphrase, None)?)
    }

    /// Locks the encrypted file.
    ///
    /// # Errors
    /// [`CredentialsError::Vault`].
    pub fn lock_vault(&self) -> Result<(), CredentialsError> {
        Ok(vault::lock(self.setup())?)
    }

    /// Puts guard and bridge in their place, whatever stands there.
    ///
    /// # Errors
    /// [`CredentialsError::Install`].
    pub fn repair_programs(&self) -> Result<(), CredentialsError> {
        install::install(self.setup(), &Shipped::here()?, true)?;
        self.rescan(false);
        Ok(())
    }

    fn scanned(&self) -> Result<Arc<Inventory>, CredentialsError> {
        self.inventory().ok_or(CredentialsError::NoScan)
    }

    fn plan(&self, inventory: &Inventory, request: &Request) -> Result<Plan, PlanError> {
        let installed = install::place(self.setup());
        moves::plan(
            self.setup(),
            &Options::default(),
            inventory,
            &installed,
            request,
        )
    }
}

fn request(inventory: &Inventory, asked: &Asked) -> Result<Request, CredentialsError> {
    let pointers = asked.pointers.as_ref().map(|pointers| {
        let parse = |text: &String| {
            Pointer::parse(text).ok_or_else(|| CredentialsError::Gone(text.clone()))
        };
        pointers.iter().map(parse).collect::<Result<Vec<_>, _>>()
    });
    let entries = asked
        .entries
        .as_deref()
        .map(|entries| ids(inventory, entries));
    Ok(Request {
        entries: entries.transpose()?,
        pointers: pointers.transpose()?,
        consents: asked.consents,
        joins: asked.joins,
    })
}

fn ids(inventory: &Inventory, entries: &[String]) -> Result<Vec<EntryId>, CredentialsError> {
    let find = |id: &String| {
        let mut known = inventory.entries();
        known
            .find(|(_, entry)| entry.id.as_str() == id)
            .map(|(_, entry)| entry.id.clone())
            .ok_or_else(|| CredentialsError::Gone(id.clone()))
    };
    entries.iter().map(find).collect()
}
