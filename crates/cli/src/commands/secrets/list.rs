use anstyle::Style;
use countersign_core::json::{self, CredentialsView, FindingView, Report};

use super::{Scene, words};
use crate::{
    args::{MoveArguments, SecretsLook},
    commands::Done,
    page::{BAD, CHANGED, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Shows what stands in plain text, and what is left of it elsewhere.
pub(super) fn run(asked: &SecretsLook) -> Done {
    let scene = Scene::at(&asked.place, &[])?;
    let plan = scene.plan(&MoveArguments::default())?;
    let view = scene.view(&plan)?;
    if asked.json {
        return Ok(print(&crate::commands::json(&view)?));
    }
    let report = json::report(&scene.setup, &scene.inventory);
    let elsewhere: Vec<&FindingView> = report
        .findings
        .iter()
        .filter(|finding| is_of_other_files(finding, &report))
        .collect();
    Ok(print(&page(&view, &elsewhere)))
}

/// Returns whether a finding tells of a credential that no move takes out of its place.
fn is_of_other_files(finding: &FindingView, report: &Report) -> bool {
    let is_config = |file: &String| report.configs.iter().any(|config| config.path == *file);
    finding.group == json::CREDENTIALS_GROUP
        && finding.suppressed.is_none()
        && (finding.entry.is_none() || !finding.file.as_ref().is_some_and(is_config))
}

fn page(view: &CredentialsView, elsewhere: &[&FindingView]) -> String {
    let mut page = Page::new();
    head(&mut page, view);
    for file in &view.plan.files {
        page.blank();
        let clients = format!("  {}", file.clients.join(", "));
        page.line(0, &[(STRONG, &file.file), (QUIET, &clients)]);
        for entry in &file.entries {
            page.line(2, &[(Style::new(), &entry.name)]);
            for spot in &entry.moves {
                words::spot(&mut page, 4, spot);
            }
        }
    }
    super::plan::kept(&mut page, &view.plan.kept);
    if !elsewhere.is_empty() {
        page.blank();
        let count = format!(" {}", elsewhere.len());
        page.line(
            0,
            &[
                (STRONG, "Copies, and files that others can read"),
                (QUIET, &count),
            ],
        );
        for finding in elsewhere {
            page.line(2, &[(CHANGED, &finding.message)]);
            page.line(4, &[(QUIET, &finding.remedy)]);
        }
    }
    page.text()
}

fn head(page: &mut Page, view: &CredentialsView) {
    let moved = view.plan.credentials as usize;
    let kept = view.plan.kept.len();
    match (moved, kept) {
        (0, 0) => page.line(0, &[(GOOD, "No credentials stand in plain text.")]),
        (0, kept) => {
            let said = format!(
                "{} in plain text, and none can be moved.",
                counted(kept, "credential")
            );
            page.line(0, &[(BAD, &said)]);
        }
        (moved, kept) => {
            let said = format!("{} in plain text.", counted(moved + kept, "credential"));
            let step = format!(
                " `countersign secrets plan` shows how {} can be moved; `countersign secrets migrate --all` \
                 does it.",
                if kept == 0 {
                    "all".to_owned()
                } else {
                    format!("{moved} of them")
                }
            );
            page.line(0, &[(BAD, &said), (Style::new(), &step)]);
        }
    }
    if !view.guarded.is_empty() {
        let said = format!(
            "{} its credentials from the vault (`countersign secrets status`).",
            match view.guarded.len() {
                1 => "1 entry takes".to_owned(),
                number => format!("{number} entries take"),
            }
        );
        let said = said.replace("entries take its", "entries take their");
        page.line(0, &[(Style::new(), &said)]);
    }
    if let Some(unfinished) = &view.unfinished {
        page.line(0, &[(BAD, unfinished)]);
    }
}
