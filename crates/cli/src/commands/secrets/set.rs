use anstyle::Style;
use countersign_core::{
    json::{GuardedView, ReferenceView},
    moves::{self, Means},
    vault::Elsewhere,
};
use countersign_model::{EntryId, SecretId, references};

use super::{Scene, failure, words};
use crate::{
    commands::Done,
    failure::Failure,
    page::{GOOD, Page, QUIET},
    print, prompt,
};

/// Gives a reference another value, or has a secret manager hold it.
pub(super) fn run(what: &str, name: Option<&str>, from: Option<&str>) -> Done {
    let scene = Scene::here()?;
    let guarded = moves::guarded_views(&scene.setup, &scene.inventory);
    let id = match references(what).as_slice() {
        [(place, id)] if *place == (0..what.len()) => *id,
        _ => of_entry(&scene.ids(&[what.to_owned()])?, &guarded, what, name)?,
    };
    let elsewhere = from.map(Elsewhere::parse).transpose()?;
    let means = Means::ready(&scene.setup).map_err(failure)?;
    let uses = uses(&guarded, id);
    let said = match elsewhere {
        Some(elsewhere) => {
            let keeper = elsewhere.name();
            moves::point_to(&means, &scene.inventory, &scene.installed, id, elsewhere)
                .map_err(failure)?;
            format!("{keeper} is asked for it from now on.")
        }
        None => {
            if uses.is_empty() {
                // Asked before the user types a value that nothing would take.
                return Err(failure(moves::MoveError::NoReference(id)));
            }
            let value = prompt::new_secret(&format!("New value of {}", uses[0]))?;
            moves::set_value(&means, &scene.inventory, &scene.installed, id, value)
                .map_err(failure)?;
            format!("The new value is in the {}.", means.vault.keeper().name())
        }
    };
    let mut page = Page::new();
    page.line(0, &[(GOOD, &said)]);
    for one in &uses {
        page.line(2, &[(Style::new(), one)]);
    }
    page.line(0, &[(QUIET, "Servers have it from their next start on.")]);
    Ok(print(&page.text()))
}

/// Returns what refers to an item: the name it stands under, and the entry.
fn uses(guarded: &[GuardedView], id: SecretId) -> Vec<String> {
    let mut uses = Vec::new();
    for view in guarded {
        let references = view.references.iter().filter(|one| one.id == id.hex());
        uses.extend(references.map(|one| {
            let place = words::place(&one.kind, &one.name);
            format!("{place} of {} ({})", view.name, view.file)
        }));
    }
    uses
}

/// Finds the one reference that an entry and a name mean.
fn of_entry(
    entries: &[EntryId],
    guarded: &[GuardedView],
    what: &str,
    name: Option<&str>,
) -> Result<SecretId, Failure> {
    let views = guarded
        .iter()
        .filter(|view| entries.iter().any(|entry| entry.as_str() == view.entry));
    let references: Vec<(&GuardedView, &ReferenceView)> = views
        .flat_map(|view| view.references.iter().map(move |one| (view, one)))
        .filter(|(_, one)| name.is_none_or(|name| one.name == name))
        .collect();
    let mut ids: Vec<&str> = references.iter().map(|(_, one)| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.as_slice() {
        [id] => SecretId::parse(id)
            .ok_or_else(|| Failure::new(format!("failed to read `{id}`: it is no reference"))),
        [] => Err(Failure::new(match name {
            Some(name) => format!("failed to find a reference `{name}` in `{what}`"),
            None => format!("failed to find a reference in `{what}`"),
        })
        .hint("`countersign secrets status` shows every reference")),
        _ => Err(references.iter().fold(
            Failure::new(format!(
                "failed to choose one of the references of `{what}`"
            ))
            .hint("name the variable, header or flag too, or the reference itself:"),
            |failure, (view, one)| {
                let place = words::place(&one.kind, &one.name);
                failure.hint(format!(
                    "countersign:{}  {place} of {} ({})",
                    one.id, view.name, view.file
                ))
            },
        )),
    }
}
