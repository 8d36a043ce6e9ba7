//! Trains the classifier of wording, and measures it on sources that it has not seen.
//!
//! `train CORPUS.jsonl --out WEIGHTS.bin` writes the weights; `train CORPUS.jsonl --leave-out` leaves one
//! source out at a time and prints what is found in it. The same corpus gives the same weights: records
//! are taken in the order of their ids, and nothing is random.

use std::{collections::BTreeMap, error::Error, fs, io::Write};

use countersign_model::Digest;
use countersign_rules::{FEATURES, FEATURES_MIN, features};
use countersign_surface::{Builder, ItemKind};
use serde_json::{Map, Value, json};

/// Times that every record is looked at.
const ROUNDS: usize = 12;

/// How much more an attack counts than an honest text, of which there are many more.
const ATTACK_WEIGHT: f64 = 6.0;

/// How far one record moves the weights.
const STEP: f64 = 0.6;

/// How much weights shrink in each round.
const SHRINK: f64 = 0.985;

/// Parts into which the corpus is cut to find the limit.
const PARTS: usize = 6;

/// Share of honest texts that may be above the limit while they are not trained on.
const ALARMS_MAX: f64 = 0.001;

struct Record {
    source: String,
    template: String,
    is_attack: bool,
    weight: f64,
    features: Vec<usize>,
}

struct Model {
    weights: Vec<f64>,
    bias: f64,
}

impl Model {
    fn train(records: &[&Record]) -> Self {
        let mut model = Self {
            weights: vec![0.0; FEATURES],
            bias: 0.0,
        };
        for round in 0..ROUNDS {
            let step = STEP / (1.0 + 0.2 * index(round));
            for record in records {
                let wanted = if record.is_attack { 1.0 } else { 0.0 };
                let error = wanted - 1.0 / (1.0 + (-model.score(&record.features)).exp());
                let pull = step * error * record.weight;
                let share = pull / length(&record.features);
                for bucket in &record.features {
                    model.weights[*bucket] += share;
                }
                model.bias += pull * 0.05;
            }
            for weight in &mut model.weights {
                *weight *= SHRINK;
            }
        }
        model
    }

