use anstyle::Style;
use countersign_core::{install::Shipped, json::DoctorView, moves};

use super::{Scene, failure};
use crate::{
    commands::Done,
    exit::Exit,
    page::{BAD, GOOD, Page, QUIET, STRONG},
    print,
};

/// Checks that everything works that guarded entries need.
pub(super) fn run(repairs: bool, json: bool) -> Done {
    let scene = Scene::here()?;
    let shipped = Shipped::here().map_err(failure)?;
    let view = moves::doctor(&scene.setup, &scene.inventory, &shipped, repairs);
    let printed = if json {
        print(&crate::commands::json(&view)?)
    } else {
        print(&page(&view))
    };
    Ok(if view.is_fine { printed } else { Exit::Found })
}

fn page(view: &DoctorView) -> String {
    let mut page = Page::new();
    for check in &view.checks {
        let (style, mark) = match check.state.as_str() {
            "fine" => (GOOD, "✓ "),
            "wrong" => (BAD, "✗ "),
            _ => (QUIET, "? "),
        };
        let name = format!("{}  ", check.name);
        page.line(
            0,
            &[(style, mark), (STRONG, &name), (Style::new(), &check.said)],
        );
        if let Some(step) = &check.step {
            page.line(4, &[(QUIET, step)]);
        }
    }
    page.text()
}
