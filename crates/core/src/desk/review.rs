//! What the window asks about what a server tells the model.

use countersign_model::Digest;

use super::{ActError, Desk, act::find};
use crate::{
    decide::Origin,
    json::{AnswerView, ReviewView},
    review::{self, ReviewError, Ruling},
};

/// A decision about a surface as the user was shown it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// The entry's id.
    pub entry: String,
    /// The digest that was shown.
    pub digest: String,
    /// Whether it is an approval (else a rejection).
    pub is_approval: bool,
    /// Names of tools that are not part of the approval.
    pub left_out: Vec<String>,
    /// The user's words.
    pub note: String,
}

impl Desk {
    /// Returns what is known of what the server of an entry tells the model.
    ///
    /// # Errors
    /// [`ActError`]; with the code `never-seen` where nothing is known.
    pub fn review(&self, entry: &str) -> Result<ReviewView, ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let (entry, server) = find(&inventory, entry)?;
        let reviewed = review::look(self.setup(), entry, server)?;
        Ok(ReviewView::of(&reviewed))
    }

    /// Asks the server of an entry, and keeps what it tells. It blocks for up to a minute.
    ///
    /// # Errors
    /// [`ActError`]; with the code `needs-network` where only its launcher, with the network, can start it.
    pub fn ask_server(&self, entry: &str, opens_network: bool) -> Result<AnswerView, ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let (entry, server) = find(&inventory, entry)?;
        let answer = review::ask(self.setup(), entry, server, opens_network)?;
        self.rescan(false);
        Ok(AnswerView::of(&answer))
    }

    /// Decides on what the server of an entry tells the model, if that is still what was shown.
    ///
    /// # Errors
    /// [`ActError`].
    pub fn judge(&self, judged: &Judged) -> Result<(), ActError> {
        let inventory = self.inventory().ok_or(ActError::Gone)?;
        let (entry, server) = find(&inventory, &judged.entry)?;
        let digest = Digest::parse(&judged.digest).ok_or(ReviewError::Moved)?;
        let ruling = if judged.is_approval {
            Ruling::Approve {
                left_out: judged.left_out.clone(),
            }
        } else {
            Ruling::Reject
        };
        let setup = self.setup();
        let note = &judged.note;
        review::decide(setup, entry, server, digest, &ruling, note, Origin::Window)?;
        self.rescan(false);
        Ok(())
    }
}