    fn score(&self, features: &[usize]) -> f64 {
        let sum: f64 = features.iter().map(|bucket| self.weights[*bucket]).sum();
        sum / length(features) + self.bias
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn index(count: usize) -> f64 {
    count as f64
}

fn length(features: &[usize]) -> f64 {
    index(features.len().max(FEATURES_MIN)).sqrt()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let corpus = arguments
        .first()
        .ok_or("usage: train CORPUS.jsonl (--out WEIGHTS.bin | --leave-out)")?;
    let text = fs::read_to_string(corpus)?;
    let records = records(&text)?;
    let limit = limit(&records);
    match (arguments.get(1).map(String::as_str), arguments.get(2)) {
        (Some("--out"), Some(out)) => {
            let all: Vec<&Record> = records.iter().collect();
            let model = Model::train(&all);
            fs::write(out, written(&model, limit, Digest::of(text.as_bytes())))?;
            Ok(())
        }
        (Some("--leave-out"), None) => leave_out(&records, limit),
        _ => Err("say `--out WEIGHTS.bin` or `--leave-out`".into()),
    }
}

/// Reads the records that are clear: texts without an order to the model are left out, whatever they do.
fn records(text: &str) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut lines: Vec<Value> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        lines.push(serde_json::from_str(line)?);
    }
    let told = |line: &Value, member: &str| line[member].as_str().unwrap_or_default().to_owned();
    lines.retain(|line| {
        let is_unclear = ["ambiguous", "weak_signal"]
            .iter()
            .any(|flag| line[*flag] == true);
        !is_unclear && line["attack_type"] != "overt_capability"
    });
    lines.sort_by_key(|line| told(line, "id"));
    let mut templates: BTreeMap<String, usize> = BTreeMap::new();
    for line in &lines {
        *templates.entry(told(line, "template_id")).or_default() += 1;
    }
    let record = |line: &Value| -> Result<Record, Box<dyn Error>> {
        let template = told(line, "template_id");
        let is_attack = line["label"] == "malicious";
        let share = 1.0 / index(templates.get(&template).copied().unwrap_or(1)).max(1.0);
        Ok(Record {
            source: line["source"]["repo"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            template,
            is_attack,
            weight: if is_attack {
                ATTACK_WEIGHT * share
            } else {
                share
            },
            features: item_features(line)?,
        })
    };
    lines.iter().map(record).collect()
}

fn item_features(line: &Value) -> Result<Vec<usize>, Box<dyn Error>> {
    let mut tool = Map::new();
    for (member, field) in [
        ("name", "tool"),
        ("description", "description"),
        ("inputSchema", "input_schema"),
    ] {
        if let Some(value) = line.get(field).filter(|value| !value.is_null()) {
            tool.insert(member.into(), value.clone());
        }
    }
    let mut builder = Builder::new();
    builder.page(ItemKind::Tool, &json!({ "tools": [tool] }).to_string())?;
    let surface = builder.finish();
    Ok(surface.tools().next().map(features).unwrap_or_default())
}

/// Finds the score that few honest texts reach in a model that has not seen them.
fn limit(records: &[Record]) -> f64 {
    let part = |record: &Record| {
        let hash = record.template.bytes().fold(7_usize, |hash, byte| {
            hash.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        hash % PARTS
    };
    let mut scores = Vec::new();
    for left in 0..PARTS {
        let (unseen, seen): (Vec<&Record>, Vec<&Record>) =
            records.iter().partition(|record| part(record) == left);
        let model = Model::train(&seen);
        let honest = unseen.into_iter().filter(|record| !record.is_attack);
        scores.extend(honest.map(|record| model.score(&record.features)));
    }
    scores.sort_by(|left, right| right.total_cmp(left));
    let mut allowed = 0;
    while index(allowed + 1) <= ALARMS_MAX * index(scores.len()) {
        allowed += 1;
    }
    scores.get(allowed).map_or(0.0, |score| score + 1e-6)
}

/// Digest of the corpus, scale, bias and limit, and a signed byte for each bucket.
fn written(model: &Model, limit: f64, corpus: Digest) -> Vec<u8> {
    let largest = model
        .weights
        .iter()
        .fold(1e-9_f64, |largest, weight| largest.max(weight.abs()));
    let scale = largest / 127.0;
    let mut bytes = Vec::with_capacity(44 + FEATURES);
    bytes.extend_from_slice(corpus.as_bytes());
    for number in [scale, model.bias, limit] {
        bytes.extend_from_slice(&narrow(number).to_le_bytes());
    }
    for weight in &model.weights {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is within 127 by the scale"
        )]
        let byte = (weight / scale).round() as i8;
        bytes.extend_from_slice(&byte.to_le_bytes());
    }
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "seven digits are enough")]
fn narrow(number: f64) -> f32 {
    number as f32
}

fn leave_out(records: &[Record], limit: f64) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let mut by_source: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        by_source.entry(&record.source).or_default().push(record);
    }
    let mut total = [0_usize; 4];
    for (source, unseen) in &by_source {
        let seen: Vec<&Record> = records
            .iter()
            .filter(|record| record.source != *source)
            .collect();
        let model = Model::train(&seen);
        let count = |is_attack: bool| {
            let of = unseen.iter().filter(|record| record.is_attack == is_attack);
            let scores: Vec<f64> = of.map(|record| model.score(&record.features)).collect();
            let above = scores.iter().filter(|score| **score >= limit).count();
            (above, scores.len())
        };
        let ((found, attacks), (alarms, honest)) = (count(true), count(false));
        writeln!(
            out,
            "{source:48} attacks {found:3} of {attacks:3}   honest {alarms:3} of {honest:4}"
        )?;
        for (sum, more) in total.iter_mut().zip([found, attacks, alarms, honest]) {
            *sum += more;
        }
    }
    let [found, attacks, alarms, honest] = total;
    writeln!(
        out,
        "{:48} attacks {found:3} of {attacks:3}   honest {alarms:3} of {honest:4}",
        "all, each source unseen"
    )?;
    Ok(())
}
