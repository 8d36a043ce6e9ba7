use std::{path::Path, sync::atomic::AtomicBool};

use anstyle::Style;
use countersign_core::{
    history::{self, PastCredentials},
    json::HistoryView,
};

use crate::{
    args::PlaceArguments,
    commands::{Done, setup},
    page::{BAD, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Characters of a commit's id that are shown.
const SHORT: usize = 12;

/// Searches what git keeps of a file for credentials.
pub(super) fn run(file: &Path, json: bool) -> Done {
    let setup = setup(&PlaceArguments::default())?;
    // The terminal's interrupt ends the program, and with it the search.
    let found = history::history(&setup, file, &AtomicBool::new(false))?;
    if json {
        return Ok(print(&crate::commands::json(&HistoryView::of(&found))?));
    }
    Ok(print(&page(&found)))
}

fn page(found: &PastCredentials) -> String {
    let mut page = Page::new();
    let said = format!(
        "{} of {} looked at in {}.",
        counted(found.versions, "version"),
        counted(found.commits, "commit"),
        found.repository
    );
    page.line(0, &[(QUIET, &said)]);
    if found.credentials.is_empty() {
        page.line(
            0,
            &[(
                GOOD,
                "The file never held a credential under its present name.",
            )],
        );
    }
    for one in &found.credentials {
        let name = one.name.as_deref().unwrap_or("no name");
        let about = format!("  {}, {}", one.label, counted(one.characters, "character"));
        let state = if one.is_present { "  still there" } else { "" };
        page.line(0, &[(STRONG, name), (Style::new(), &about), (BAD, state)]);
        let at = jiff::Timestamp::from_second(one.first_at_s)
            .map(|at| at.strftime("%Y-%m-%d").to_string())
            .unwrap_or_default();
        let since = format!(
            "from {} ({at}) to {}",
            short(&one.first_commit),
            short(&one.last_commit)
        );
        page.line(2, &[(QUIET, &since)]);
        if let Some(at) = one.rotation_page {
            page.line(2, &[(Style::new(), "replace it at "), (Style::new(), at)]);
        }
    }
    if let Some(gap) = &found.gap {
        let said = format!("There may be more: {gap}.");
        page.line(0, &[(BAD, &said)]);
    }
    page.text()
}

fn short(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}
