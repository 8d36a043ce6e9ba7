use countersign_store::StoreError;
use schemars::JsonSchema;
use serde::Serialize;

use super::report::kind;
use crate::{Setup, decide};

/// What the user set and decided.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SettingsView {
    /// Where the team's lists come from.
    pub lists: Vec<SourceView>,
    /// Folders that are walked for projects.
    pub folders: Vec<String>,
    /// The user's own decisions, oldest first.
    pub decisions: Vec<DecisionView>,
    /// Where the key is that seals decisions: `keyring`, `key file`; `None` where none was made yet.
    pub key_kept_in: Option<String>,
    /// Why the key could not be had, if it could not.
    pub key_problem: Option<String>,
    /// The product's own folder.
    pub data_folder: String,
}

/// Where a list comes from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SourceView {
    /// `file`, `folder` or `url`.
    pub kind: String,
    /// The path or address as it may be shown, and as the report names it. An address may carry a
    /// credential: what names a source is its place among the lists, and this.
    pub shown: String,
}

/// One decision of the user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct DecisionView {
    /// The server's name.
    pub server: String,
    /// Whether it is an approval (else a denial).
    pub is_approval: bool,
    /// The user's words.
    pub note: String,
    /// When, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub made_at_s: i64,
    /// `window`, or the programs that made it.
    pub made_by: String,
    /// The decision as it would stand in a list.
    pub stanza: String,
    /// Why it is not used, if it is not.
    pub unverified: Option<String>,
}

/// Reads what the user set and decided.
///
/// # Errors
/// If the database fails.
pub fn settings(setup: &Setup) -> Result<SettingsView, StoreError> {
    let settings = setup.store.settings()?;
    let (key_kept_in, key_problem) = match decide::key_keeper(setup) {
        Ok(keeper) => (keeper.map(str::to_owned), None),
        Err(error) => (None, Some(error.to_string())),
    };
    Ok(SettingsView {
        key_kept_in,
        key_problem,
        lists: settings
            .lists
            .iter()
            .map(|source| SourceView {
                kind: kind(source).to_owned(),
                shown: crate::lists::shown(setup, source),
            })
            .collect(),
        folders: settings.folders,
        decisions: decide::all(setup)?
            .into_iter()
            .map(|(row, unverified)| DecisionView {
                server: row.server,
                is_approval: row.is_approval,
                note: row.note,
                made_at_s: row.made_at_s,
                made_by: row.made_by,
                stanza: row.stanza,
                unverified,
            })
            .collect(),
        data_folder: setup.shorten(&setup.data_folder),
    })
}
