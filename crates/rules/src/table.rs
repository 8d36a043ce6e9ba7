use countersign_model::{Finding, Place, Subject};

use crate::{
    document, entry, file,
    look::{ConfigLook, DocumentLook, EntryLook, MachineLook, Scene},
    machine,
    rule::{Check, Hit, Rule},
};

/// Findings that one scan reports.
const FINDINGS_MAX: usize = 200_000;

/// Every rule, by group and name.
pub static RULES: &[&Rule] = &[
    &entry::unpinned_package::RULE,
    &entry::inline_program::RULE,
    &entry::plain_http::RULE,
    &entry::auto_approve_everything::RULE,
    &entry::plaintext_credential::RULE,
    &file::duplicate_key::RULE,
    &document::session_hook::RULE,
    &machine::unexplained_process::RULE,
];

/// Finds a rule by its name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .copied()
        .find(|rule| rule.meta.id.as_str() == id)
}

/// Runs every rule over a scene. Findings are ordered by severity (worst first), file and place.
pub fn check(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        match rule.check {
            Check::Entry(check) => entries(scene, rule, check, &mut findings),
            Check::Config(check) => {
                for config in scene.configs {
                    let subject = Subject::Config(config.id.clone());
                    for hit in check(&ConfigLook { scene, config }) {
                        let place = place(&config.path, &hit, None);
                        findings.push(finding(rule, subject.clone(), place, hit));
                    }
                }
            }
            Check::Document(check) => documents(scene, rule, check, &mut findings),
            Check::Machine(check) => {
                for hit in check(&MachineLook { scene }) {
                    findings.push(finding(rule, Subject::Machine, None, hit));
                }
            }
        }
        if findings.len() >= FINDINGS_MAX {
            findings.truncate(FINDINGS_MAX);
            break;
        }
    }
    findings.sort_by(|left, right| {
        (right.severity, &left.place, left.rule, &left.message).cmp(&(
            left.severity,
            &right.place,
            right.rule,
            &right.message,
        ))
    });
    findings
}

fn entries(
    scene: &Scene<'_>,
    rule: &Rule,
    check: fn(&EntryLook<'_>) -> Vec<Hit>,
    findings: &mut Vec<Finding>,
) {
    for config in scene.configs {
        for entry in &config.entries {
            let Some(assessed) = scene.assessed.get(&entry.id) else {
                continue;
            };
            let look = EntryLook {
                scene,
                config,
                entry,
                server: &assessed.server,
                verdict: &assessed.verdict,
                running: &assessed.running,
            };
            for hit in check(&look) {
                let place = place(&config.path, &hit, Some((&entry.pointer, entry.position)));
                findings.push(finding(rule, Subject::Entry(entry.id.clone()), place, hit));
            }
        }
    }
}

fn documents(
    scene: &Scene<'_>,
    rule: &Rule,
    check: fn(&DocumentLook<'_>) -> Vec<Hit>,
    findings: &mut Vec<Finding>,
) {
    for document in scene.documents {
        let subject = Subject::Config(countersign_model::ConfigId::of(&document.path));
        for hit in check(&DocumentLook { scene, document }) {
            let place = place(&document.path, &hit, None);
            findings.push(finding(rule, subject.clone(), place, hit));
        }
    }
}

fn place(
    file: &std::sync::Arc<std::path::PathBuf>,
    hit: &Hit,
    subject: Option<(&countersign_model::Pointer, countersign_model::Position)>,
) -> Option<Place> {
    let (pointer, position) = match (&hit.place, subject) {
        (Some((pointer, position)), _) => (pointer.clone(), *position),
        (None, Some((pointer, position))) => (pointer.clone(), position),
        (None, None) => (
            countersign_model::Pointer::root(),
            countersign_model::Position::START,
        ),
    };
    Some(Place {
        file: file.clone(),
        pointer,
        position,
    })
}

fn finding(rule: &Rule, subject: Subject, place: Option<Place>, hit: Hit) -> Finding {
    Finding {
        rule: rule.meta.id,
        severity: hit.severity.unwrap_or(rule.meta.severity),
        confidence: hit.confidence.unwrap_or(rule.meta.confidence),
        subject,
        place,
        message: hit.message,
        remedy: hit.remedy.unwrap_or_else(|| rule.meta.remedy.to_owned()),
        suppressed: None,
    }
}
