use anstyle::Style;
use countersign_core::{
    decide::Origin,
    install::{self, Shipped},
    json::{MovedView, PlanView, SpotView},
    moves::{self, Means},
};

use super::{Scene, failure, words};
use crate::{
    args::{MoveArguments, PlaceArguments},
    commands::Done,
    page::{CHANGED, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Moves what is named, and says what was done and what is left to do.
pub(super) fn run(what: &MoveArguments, json: bool) -> Done {
    let scene = Scene::at(&PlaceArguments::default(), &what.file)?;
    let plan = scene.plan(what)?;
    let view = moves::plan_view(&scene.setup, &scene.inventory, &plan);
    if plan.files.is_empty() {
        let mut page = Page::new();
        page.line(0, &[(STRONG, "Nothing was moved.")]);
        super::plan::kept(&mut page, &view.kept);
        if json {
            return Ok(print(&crate::commands::json(&Moved {
                moved: None,
                plan: &view,
            })?));
        }
        return Ok(print(&page.text()));
    }
    let means = Means::ready(&scene.setup).map_err(failure)?;
    let shipped = Shipped::here().map_err(failure)?;
    install::install(&scene.setup, &shipped, false).map_err(failure)?;
    let moved =
        moves::carry_out(&means, &plan, Origin::CommandLine, &mut |_| {}).map_err(failure)?;
    let moved = MovedView::of(&moved);
    if json {
        let shown = Moved {
            moved: Some(&moved),
            plan: &view,
        };
        return Ok(print(&crate::commands::json(&shown)?));
    }
    Ok(print(&page(&moved, &view, means.vault.keeper().name())))
}

/// What `--json` prints.
#[derive(serde::Serialize)]
struct Moved<'run> {
    moved: Option<&'run MovedView>,
    plan: &'run PlanView,
}

fn page(moved: &MovedView, plan: &PlanView, keeper: &str) -> String {
    let mut page = Page::new();
    let said = format!(
        "{} moved to the {keeper}, {} edited.",
        counted(moved.credentials as usize, "credential"),
        counted(moved.files as usize, "file"),
    );
    page.line(0, &[(GOOD, &said)]);
    for file in &plan.files {
        let names: Vec<&str> = file
            .entries
            .iter()
            .map(|entry| entry.name.as_str())
            .collect();
        let names = format!("  {}", names.join(", "));
        page.line(2, &[(Style::new(), &file.file), (QUIET, &names)]);
        if !file.running.is_empty() {
            let said = format!(
                "{} is running: restart it, and see with `countersign secrets list` whether it wrote its \
                 file again.",
                file.running.join(", ")
            );
            page.line(4, &[(CHANGED, &said)]);
        }
    }
    super::plan::kept(&mut page, &plan.kept);
    let moves = plan
        .files
        .iter()
        .flat_map(|file| &file.entries)
        .flat_map(|entry| &entry.moves);
    rotate(&mut page, moves);
    page.blank();
    let undo = format!("`countersign secrets undo {}` takes it back.", moved.id);
    page.line(0, &[(QUIET, &undo)]);
    page.text()
}

/// Says which credentials should be replaced: what stood in plain text may have been read.
fn rotate<'view>(page: &mut Page, moves: impl Iterator<Item = &'view SpotView>) {
    page.blank();
    page.line(
        0,
        &[(
            STRONG,
            "What stood in plain text may have been read: replace it at its issuer, then set the new \
             value with `countersign secrets set ENTRY`.",
        )],
    );
    for spot in moves {
        let at = spot
            .rotation_page
            .as_ref()
            .map_or_else(String::new, |at| format!("  {at}"));
        let label = format!("  {}", spot.label);
        page.line(
            2,
            &[
                (Style::new(), words::place(&spot.kind, &spot.name)),
                (QUIET, &label),
                (Style::new(), &at),
            ],
        );
    }
}
