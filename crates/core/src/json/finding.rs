use std::collections::HashMap;

use countersign_model::{ConfigId, Digest, Finding, Subject};
use countersign_rules::{Reference, Rule};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Inventory, Setup, excerpt};

/// A violated rule at a place.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct FindingView {
    /// Stable id, by rule, subject and place.
    pub id: String,
    /// The rule.
    pub rule: String,
    /// The rule in a few words.
    pub title: String,
    /// `info`, `low`, `medium`, `high`, `critical`.
    pub severity: String,
    /// `low`, `medium`, `high`.
    pub confidence: String,
    /// What the rule belongs to, such as `supply chain`.
    pub group: String,
    /// The entry it is about, if it is one.
    pub entry: Option<String>,
    /// The config or other file it is about, or in which the entry stands.
    pub config: Option<String>,
    /// The name of the entry, or the file, or the machine. Untrusted text.
    pub about: String,
    /// The file, with `~` for the home.
    pub file: Option<String>,
    /// JSON pointer to the place in the decoded file.
    pub pointer: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
    /// The line of the file, with everything hidden that must not be shown.
    pub excerpt: Option<Excerpt>,
    /// What was found.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// Why it is quiet, if the user wants it so.
    pub suppressed: Option<SuppressionView>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct Excerpt {
    /// Its number, from 1.
    pub line: u32,
    /// Its text, without blanks at its ends; cut where it is very long.
    pub text: String,
}

/// A user's decision to keep a finding quiet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SuppressionView {
    /// Why.
    pub reason: String,
    /// The last day, as `YYYY-MM-DD`.
    pub until: String,
}

/// A rule, explained.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct RuleView {
    /// The name.
    pub id: String,
    /// What was found, in a few words.
    pub title: String,
    /// What it belongs to.
    pub group: String,
    /// `info`, `low`, `medium`, `high`, `critical`.
    pub severity: String,
    /// `low`, `medium`, `high`.
    pub confidence: String,
    /// Where others describe it.
    pub references: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// What it looks like.
    pub example: String,
    /// What to do.
    pub remedy: String,
}

impl RuleView {
    /// Explains every rule, by group and name.
    pub fn all() -> Vec<Self> {
        countersign_rules::RULES
            .iter()
            .map(|rule| Self::of(rule))
            .collect()
    }

    /// Explains the rule of a name.
    pub fn find(id: &str) -> Option<Self> {
        countersign_rules::rule(id).map(Self::of)
    }

    fn of(rule: &Rule) -> Self {
        let meta = &rule.meta;
        Self {
            id: meta.id.to_string(),
            title: meta.title.to_owned(),
            group: meta.group.name().to_owned(),
            severity: meta.severity.name().to_owned(),
            confidence: meta.confidence.name().to_owned(),
            references: meta
                .references
                .iter()
                .map(|reference| Reference::label(*reference))
                .collect(),
            why: meta.why.to_owned(),
            example: meta.example.to_owned(),
            remedy: meta.remedy.to_owned(),
        }
    }
}

/// Makes the views of a scan's findings, in its order.
pub(super) fn views(setup: &Setup, inventory: &Inventory) -> Vec<FindingView> {
    let mut lines = excerpt::Reader::new(inventory);
    let about: HashMap<&str, (&str, &ConfigId)> = inventory
        .entries()
        .map(|(config, entry)| (entry.id.as_str(), (entry.name.as_str(), &config.id)))
        .collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    inventory
        .findings
        .iter()
        .map(|finding| {
            let mut view = view(setup, finding, &about, &mut lines);
            // Two findings that are alike in everything are told apart by their order.
            let count = seen.entry(view.id.clone()).or_default();
            if *count > 0 {
                view.id = format!("{}-{count}", view.id);
            }
            *count += 1;
            view
        })
        .collect()
}

fn view(
    setup: &Setup,
    finding: &Finding,
    about: &HashMap<&str, (&str, &ConfigId)>,
    lines: &mut excerpt::Reader<'_>,
) -> FindingView {
    let rule = countersign_rules::rule(finding.rule.as_str());
    let place = finding.place.as_ref();
    let file = place.map(|place| setup.shorten(&place.file));
    let (entry, config, subject) = match &finding.subject {
        Subject::Entry(id) => {
            let known = about.get(id.as_str());
            (
                Some(id.to_string()),
                known.map(|(_, config)| config.to_string()),
                known.map_or_else(String::new, |(name, _)| (*name).to_owned()),
            )
        }
        Subject::Config(id) => (None, Some(id.to_string()), file.clone().unwrap_or_default()),
        Subject::Machine => (None, None, "this machine".to_owned()),
    };
    FindingView {
        id: id(finding),
        rule: finding.rule.to_string(),
        title: rule.map_or_else(String::new, |rule| rule.meta.title.to_owned()),
        severity: finding.severity.name().to_owned(),
        confidence: finding.confidence.name().to_owned(),
        group: rule.map_or_else(String::new, |rule| rule.meta.group.name().to_owned()),
        entry,
        config,
        about: subject,
        file,
        pointer: place.map(|place| place.pointer.to_string()),
        line: place.map(|place| place.position.line),
        column: place.map(|place| place.position.column),
        excerpt: place.and_then(|place| lines.excerpt(place)),
        message: finding.message.clone(),
        remedy: finding.remedy.clone(),
        suppressed: finding.suppressed.as_ref().map(|quiet| SuppressionView {
            reason: quiet.reason.clone(),
            until: quiet.until.clone(),
        }),
    }
}

fn id(finding: &Finding) -> String {
    let subject = crate::suppress::subject(&finding.subject);
    let pointer = finding
        .place
        .as_ref()
        .map_or("", |place| place.pointer.as_str());
    let text = format!(
        "{}\0{subject}\0{pointer}\0{}",
        finding.rule, finding.message
    );
    Digest::of(text.as_bytes()).id()
}
