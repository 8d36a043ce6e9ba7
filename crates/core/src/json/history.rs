use schemars::JsonSchema;
use serde::Serialize;

use super::count;
use crate::history::{PastCredential, PastCredentials};

/// What the history of a file holds of credentials.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct HistoryView {
    /// The repository's folder, with `~` for the home.
    pub repository: String,
    /// What the file held, the oldest first.
    pub credentials: Vec<PastCredentialView>,
    /// Different contents of the file that were looked at.
    pub versions: u32,
    /// Commits that were looked at.
    pub commits: u32,
    /// Why there may be more.
    pub gap: Option<String>,
}

/// A credential that a file held at some time. Its value is not here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct PastCredentialView {
    /// Who issued it, where its shape tells.
    pub issuer: Option<String>,
    /// What it is, in words.
    pub label: String,
    /// The name it stood under.
    pub name: Option<String>,
    /// Its length in characters.
    pub characters: u32,
    /// The oldest commit that was found with it, in hexadecimal digits.
    pub first_commit: String,
    /// When that was made, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub first_at_s: i64,
    /// The newest commit that was found with it.
    pub last_commit: String,
    /// Whether the file holds it now.
    pub is_present: bool,
    /// The issuer's page for replacing it.
    pub rotation_page: Option<String>,
}

impl HistoryView {
    /// Shows what a search found.
    pub fn of(found: &PastCredentials) -> Self {
        Self {
            repository: found.repository.clone(),
            credentials: found.credentials.iter().map(of_one).collect(),
            versions: count(found.versions),
            commits: count(found.commits),
            gap: found.gap.clone(),
        }
    }
}

fn of_one(past: &PastCredential) -> PastCredentialView {
    PastCredentialView {
        issuer: past.issuer.map(str::to_owned),
        label: past.label.to_owned(),
        name: past.name.clone(),
        characters: count(past.characters),
        first_commit: past.first_commit.clone(),
        first_at_s: past.first_at_s,
        last_commit: past.last_commit.clone(),
        is_present: past.is_present,
        rotation_page: past.rotation_page.map(str::to_owned),
    }
}
