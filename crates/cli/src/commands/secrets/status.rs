use anstyle::Style;
use countersign_core::json::{CredentialsView, GuardedView, MoveView, ProgramView};

use super::{Scene, words};
use crate::{
    args::MoveArguments,
    commands::Done,
    page::{BAD, GOOD, Page, QUIET, STRONG, counted},
    print,
};

/// Shows the store, the programs, guarded entries, and moves.
pub(super) fn run(json: bool) -> Done {
    let scene = Scene::here()?;
    let plan = scene.plan(&MoveArguments::default())?;
    let view = scene.view(&plan)?;
    if json {
        return Ok(print(&crate::commands::json(&view)?));
    }
    Ok(print(&page(&view)))
}

fn page(view: &CredentialsView) -> String {
    let mut page = Page::new();
    page.line(0, &[(STRONG, "Vault")]);
    words::vault(&mut page, &view.vault);
    page.line(0, &[(STRONG, "Guard and bridge")]);
    for program in &view.programs {
        self::program(&mut page, program);
    }
    let count = format!(" {}", view.guarded.len());
    page.line(0, &[(STRONG, "Guarded entries"), (QUIET, &count)]);
    for entry in &view.guarded {
        guarded(&mut page, entry);
    }
    let count = format!(" {}", view.moves.len());
    page.line(0, &[(STRONG, "Moves"), (QUIET, &count)]);
    for one in &view.moves {
        move_line(&mut page, one);
    }
    if let Some(unfinished) = &view.unfinished {
        page.line(0, &[(BAD, unfinished)]);
    }
    let left = view.plan.credentials as usize + view.plan.kept.len();
    if left > 0 {
        let said = format!(
            "{} in plain text (`countersign secrets list`).",
            counted(left, "credential")
        );
        page.line(0, &[(BAD, &said)]);
    }
    page.text()
}

/// Writes where a program stands and how it is.
pub(super) fn program(page: &mut Page, program: &ProgramView) {
    let (style, state) = match (program.state.as_str(), &program.version) {
        ("installed", _) => (GOOD, "  installed".to_owned()),
        ("absent", _) => (QUIET, "  not installed; the first move does it".to_owned()),
        ("altered", _) => (BAD, "  something else wrote it".to_owned()),
        (_, Some(version)) => (QUIET, format!("  of version {version}")),
        (state, None) => (QUIET, format!("  {state}")),
    };
    let path = format!("{:<8}{}", program.name, program.path);
    page.line(2, &[(Style::new(), &path), (style, &state)]);
}

fn guarded(page: &mut Page, entry: &GuardedView) {
    let about = format!("  {}  {}", entry.clients.join(", "), entry.file);
    page.line(2, &[(STRONG, &entry.name), (QUIET, &about)]);
    for reference in &entry.references {
        words::reference(page, 4, reference);
    }
    if entry.references.iter().any(|one| one.state == "not-bound") {
        let step = format!(
            "Look at the entry, and if it is as you want it: `countersign secrets bind {}`.",
            entry.guard
        );
        page.line(4, &[(QUIET, &step)]);
    }
}

fn move_line(page: &mut Page, one: &MoveView) {
    let made = jiff::Timestamp::from_second(one.made_at_s)
        .map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default();
    let number = format!("{:<4}", one.id);
    let about = format!(
        "{made}  {}, {}",
        counted(one.credentials as usize, "credential"),
        counted(one.files.len(), "file")
    );
    let state = format!("  {}", one.state);
    let by = format!("  {}", one.made_by);
    page.line(
        2,
        &[
            (STRONG, &number),
            (Style::new(), &about),
            (QUIET, &state),
            (QUIET, &by),
        ],
    );
    for file in &one.files {
        let state = if file.is_restored { "  put back" } else { "" };
        page.line(6, &[(Style::new(), &file.file), (QUIET, state)]);
    }
}
