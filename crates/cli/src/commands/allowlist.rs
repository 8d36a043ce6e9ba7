use std::path::Path;

use anstyle::Style;
use countersign_core::{
    lists::{self, ListFileError, Review},
    scan::Options,
    select,
};

use super::{Done, look, select_failure, setup};
use crate::{
    args::{AllowlistCommand, PlaceArguments},
    exit::Exit,
    failure::Failure,
    page::{CHANGED, GOOD, Page, QUIET, STRONG},
    print,
};

pub(super) fn run(command: &AllowlistCommand) -> Done {
    match command {
        AllowlistCommand::Check { file, strict } => check(file, *strict),
        AllowlistCommand::Add {
            entry,
            file,
            name,
            reviewer,
            reason,
            expires,
            place,
        } => {
            let review = Review {
                reviewer: reviewer.clone(),
                reason: reason.clone(),
                expires: *expires,
            };
            add(entry, file.as_deref(), name, &review, place)
        }
        AllowlistCommand::Refresh => refresh(),
    }
}

fn check(file: &Path, is_strict: bool) -> Done {
    let checked = lists::check_file(file).map_err(list_failure)?;
    let mut page = Page::new();
    let counted = format!(
        "  {} approved, {} denied",
        checked.approvals, checked.denials
    );
    page.line(
        0,
        &[
            (GOOD, "valid  "),
            (STRONG, &checked.name),
            (Style::new(), &counted),
        ],
    );
    for advice in &checked.advice {
        page.line(2, &[(CHANGED, advice)]);
    }
    let printed = print(&page.text());
    Ok(if is_strict && !checked.advice.is_empty() {
        Exit::Found
    } else {
        printed
    })
}

fn list_failure(error: ListFileError) -> Failure {
    match &error {
        ListFileError::Invalid { problems, path } => problems
            .iter()
            .fold(
                Failure::new(format!("{} is not a valid list", path.display())),
                Failure::hint,
            )
            .exit(Exit::Found),
        _ => Failure::of(&error),
    }
}

fn add(
    named: &str,
    file: Option<&Path>,
    name: &str,
    review: &Review,
    place: &PlaceArguments,
) -> Done {
    let setup = setup(place)?;
    let options = Options {
        without_running: true,
        ..Options::default()
    };
    let inventory = look(&setup, &options)?;
    let selected = select::entries(&inventory, named).map_err(|error| select_failure(&error))?;
    let mut stanzas: Vec<String> = Vec::new();
    for (_, entry, assessed) in &selected {
        let stanza = lists::stanza(entry, &assessed.server, review)?;
        if !stanzas.contains(&stanza) {
            stanzas.push(stanza);
        }
    }
    let Some(file) = file else {
        return Ok(print(&stanzas.join("\n")));
    };
    for stanza in &stanzas {
        lists::append(file, name, stanza).map_err(list_failure)?;
    }
    let mut page = Page::new();
    let said = format!("{named} added to {}.", file.display());
    page.line(0, &[(Style::new(), &said)]);
    page.line(
        0,
        &[(
            QUIET,
            "Read it, and have it reviewed like any other change.",
        )],
    );
    Ok(print(&page.text()))
}

fn refresh() -> Done {
    let setup = setup(&PlaceArguments::default())?;
    lists::refresh_now(&setup, true)?;
    super::settings::run(None, false)
}
