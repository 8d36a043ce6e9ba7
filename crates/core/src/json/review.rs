use countersign_model::{Digest, readable_name};
use countersign_rules::SurfaceFinding;
use countersign_store::SurfaceDecisionRow;
use countersign_surface::Surface;
use schemars::JsonSchema;
use serde::Serialize;

use super::surface::{DriftView, SurfaceView};
use crate::review::{Answer, Reviewed};

/// What is known of what a server tells the model, for whoever decides on it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct ReviewView {
    /// The server's name.
    pub server: String,
    /// The version that was seen, where it is known.
    pub version: Option<String>,
    /// How it was obtained: `probe`, `guard` or `import`.
    pub how: String,
    /// When this content was first seen, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub first_at_s: i64,
    /// When it was last seen.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub last_at_s: i64,
    /// `approved`, `changed`, `rejected` or `undecided`.
    pub state: String,
    /// What was decided about the present surface.
    pub decided: Option<SurfaceDecisionView>,
    /// The approval that it is compared with.
    pub approved: Option<SurfaceDecisionView>,
    /// What changed since the approved one; null where none was approved.
    pub drift: Option<DriftView>,
    /// Violated rules, worst first.
    pub findings: Vec<SurfaceFindingView>,
    /// The present surface.
    pub surface: SurfaceView,
}

/// What came of asking a server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct AnswerView {
    /// Whether it is another content than was ever seen.
    pub is_new: bool,
    /// What the program was held by, as sentences without a period; empty for a server over HTTP.
    pub enforced: Vec<String>,
    /// What was seen beside, as sentences without a period. Names in them are the server's.
    pub notes: Vec<String>,
}

impl AnswerView {
    /// Shows what came of asking.
    pub fn of(answer: &Answer) -> Self {
        Self {
            is_new: answer.is_new,
            enforced: answer.enforced.clone(),
            notes: answer.notes.clone(),
        }
    }
}

/// A violated rule at a place in what a server tells. All texts but title, message and remedy are the
/// server's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SurfaceFindingView {
    /// The rule.
    pub rule: String,
    /// The rule in a few words.
    pub title: String,
    /// `info`, `low`, `medium`, `high`, `critical`.
    pub severity: String,
    /// `low`, `medium`, `high`.
    pub confidence: String,
    /// `instructions`, `tool`, `prompt`, `template` or `resource`.
    pub kind: String,
    /// The item's name; empty for instructions and for the whole.
    pub item: String,
    /// JSON pointer into the item.
    pub pointer: String,
    /// The text before what was found, cut.
    pub before: String,
    /// What was found.
    pub marked: String,
    /// The text after it, cut.
    pub after: String,
    /// What is hidden there, in clear.
    pub decoded: Option<String>,
    /// What was found, as one sentence.
    pub message: String,
    /// What to do, as one sentence.
    pub remedy: String,
}

/// A decision about a surface.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "core.ts"))]
pub struct SurfaceDecisionView {
    /// Whether it is an approval (else a rejection).
    pub is_approval: bool,
    /// `sha256:` and the digest of the surface.
    pub digest: String,
    /// When, in seconds since 1970 (UTC).
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub made_at_s: i64,
    /// `window`, or the programs that led to it.
    pub made_by: String,
    /// The user's words.
    pub note: String,
    /// Names of tools that are not part of the approval.
    pub left_out: Vec<String>,
}

impl ReviewView {
    /// Shows what is known.
    pub fn of(reviewed: &Reviewed) -> Self {
        let row = &reviewed.row;
        let drift = reviewed.approved.as_ref().zip(reviewed.drift.as_ref());
        Self {
            server: readable_name(&row.server),
            version: row.version.clone(),
            how: row.how.clone(),
            first_at_s: row.first_at_s,
            last_at_s: row.last_at_s,
            state: reviewed.state().to_owned(),
            decided: reviewed.decided.as_ref().map(SurfaceDecisionView::of),
            approved: reviewed
                .approved
                .as_ref()
                .map(|(_, decision)| SurfaceDecisionView::of(decision)),
            drift: drift
                .map(|((before, _), drift)| DriftView::of(before, &reviewed.present, drift)),
            findings: reviewed
                .findings
                .iter()
                .map(|finding| SurfaceFindingView::of(finding, &reviewed.present))
                .collect(),
            surface: SurfaceView::of(&reviewed.present),
        }
    }
}

/// Characters of a text that are shown on each side of what was found.
const AROUND: usize = 80;

impl SurfaceFindingView {
    fn of(finding: &SurfaceFinding, surface: &Surface) -> Self {
        let title = countersign_rules::rule(finding.rule.as_str()).map(|rule| rule.meta.title);
        let text = surface
            .of_kind(finding.kind)
            .filter(|item| item.name() == finding.item)
            .find_map(|item| item.value().pointer(finding.pointer.as_str())?.as_str());
        let cut = |range: std::ops::Range<usize>| text.and_then(|text| text.get(range));
        let (start, end) = (finding.span.start, finding.span.end);
        let before = cut(0..start).unwrap_or_default();
        let after = cut(end..text.map_or(end, str::len)).unwrap_or_default();
        let skipped = before.chars().count().saturating_sub(AROUND);
        Self {
            rule: finding.rule.to_string(),
            title: title.unwrap_or_default().to_owned(),
            severity: finding.severity.name().to_owned(),
            confidence: finding.confidence.name().to_owned(),
            kind: finding.kind.name().to_owned(),
            item: finding.item.clone(),
            pointer: finding.pointer.to_string(),
            before: before.chars().skip(skipped).collect(),
            marked: cut(start..end).unwrap_or_default().to_owned(),
            after: after.chars().take(AROUND).collect(),
            decoded: finding.decoded.clone(),
            message: finding.message.clone(),
            remedy: finding.remedy.clone(),
        }
    }
}

impl SurfaceDecisionView {
    fn of(row: &SurfaceDecisionRow) -> Self {
        Self {
            is_approval: row.is_approval,
            digest: Digest::from_bytes(row.digest).to_string(),
            made_at_s: row.made_at_s,
            made_by: row.made_by.clone(),
            note: row.note.clone(),
            left_out: serde_json::from_str(&row.left_out).unwrap_or_default(),
        }
    }
}
