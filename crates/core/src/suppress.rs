//! Keeping a finding quiet, with a reason and an end.

use countersign_model::Subject;
use countersign_store::{StoreError, SuppressionRow};
use jiff::civil::Date;

use crate::{setup, setup::Setup};

/// Why a finding cannot be kept quiet.
#[derive(Debug, thiserror::Error)]
pub enum SuppressError {
    /// There is no such rule.
    #[error("find the rule `{0}`")]
    NoRule(String),
    /// A reason is needed.
    #[error("keep it quiet without a reason")]
    NoReason,
    /// The end is not in the future.
    #[error("keep it quiet until {0}, which is past")]
    Past(Date),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes what a finding is about as the database knows it.
pub fn subject(subject: &Subject) -> String {
    match subject {
        Subject::Entry(id) => format!("entry:{id}"),
        Subject::Config(id) => format!("config:{id}"),
        Subject::Machine => "machine".to_owned(),
    }
}

/// Keeps findings of one rule about one subject quiet until a day.
///
/// # Errors
/// [`SuppressError`].
pub fn suppress(
    setup: &Setup,
    rule: &str,
    about: &Subject,
    reason: &str,
    until: Date,
) -> Result<(), SuppressError> {
    if countersign_rules::rule(rule).is_none() {
        return Err(SuppressError::NoRule(rule.to_owned()));
    }
    if reason.trim().is_empty() {
        return Err(SuppressError::NoReason);
    }
    if until < setup::today() {
        return Err(SuppressError::Past(until));
    }
    setup.store.suppress(&SuppressionRow {
        rule: rule.to_owned(),
        subject: subject(about),
        reason: reason.trim().to_owned(),
        until: until.to_string(),
    })?;
    Ok(())
}

/// Lets findings of one rule about one subject speak again. Returns whether they were quiet.
///
/// # Errors
/// If the database fails.
pub fn unsuppress(setup: &Setup, rule: &str, about: &Subject) -> Result<bool, StoreError> {
    setup.store.unsuppress(rule, &subject(about))
}
