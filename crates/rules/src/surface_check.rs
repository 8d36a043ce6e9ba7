use std::collections::HashSet;

use countersign_model::{Pointer, RuleId, Severity};
use countersign_surface::ItemKind;

use crate::{
    rule::{Check, Rule},
    surface::learned_wording,
    surface_look::{Seen, SurfaceFinding, SurfaceHit, SurfaceLook},
    table::RULES,
};

/// Findings of one surface that are reported.
pub const SURFACE_FINDINGS_MAX: usize = 10_000;

/// Runs every rule over a surface. Findings are ordered by severity (worst first), item and place.
///
/// What the classifier alone finds is left out where a rule has already warned of the item.
pub fn check_surface(look: &SurfaceLook<'_>) -> Vec<SurfaceFinding> {
    let seen = Seen::new(look);
    let mut findings = Vec::new();
    for rule in RULES {
        if let Check::Surface(check) = rule.check {
            let hits = check(&seen).into_iter();
            findings.extend(hits.map(|hit| finding(rule, hit)));
        }
    }
    let learned: RuleId = learned_wording::RULE.meta.id;
    let warned: HashSet<(ItemKind, String)> = findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Medium && finding.rule != learned)
        .map(|finding| (finding.kind, finding.item.clone()))
        .collect();
    findings.retain(|finding| {
        finding.rule != learned || !warned.contains(&(finding.kind, finding.item.clone()))
    });
    findings.sort_by(|left, right| key(left).cmp(&key(right)));
    findings.truncate(SURFACE_FINDINGS_MAX);
    findings
}

fn key(
    finding: &SurfaceFinding,
) -> (
    std::cmp::Reverse<Severity>,
    ItemKind,
    &str,
    &Pointer,
    usize,
    RuleId,
) {
    (
        std::cmp::Reverse(finding.severity),
        finding.kind,
        &finding.item,
        &finding.pointer,
        finding.span.start,
        finding.rule,
    )
}

fn finding(rule: &Rule, hit: SurfaceHit) -> SurfaceFinding {
    SurfaceFinding {
        rule: rule.meta.id,
        severity: hit.severity.unwrap_or(rule.meta.severity),
        confidence: hit.confidence.unwrap_or(rule.meta.confidence),
        kind: hit.kind,
        item: hit.item,
        pointer: hit.pointer,
        role: hit.role,
        span: hit.span,
        message: hit.message,
        remedy: rule.meta.remedy.to_owned(),
        decoded: hit.decoded,
    }
}
