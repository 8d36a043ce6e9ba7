//! The list as it is written. Unknown keys are errors.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml_edit::Datetime;

/// The version of the format that this program reads and writes.
pub const FORMAT: i64 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawList {
    pub(super) format: i64,
    pub(super) name: String,
    #[serde(default)]
    pub(super) defaults: RawDefaults,
    #[serde(default)]
    pub(super) approve: Vec<RawApproval>,
    #[serde(default)]
    pub(super) deny: Vec<RawDenial>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct RawDefaults {
    pub(super) personal: Option<Personal>,
    pub(super) personal_lifts: bool,
    pub(super) expires_after_days: Option<u16>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Personal {
    Allowed,
    Never,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApproval {
    pub(super) server: String,
    pub(super) version: Option<String>,
    pub(super) digest: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) registry: Option<String>,
    pub(super) command: Option<Vec<RawToken>>,
    #[serde(default)]
    pub(super) wrappers: Vec<String>,
    #[serde(default)]
    pub(super) env: Vec<String>,
    #[serde(default)]
    pub(super) headers: Vec<String>,
    pub(super) tools: Option<BTreeMap<String, String>>,
    pub(super) hosts: Option<Vec<String>>,
    pub(super) paths: Option<Vec<String>>,
    pub(super) reviewer: Option<String>,
    pub(super) reviewed: Option<RawDate>,
    pub(super) expires: Option<RawDate>,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDenial {
    pub(super) server: String,
    #[serde(default)]
    pub(super) versions: Vec<String>,
    pub(super) reason: String,
    pub(super) reviewer: Option<String>,
    pub(super) reviewed: Option<RawDate>,
}

/// A token, or a hole.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawToken {
    Exact(String),
    Hole(RawHole),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHole {
    pub(super) hole: String,
    pub(super) under: Option<String>,
    pub(super) prefix: Option<String>,
}

/// A date: TOML's own, or a string.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawDate {
    Toml(Datetime),
    Text(String),
}
