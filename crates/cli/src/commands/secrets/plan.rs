use std::collections::BTreeMap;

use anstyle::Style;
use countersign_core::{
    json::{EntryPlanView, FilePlanView, KeptView, PlanView},
    moves,
};

use super::{Scene, words};
use crate::{
    args::{MoveArguments, SecretsLook},
    commands::Done,
    page::{BAD, CHANGED, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Shows what moving would do.
pub(super) fn run(what: &MoveArguments, look: &SecretsLook) -> Done {
    let scene = Scene::at(&look.place, &what.file)?;
    let plan = scene.plan(what)?;
    let view = moves::plan_view(&scene.setup, &scene.inventory, &plan);
    if look.json {
        return Ok(print(&crate::commands::json(&view)?));
    }
    Ok(print(&page(&view, what)))
}

fn page(view: &PlanView, what: &MoveArguments) -> String {
    let mut page = Page::new();
    if view.files.is_empty() {
        page.line(0, &[(STRONG, "Nothing would be moved.")]);
    } else {
        let said = format!(
            "{} would go into the vault, {} would be edited.",
            counted(view.credentials as usize, "credential"),
            counted(view.files.len(), "file"),
        );
        page.line(0, &[(STRONG, &said)]);
    }
    for file in &view.files {
        page.blank();
        self::file(&mut page, file);
    }
    kept(&mut page, &view.kept);
    if !view.files.is_empty() {
        page.blank();
        let which = if what.entries.is_empty() {
            "--all".to_owned()
        } else {
            what.entries.join(" ")
        };
        let step = format!("Nothing was changed. `countersign secrets migrate {which}` does it.");
        page.line(0, &[(QUIET, &step)]);
    }
    page.text()
}

fn file(page: &mut Page, file: &FilePlanView) {
    let clients = format!("  {}", file.clients.join(", "));
    page.line(0, &[(STRONG, &file.file), (QUIET, &clients)]);
    if !file.running.is_empty() {
        let said = format!(
            "{} is running and may write this file itself: close it first, or look at the result.",
            file.running.join(", ")
        );
        page.line(2, &[(CHANGED, &said)]);
    }
    for entry in &file.entries {
        self::entry(page, entry);
    }
    for line in &file.diff {
        let (style, mark) = match line.mark.as_str() {
            "removed" => (BAD, "-"),
            "added" => (GOOD, "+"),
            "gap" => (QUIET, "⋮"),
            _ => (QUIET, " "),
        };
        page.verbatim(4, style, &format!("{mark} {}", line.text));
    }
}

fn entry(page: &mut Page, entry: &EntryPlanView) {
    page.line(2, &[(Style::new(), &entry.name)]);
    for spot in &entry.moves {
        words::spot(page, 4, spot);
    }
    if entry.becomes_bridged {
        page.line(
            4,
            &[(
                QUIET,
                "It is reached through countersign-bridge from then on.",
            )],
        );
    }
    if entry.visible_arguments > 0 {
        let said = format!(
            "{} visible to your other programs while the server runs: it is in its own command line.",
            match entry.visible_arguments {
                1 => "1 credential stays".to_owned(),
                number => format!("{number} credentials stay"),
            }
        );
        page.line(4, &[(CHANGED, &said)]);
    }
    if !entry.ambient.is_empty() {
        let said = format!(
            "It is known to read {} from the surroundings, and still gets them.",
            entry.ambient.join(", ")
        );
        page.line(4, &[(QUIET, &said)]);
    }
}

/// Writes what stays where it is, by reason.
pub(super) fn kept(page: &mut Page, kept: &[KeptView]) {
    if kept.is_empty() {
        return;
    }
    page.blank();
    let count = format!(" {}", kept.len());
    page.line(0, &[(STRONG, "Stay where they are"), (QUIET, &count)]);
    let mut reasons: BTreeMap<(&str, &str), Vec<&KeptView>> = BTreeMap::new();
    for one in kept {
        reasons.entry((&one.code, &one.why)).or_default().push(one);
    }
    for ((_, why), kept) in reasons {
        page.line(2, &[(CHANGED, why)]);
        if let Some(instead) = kept.iter().find_map(|one| one.instead.as_deref()) {
            page.line(4, &[(QUIET, instead)]);
        }
        for one in kept {
            let entry = format!("{}  {}", one.file, one.name);
            page.line(4, &[(Style::new(), &entry)]);
            words::spot(page, 6, &one.spot);
        }
    }
}
