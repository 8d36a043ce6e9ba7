use countersign_core::{
    install,
    json::UndoneView,
    moves::{self, Means},
    scan::Options,
};

use super::{Done, mend, secrets, setup};
use crate::{
    args::PlaceArguments,
    exit::Exit,
    page::{BAD, GOOD, Page},
    print,
};

/// Takes everything back, and guard and bridge away.
pub(super) fn run(json: bool) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    mend(&setup);
    let means = Means::ready(&setup).map_err(secrets::failure)?;
    let installed = install::place(&setup);
    let taken = moves::leave(&means, &Options::default(), &installed, &mut |_| {})
        .map_err(secrets::failure)?;
    let view = UndoneView::of_taken(&setup, &taken);
    let is_whole = view.files.iter().all(|file| file.outcome != "left");
    let printed = if json {
        print(&super::json(&view)?)
    } else {
        let mut page = Page::new();
        if !view.files.is_empty() {
            page.append(&secrets::undone_page(&view));
        }
        if is_whole {
            page.line(
                0,
                &[(
                    GOOD,
                    "Nothing refers to Countersign any more. It can be uninstalled.",
                )],
            );
        } else {
            page.line(
                0,
                &[(
                    BAD,
                    "Some entries still refer to Countersign: keep it until they are taken back.",
                )],
            );
        }
        print(&page.text())
    };
    Ok(if is_whole { printed } else { Exit::Failed })
}
