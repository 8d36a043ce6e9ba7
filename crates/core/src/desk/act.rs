//! What the window asks for: each a change, after which the desk scans again.

use std::sync::PoisonError;

use countersign_model::{ConfigId, Entry, EntryId, Server, Subject};
use countersign_store::StoreError;
use jiff::civil::Date;

use super::Desk;
use crate::{
    Inventory,
    decide::{self, DecideError, NotApprovable, Origin},
    json::{SettingsView, entry_mark, settings as settings_view},
    lists::{self, ListFileError, Review},
    review::{AskError, ReviewError},
    settings::{self, SettingsError},
    suppress::{self, SuppressError},
};

/// Sources that were taken away and can be added again.
const REMOVED_MAX: usize = 20;

/// Why something that was asked for was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The entry is not there any more.
    #[error("find the entry: it is not there any more")]
    Gone,
    /// The entry is not what the user was shown.
    #[error("approve what was shown: it has changed since")]
    Changed,
    /// The list is not where it was shown.
    #[error("change the list: it is not there any more")]
    ListGone,
    /// Not a day.
    #[error("read `{0}` as a day: it is not of the form YYYY-MM-DD")]
    Day(String),
    /// A decision was not made.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// A stanza was not written.
    #[error(transparent)]
    Stanza(#[from] ListFileError),
    /// A finding was not kept quiet.
    #[error(transparent)]
    Suppress(#[from] SuppressError),
    /// A setting was not changed.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// What a server tells the model was not looked at or decided on.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// A server was not asked.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ActError {
    /// Returns the stable code by which a front end decides.
    pub const fn code(&self) -> &'static str {
        match self {
            ActError::Gone | ActError::ListGone => "gone",
            ActError::Changed => "changed",
            ActError::Day(_) => "not-a-day",
            ActError::Decide(DecideError::NotApprovable(_)) => "not-approvable",
            ActError::Decide(DecideError::NoName(_)) => "no-name",
            ActError::Decide(DecideError::Past(_)) | ActError::Suppress(SuppressError::Past(_)) => {
                "past"
            }
            ActError::Decide(DecideError::Vault(_)) => "vault",
            ActError::Stanza(_) => "stanza",
            ActError::Suppress(_) => "suppress",
            ActError::Settings(_) => "setting",
            ActError::Review(ReviewError::NeverSeen) => "never-seen",
            ActError::Review(ReviewError::Moved) => "changed",
            ActError::Review(ReviewError::Vault(_)) => "vault",
            ActError::Review(_) => "review",
            ActError::Ask(AskError::NeedsNetwork) => "needs-network",
            ActError::Ask(_) => "ask",
            ActError::Decide(DecideError::Store(_)) | ActError::Store(_) => "store",
        }
    }

    /// Returns the next step, where one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            ActError::Decide(DecideError::NotApprovable(NotApprovable::Floats {
                pin_as: Some(pin),
                ..
            })) => Some(format!(
                "Write {pin} in the config, look at it, and approve that."
            )),
            ActError::Decide(DecideError::NotApprovable(NotApprovable::Floats {
                pin_as: None,
                ..
            })) => Some("Name one version or digest in the config, and approve that.".to_owned()),
            ActError::Decide(DecideError::Vault(_)) => {
                Some("Unlock the keyring and try again.".to_owned())
            }
            ActError::Review(ReviewError::Vault(_)) => {
                Some("Unlock the keyring and try again.".to_owned())
            }
            ActError::Review(ReviewError::Moved) => Some("Look at it again.".to_owned()),
            ActError::Ask(error) => error.hint().map(sentence),
            ActError::Gone => Some("Scan again.".to_owned()),
            ActError::ListGone => Some("Look at the lists again.".to_owned()),
            ActError::Changed => Some("Look at it again.".to_owned()),
            ActError::Day(_)
            | ActError::Decide(_)
            | ActError::Stanza(_)
            | ActError::Suppress(_)
            | ActError::Settings(_)
            | ActError::Review(_)
            | ActError::Store(_) => None,
        }
    }
}

/// Writes a fragment as a sentence.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// An entry as the user was shown it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Its mark, from the view that was shown.
    pub mark: String,
}

impl Desk {
    /// Approves entries as they were shown. `until` is the last day, as `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`ActError`]. If any entry is not what was shown, none is approved.
    pub fn approve(
        &self,
        entries: &[Seen],
        note: &str,
        until: Option<&str>,
    ) -> Result<(), ActError> {
        let until = until.map(day).transpose()?;
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        for seen in entries {
            let (entry, server) = find(&inventory, &seen.id)?;
            if entry_mark(entry, server) != seen.mark {
                return Err(ActError::Changed);
            }
        }
        for seen in entries {
            let (entry, server) = find(&inventory, &seen.id)?;
            decide::approve(self.setup(), entry, server, note, until, Origin::Window)?;
        }
        self.rescan(false);
        Ok(())
    }

