//! Runs the product over a labelled corpus and writes one prediction a line.
//!
//! `evaluate CORPUS.jsonl --out PREDICTIONS.jsonl`. The corpus' own field `corpus` says what is
//! asked: `tools` (would a warning be shown, and what does the tool do), `configs` (is the file read, which servers, which credentials) or `secrets` (is this
//! value a credential). The credentials of a config are also moved and taken back, in a home of nobody;
//! what came of that is said on standard error, and the program fails where a byte was lost.

mod moves;
mod tools;

use std::{
    collections::BTreeMap,
    error::Error,
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
};

use countersign_clients::{
    Catalog,
    read::{Row, read},
};
use countersign_model::{
    Confidence, Config, ConfigId, ConfigState, Entry, LocationConfidence, Nature, Os, Reader,
    Scope, Start, Transport, WritePolicy,
};
use countersign_secrets::{Place, classify};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(corpus), Some("--out"), Some(out)) = (
        arguments.next(),
        arguments.next().as_deref(),
        arguments.next(),
    ) else {
        return Err("usage: evaluate CORPUS.jsonl --out PREDICTIONS.jsonl".into());
    };
    let catalog = Catalog::built_in();
    let mut tally = Tally::default();
    let mut predictions = BufWriter::new(File::create(out)?);
    let records = records(&corpus)?;
    let servers = tools::Servers::of(&records);
    for record in &records {
        let prediction = match record["corpus"].as_str() {
            Some("tools") => tools::predict(&servers, record)?,
            Some("configs") => {
                tally.add(record);
                predict_config(&catalog, record)
            }
            Some("secrets") => predict_secret(record),
            other => return Err(format!("no prediction for corpus {other:?}").into()),
        };
        writeln!(predictions, "{prediction}")?;
    }
    predictions.flush()?;
    tally.told()
}

fn records(corpus: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut records = Vec::new();
    for line in BufReader::new(File::open(corpus)?).lines() {
        let line = line?;
        if !line.trim().is_empty() {
            records.push(serde_json::from_str(&line)?);
        }
    }
    Ok(records)
}

/// What came of moving the credentials of configs.
#[derive(Default)]
struct Tally {
    configs: usize,
    edited: usize,
    credentials: usize,
    kept: BTreeMap<&'static str, usize>,
    lost: Vec<String>,
}

impl Tally {
    fn add(&mut self, record: &Value) {
        let text = record["text"].as_str().unwrap_or_default();
        let path = record["path"].as_str().unwrap_or_default();
        let id = record["id"].as_str().unwrap_or_default();
        self.configs += 1;
        match moves::there_and_back(path, text) {
            Ok(moved) => {
                self.edited += usize::from(moved.credentials > 0);
                self.credentials += moved.credentials;
                for code in moved.kept {
                    *self.kept.entry(code).or_default() += 1;
                }
                if !moved.is_whole {
                    self.lost.push(format!("{id}: something else changed"));
                }
                if !moved.is_restored {
                    self.lost.push(format!("{id}: undoing gave other bytes"));
                }
            }
            Err(error) => self.lost.push(format!("{id}: failed to {error}")),
        }
    }

    fn told(self) -> Result<(), Box<dyn Error>> {
        if self.configs == 0 {
            return Ok(());
        }
        let mut err = std::io::stderr().lock();
        writeln!(
            err,
            "moved {} credentials of {} configs in {} of them and back, stayed: {:?}; {} exceptions",
            self.credentials,
            self.configs,
            self.edited,
            self.kept,
            self.lost.len()
        )?;
        if self.lost.is_empty() {
            Ok(())
        } else {
            Err(self.lost.join("\n").into())
        }
    }
}

