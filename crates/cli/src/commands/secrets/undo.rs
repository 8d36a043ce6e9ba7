use anstyle::Style;
use countersign_core::{
    json::UndoneView,
    moves::{self, Means, Values},
};

use super::{Scene, failure};
use crate::{
    args::{PlaceArguments, Which},
    commands::{Done, mend, setup},
    exit::Exit,
    failure::Failure,
    page::{BAD, GOOD, Page, QUIET, STRONG},
    print,
};

/// Takes a move back: the one of this number, or the latest that was not taken back.
pub(super) fn run(id: Option<u32>, values: Option<Which>, json: bool) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    mend(&setup);
    let id = match id {
        Some(id) => id,
        None => {
            let moves = moves::move_views(&setup).map_err(failure)?;
            let latest = moves.iter().find(|one| one.state == "done");
            latest.map(|one| one.id).ok_or_else(|| {
                Failure::new("failed to find a move that can be taken back")
                    .hint("`countersign secrets status` shows every move")
            })?
        }
    };
    let values = values.map(|which| match which {
        Which::Old => Values::AsMoved,
        Which::Present => Values::Present,
    });
    let means = Means::ready(&setup).map_err(failure)?;
    let undone = moves::undo(&means, i64::from(id), values, &mut |_| {}).map_err(failure)?;
    shown(&UndoneView::of_undone(&setup, &undone), json)
}

/// Takes entries back, whichever move changed them.
pub(super) fn take_back(names: &[String], json: bool) -> Done {
    let scene = Scene::here()?;
    let ids = scene.ids(names)?;
    let means = Means::ready(&scene.setup).map_err(failure)?;
    let taken = moves::take_back(
        &means,
        &scene.inventory,
        &scene.installed,
        Some(&ids),
        &mut |_| {},
    )
    .map_err(failure)?;
    shown(&UndoneView::of_taken(&scene.setup, &taken), json)
}

fn shown(view: &UndoneView, json: bool) -> Done {
    let is_whole = view.asks.is_empty() && view.files.iter().all(|file| file.outcome != "left");
    let printed = if json {
        print(&crate::commands::json(view)?)
    } else {
        print(&page(view))
    };
    Ok(if is_whole { printed } else { Exit::Failed })
}

/// Writes what became of each file.
pub(in crate::commands) fn page(view: &UndoneView) -> String {
    let mut page = Page::new();
    if !view.asks.is_empty() {
        page.line(
            0,
            &[(
                BAD,
                "Nothing was done: these values changed in the vault since they were moved.",
            )],
        );
        for ask in &view.asks {
            let elsewhere = if ask.is_elsewhere {
                "  a secret manager has it now"
            } else {
                ""
            };
            let name = format!("  {}", ask.name);
            page.line(
                2,
                &[
                    (STRONG, &ask.entry),
                    (Style::new(), &name),
                    (QUIET, elsewhere),
                ],
            );
            page.line(4, &[(QUIET, &ask.file)]);
        }
        page.line(
            0,
            &[(
                QUIET,
                "`--values old` writes those that stood in the file, `--values present` those that the vault \
                 has now.",
            )],
        );
        return page.text();
    }
    if view.files.is_empty() {
        page.line(0, &[(Style::new(), "There was nothing to take back.")]);
    }
    for file in &view.files {
        let (style, said) = match file.outcome.as_str() {
            "exact" => (GOOD, "as it was, byte for byte"),
            "own-edit" => (GOOD, "taken back; the rest of the file stays as it is"),
            "untouched" => (QUIET, "nothing of ours was in it"),
            _ => (BAD, "left as it is"),
        };
        let entry = file
            .entry
            .as_ref()
            .map_or_else(String::new, |name| format!("  {name}"));
        let said = format!("  {said}");
        page.line(
            0,
            &[(STRONG, &file.file), (Style::new(), &entry), (style, &said)],
        );
        if let Some(why) = &file.why {
            page.line(2, &[(BAD, why)]);
        }
    }
    page.text()
}