    /// Refuses the server of an entry in every version.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn deny(&self, entry: &str, note: &str) -> Result<(), ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let (_, server) = find(&inventory, entry)?;
        decide::deny(self.setup(), server, note, Origin::Window)?;
        self.rescan(false);
        Ok(())
    }

    /// Takes back every decision about a server, named as lists name it.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn forget(&self, server: &str) -> Result<(), ActError> {
        decide::forget(self.setup(), server)?;
        self.rescan(false);
        Ok(())
    }

    /// Keeps findings of a rule quiet, about an entry, a config, or the machine.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn quiet(
        &self,
        rule: &str,
        entry: Option<&str>,
        config: Option<&str>,
        reason: &str,
        until: &str,
    ) -> Result<(), ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let about = subject(&inventory, entry, config)?;
        suppress::suppress(self.setup(), rule, &about, reason, day(until)?)?;
        self.rescan(false);
        Ok(())
    }

    /// Lets findings of a rule speak again.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn speak(
        &self,
        rule: &str,
        entry: Option<&str>,
        config: Option<&str>,
    ) -> Result<(), ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        suppress::unsuppress(self.setup(), rule, &subject(&inventory, entry, config)?)?;
        self.rescan(false);
        Ok(())
    }

    /// Writes an entry as a stanza for the team's list.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn stanza(&self, entry: &str) -> Result<String, ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let (entry, server) = find(&inventory, entry)?;
        Ok(lists::stanza(entry, server, &Review::default())?)
    }

    /// Returns what the user set and decided.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn settings(&self) -> Result<SettingsView, ActError> {
        Ok(settings_view(self.setup())?)
    }

    /// Adds a source of a team's list.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn add_list(&self, kind: &str, at: &str) -> Result<(), ActError> {
        settings::add_list(self.setup(), kind, at)?;
        self.rescan(kind == "url");
        Ok(())
    }

    /// Takes the source of a team's list at `index` away, which was shown as `shown`.
    ///
    /// # Errors
    /// [`ActError`]: also where another one stands there.
    pub fn remove_list(&self, index: usize, shown: &str) -> Result<(), ActError> {
        let removed =
            settings::remove_list_shown(self.setup(), index, shown)?.ok_or(ActError::ListGone)?;
        let mut kept = self
            .removed_lists
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMOVED_MAX {
            kept.remove(0);
        }
        kept.push((shown.to_owned(), removed));
        drop(kept);
        self.rescan(false);
        Ok(())
    }

    /// Adds the source again that was taken away last of those shown as `shown`. Its address never
    /// leaves the core for that.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn restore_list(&self, shown: &str) -> Result<(), ActError> {
        let mut kept = self
            .removed_lists
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().rposition(|(known, _)| known == shown);
        let (_, source) = kept.remove(at.ok_or(ActError::ListGone)?);
        drop(kept);
        settings::restore_list(self.setup(), &source)?;
        self.rescan(false);
        Ok(())
    }

    /// Adds a folder that is walked for projects.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn add_folder(&self, folder: &str) -> Result<(), ActError> {
        settings::add_folder(self.setup(), folder)?;
        self.rescan(false);
        Ok(())
    }

    /// Takes a folder away.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn remove_folder(&self, folder: &str) -> Result<(), ActError> {
        settings::remove_folder(self.setup(), folder)?;
        self.rescan(false);
        Ok(())
    }

    /// Returns the path of a config that was found, to be opened.
    ///
    /// # Errors
    /// [`ActError::Gone`].
    pub fn config_path(&self, config: &str) -> Result<std::path::PathBuf, ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let found = inventory
            .configs
            .iter()
            .find(|known| known.id.as_str() == config)
            .ok_or(ActError::Gone)?;
        Ok(found.path.as_path().to_owned())
    }
}

pub(super) fn find<'scan>(
    inventory: &'scan Inventory,
    id: &str,
) -> Result<(&'scan Entry, &'scan Server), ActError> {
    inventory
        .entries()
        .find(|(_, entry)| entry.id.as_str() == id)
        .and_then(|(_, entry)| Some((entry, &inventory.assessed.get(&entry.id)?.server)))
        .ok_or(ActError::Gone)
}

fn subject(
    inventory: &Inventory,
    entry: Option<&str>,
    config: Option<&str>,
) -> Result<Subject, ActError> {
    if let Some(id) = entry {
        let (entry, _) = find(inventory, id)?;
        let id: EntryId = entry.id.clone();
        return Ok(Subject::Entry(id));
    }
    let Some(id) = config else {
        return Ok(Subject::Machine);
    };
    let known = inventory
        .findings
        .iter()
        .find_map(|finding| match &finding.subject {
            Subject::Config(known) if known.as_str() == id => Some(known.clone()),
            _ => None,
        });
    let known: ConfigId = known.ok_or(ActError::Gone)?;
    Ok(Subject::Config(known))
}

fn day(text: &str) -> Result<Date, ActError> {
    text.parse().map_err(|_| ActError::Day(text.to_owned()))
}