fn predict_config(catalog: &Catalog, record: &Value) -> Value {
    let text = record["text"].as_str().unwrap_or_default();
    let path = record["path"].as_str().unwrap_or_default();
    let name = record["file_name"].as_str().unwrap_or_default();
    let config = read_anywhere(catalog, path, name, text);
    let mut transports: BTreeMap<&str, usize> = BTreeMap::new();
    let servers = || {
        config
            .entries
            .iter()
            .filter(|entry| entry.transport != Transport::BuiltIn)
    };
    for entry in servers() {
        *transports.entry(entry.transport.name()).or_default() += 1;
    }
    let mut pointers: Vec<String> = config
        .entries
        .iter()
        .flat_map(credential_pointers)
        .collect();
    pointers.sort();
    pointers.dedup();
    json!({
        "id": record["id"],
        "verdict": !pointers.is_empty(),
        "parse_ok": matches!(config.state, ConfigState::Read),
        "n_servers": servers().count(),
        "transports": transports,
        "pointers": pointers,
    })
}

/// Reads a file by the locations that its path fits; where none of their keys is there, by any key.
fn read_anywhere(catalog: &Catalog, path: &str, name: &str, text: &str) -> Config {
    let id = ConfigId::of(path.as_ref());
    let reader = Reader {
        client: countersign_model::ClientId::new("unknown"),
        scope: Scope::Project,
        project: None,
        confidence: LocationConfidence::Unverified,
        write: WritePolicy::ReportOnly,
        present: true,
        when: None,
        is_legacy: false,
    };
    let by_path: Vec<Row<'_>> = catalog
        .locations_like(path)
        .filter(|location| location.key.is_some())
        .map(|location| Row {
            location,
            reader: 0,
        })
        .collect();
    let anywhere = [Row {
        location: catalog.location_anywhere(name),
        reader: 0,
    }];
    let attempt = |rows: &[Row<'_>]| {
        read(
            text,
            &id,
            rows,
            &mut vec![reader.clone()],
            catalog,
            Os::Linux,
        )
    };
    let mut reading = attempt(if by_path.is_empty() {
        &anywhere
    } else {
        &by_path
    });
    if matches!(reading.state, ConfigState::Read) && !reading.has_container {
        reading = attempt(&anywhere);
    }
    Config {
        id: id.clone(),
        path: std::sync::Arc::new(path.into()),
        target: None,
        role: countersign_model::FileRole::Servers,
        readers: Vec::new(),
        format: reading.format,
        state: reading.state,
        facts: None,
        entries: reading.entries,
        faults: reading.faults,
    }
}

fn credential_pointers(entry: &Entry) -> Vec<String> {
    let is_credential = |nature: &Nature| matches!(nature, Nature::Credential(found) if found.confidence > Confidence::Low);
    let settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings)
        .filter(|setting| is_credential(&setting.nature))
        .map(|setting| setting.pointer.to_string());
    let start = match &entry.start {
        Start::Command(command) => command
            .tokens()
            .zip(&command.places)
            .filter(|(token, _)| is_credential(token.nature()))
            .map(|(_, place)| place.to_string())
            .collect(),
        Start::Remote(address) if is_credential(address.nature()) => {
            vec![address.pointer().to_string()]
        }
        Start::Remote(_) | Start::BuiltIn(_) | Start::Missing => Vec::new(),
    };
    settings.chain(start).collect()
}

fn predict_secret(record: &Value) -> Value {
    let key = record["key"].as_str().unwrap_or_default();
    let value = record["value"].as_str().unwrap_or_default();
    let place = match record["context"].as_str().unwrap_or_default() {
        "header" | "header-bearer" => Place::Header(key),
        "arg" => Place::Flag(key),
        "url-query" | "arg-inline" => Place::Positional,
        _ => Place::Variable(key),
    };
    let nature = if place == Place::Positional {
        countersign_secrets::arguments(&[value.to_owned()])[0]
            .nature()
            .clone()
    } else {
        classify(place, value)
    };
    match nature {
        Nature::Credential(found) if found.confidence > Confidence::Low => json!({
            "id": record["id"], "verdict": true, "provider": found.issuer,
        }),
        _ => json!({ "id": record["id"], "verdict": false }),
    }
}
