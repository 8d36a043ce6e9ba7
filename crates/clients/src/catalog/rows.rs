//! The catalog file as it is written, and its check.

use std::collections::BTreeMap;

use countersign_model::{ClientId, FileRole, LocationConfidence, Os, Scope, WritePolicy};
use serde::Deserialize;

use super::{
    CatalogError, Client, Container, Format, KeyStep, Location, Marker, Override, ProjectSource,
    ProjectSourceKind, SettingOverride, SwitchKind, SwitchRow, VERSION,
};
use crate::dialect::DialectRow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogFile {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(super) version: u32,
    #[serde(rename = "checked")]
    _checked: Option<String>,
    #[serde(default)]
    pub(super) dialects: BTreeMap<String, DialectRow>,
    pub(super) clients: Vec<ClientRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientRow {
    pub(super) id: String,
    name: String,
    vendor: String,
    kind: String,
    status: String,
    tile: String,
    #[serde(default)]
    precedence: Vec<String>,
    #[serde(default)]
    processes: Vec<String>,
    #[serde(default)]
    presence: Vec<MarkerRow>,
    #[serde(default)]
    projects: Vec<ProjectRow>,
    #[serde(default)]
    switches: Vec<SwitchFileRow>,
    locations: Vec<LocationRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarkerRow {
    os: String,
    path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectRow {
    os: String,
    kind: ProjectSourceKind,
    path: String,
    format: Option<Format>,
    #[serde(default)]
    key: Vec<String>,
    #[serde(default)]
    overrides: Vec<Override>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchFileRow {
    kind: SwitchKind,
    os: String,
    path: String,
    format: Format,
    key: Vec<String>,
    #[serde(default)]
    overrides: Vec<Override>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationRow {
    os: String,
    scope: String,
    path: Option<String>,
    kept: Option<String>,
    format: Format,
    role: String,
    key: Option<Vec<String>>,
    #[serde(default)]
    alternatives: Vec<Vec<String>>,
    container: Option<Container>,
    dialect: String,
    write: String,
    confidence: String,
    #[serde(default)]
    gated: bool,
    mentions: Option<String>,
    #[serde(default)]
    legacy: bool,
    #[serde(default)]
    exclusive: bool,
    #[serde(default)]
    overrides: Vec<Override>,
    #[serde(default)]
    also: Vec<Override>,
    setting: Option<SettingOverride>,
    when: Option<String>,
    note: Option<String>,
    source: String,
}

impl CatalogFile {
    /// Reads a file of a version that is known.
    pub(super) fn parse(text: &str) -> Result<Self, CatalogError> {
        let file: Self = serde_json::from_str(text)?;
        if file.version == VERSION {
            Ok(file)
        } else {
            Err(CatalogError::Version {
                found: file.version,
            })
        }
    }
}

impl ClientRow {
    pub(super) fn check(self) -> Result<Client, CatalogError> {
        let id = ClientId::new(&self.id);
        let os = |word: &str| parse_os(word, &self.id);
        let presence = self
            .presence
            .into_iter()
            .map(|row| {
                Ok(Marker {
                    os: os(&row.os)?,
                    path: row.path,
                })
            })
            .collect::<Result<_, CatalogError>>()?;
        let projects = self
            .projects
            .into_iter()
            .map(|row| {
                Ok(ProjectSource {
                    os: os(&row.os)?,
                    kind: row.kind,
                    path: row.path,
                    format: row.format,
                    key: row.key,
                    overrides: row.overrides,
                })
            })
            .collect::<Result<_, CatalogError>>()?;
        let switches = self
            .switches
            .into_iter()
            .map(|row| {
                Ok(SwitchRow {
                    kind: row.kind,
                    os: os(&row.os)?,
                    path: row.path,
                    format: row.format,
                    key: row.key,
                    overrides: row.overrides,
                })
            })
            .collect::<Result<_, CatalogError>>()?;
        let precedence = self
            .precedence
            .iter()
            .map(|word| parse("scope", word, &self.id, Scope::parse))
            .collect::<Result<_, _>>()?;
        let locations = self
            .locations
            .into_iter()
            .map(|row| row.check(&id))
            .collect::<Result<_, _>>()?;
        Ok(Client {
            id,
            name: self.name,
            vendor: self.vendor,
            kind: self.kind,
            status: self.status,
            tile: self.tile,
            processes: self.processes,
            precedence,
            presence,
            projects,
            switches,
            locations,
        })
    }
}

impl LocationRow {
    fn check(self, client: &ClientId) -> Result<Location, CatalogError> {
        let id = client.as_str();
        Ok(Location {
            client: client.clone(),
            os: parse_os(&self.os, id)?,
            scope: parse("scope", &self.scope, id, Scope::parse)?,
            path: self.path,
            kept: self.kept,
            format: self.format,
            role: parse("role", &self.role, id, parse_role)?,
            key: self.key.map(|steps| parse_key(&steps)),
            alternatives: self
                .alternatives
                .iter()
                .map(|steps| parse_key(steps))
                .collect(),
            container: self.container.unwrap_or(Container::Map),
            dialect: self.dialect,
            write: parse("write policy", &self.write, id, WritePolicy::parse)?,
            confidence: parse(
                "confidence",
                &self.confidence,
                id,
                LocationConfidence::parse,
            )?,
            is_gated: self.gated,
            mentions: self.mentions,
            is_legacy: self.legacy,
            is_exclusive: self.exclusive,
            overrides: self.overrides,
            also: self.also,
            setting: self.setting,
            when: self.when,
            note: self.note,
            source: self.source,
        })
    }
}

fn parse<T>(
    what: &'static str,
    value: &str,
    client: &str,
    find: impl Fn(&str) -> Option<T>,
) -> Result<T, CatalogError> {
    find(value).ok_or_else(|| CatalogError::Value {
        what,
        value: value.to_owned(),
        client: client.to_owned(),
    })
}

fn parse_os(word: &str, client: &str) -> Result<Option<Os>, CatalogError> {
    if word == "any" {
        return Ok(None);
    }
    let find = |word: &str| Os::ALL.into_iter().find(|os| os.name() == word);
    parse("system", word, client, find).map(Some)
}

fn parse_role(word: &str) -> Option<FileRole> {
    [
        FileRole::Servers,
        FileRole::Policy,
        FileRole::State,
        FileRole::Database,
        FileRole::Code,
    ]
    .into_iter()
    .find(|role| role.name() == word)
}

fn parse_key(steps: &[String]) -> Vec<KeyStep> {
    steps
        .iter()
        .map(|step| match step.as_str() {
            "*" => KeyStep::AnyKey,
            "[]" => KeyStep::EachElement,
            key => KeyStep::Key(key.to_owned()),
        })
        .collect()
}
