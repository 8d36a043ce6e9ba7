use anstyle::Style;
use countersign_core::{
    json::GuardedView,
    moves::{self, Means},
};

use super::{Scene, failure, words};
use crate::{
    commands::Done,
    failure::Failure,
    page::{GOOD, Page, STRONG},
    print, prompt,
};

/// Binds what an entry refers to, to what it starts now, after showing how that differs.
pub(super) fn run(named: &str, agrees: bool) -> Done {
    let scene = Scene::here()?;
    let guarded = moves::guarded_views(&scene.setup, &scene.inventory);
    let chosen = choose(&scene, &guarded, named)?;
    let mut shown = Page::new();
    page(&mut shown, &chosen);
    print(&shown.text());
    if !agrees && !prompt::agrees("Give it these secrets as it is now?")? {
        return Err(Failure::new("failed to bind it: nobody agreed").hint("`--yes` agrees"));
    }
    let means = Means::ready(&scene.setup).map_err(failure)?;
    for view in &chosen {
        let mut entries = scene.inventory.entries();
        let (_, entry) = entries
            .find(|(_, entry)| entry.id.as_str() == view.entry)
            .ok_or_else(|| failure(moves::MoveError::NoEntry))?;
        moves::bind(&means, &scene.inventory, &scene.installed, &entry.id).map_err(failure)?;
    }
    let mut said = Page::new();
    said.line(
        0,
        &[(
            GOOD,
            "Bound. The server has its secrets from its next start on.",
        )],
    );
    Ok(print(&said.text()))
}

fn choose<'view>(
    scene: &Scene,
    guarded: &'view [GuardedView],
    named: &str,
) -> Result<Vec<&'view GuardedView>, Failure> {
    let by_guard: Vec<&GuardedView> = guarded.iter().filter(|view| view.guard == named).collect();
    if !by_guard.is_empty() {
        return Ok(by_guard);
    }
    let ids = scene.ids(&[named.to_owned()])?;
    let chosen: Vec<&GuardedView> = guarded
        .iter()
        .filter(|view| ids.iter().any(|id| id.as_str() == view.entry))
        .collect();
    if chosen.is_empty() {
        return Err(failure(moves::MoveError::NoEntry)
            .hint("`countersign secrets status` shows every guarded entry"));
    }
    Ok(chosen)
}

fn page(page: &mut Page, chosen: &[&GuardedView]) {
    for view in chosen {
        let file = format!("  {}", view.file);
        page.line(0, &[(STRONG, &view.name), (Style::new(), &file)]);
        page.line(2, &[(Style::new(), "starts  "), (STRONG, &view.starts)]);
        for reference in &view.references {
            words::reference(page, 2, reference);
        }
    }
}
