//! Credentials in plain text, and in the vault.

mod bind;
mod doctor;
mod history;
mod list;
mod migrate;
mod plan;
mod set;
mod status;
mod undo;
mod words;

use std::path::PathBuf;

use countersign_core::{
    Inventory, Setup,
    desk::CredentialsError,
    install::{self, Installed, Shipped},
    json::CredentialsView,
    moves::{self, Plan, Request},
    scan::Options,
    select,
};
use countersign_model::EntryId;

use super::{Done, select_failure, setup};
use crate::{
    args::{MoveArguments, PlaceArguments, SecretsCommand, SecretsLook},
    failure::Failure,
};

pub(super) use undo::page as undone_page;
pub(super) use words::vault as vault_lines;

/// Does what is asked for about credentials.
pub(super) fn run(command: Option<&SecretsCommand>) -> Done {
    match command {
        None => list::run(&SecretsLook::default()),
        Some(SecretsCommand::List(look)) => list::run(look),
        Some(SecretsCommand::Plan { what, look }) => plan::run(what, look),
        Some(SecretsCommand::Migrate {
            what,
            all: _,
            dry_run: true,
            json,
        }) => plan::run(what, &own_place(*json)),
        Some(SecretsCommand::Migrate { what, json, .. }) => migrate::run(what, *json),
        Some(SecretsCommand::Undo { id, values, json }) => undo::run(*id, *values, *json),
        Some(SecretsCommand::TakeBack { entries, json }) => undo::take_back(entries, *json),
        Some(SecretsCommand::Set { what, name, from }) => {
            set::run(what, name.as_deref(), from.as_deref())
        }
        Some(SecretsCommand::Bind { entry, yes }) => bind::run(entry, *yes),
        Some(SecretsCommand::Status { json }) => status::run(*json),
        Some(SecretsCommand::Doctor { repair, json }) => doctor::run(*repair, *json),
        Some(SecretsCommand::History { file, json }) => history::run(file, *json),
    }
}

fn own_place(json: bool) -> SecretsLook {
    SecretsLook {
        place: PlaceArguments::default(),
        json,
    }
}

/// Says why something about credentials was not done, and what to do.
pub(super) fn failure(error: impl Into<CredentialsError>) -> Failure {
    let error = error.into();
    let failure = Failure::of(&error);
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// What was scanned, and where guard and bridge stand.
struct Scene {
    setup: Setup,
    options: Options,
    inventory: Inventory,
    installed: Installed,
}

impl Scene {
    /// Looks at a place. What a crash left in the user's own is mended first.
    fn at(place: &PlaceArguments, files: &[PathBuf]) -> Result<Self, Failure> {
        let setup = setup(place)?;
        super::mend(&setup);
        let absolute = |file: &PathBuf| std::path::absolute(file);
        let options = Options {
            files: files.iter().map(absolute).collect::<Result<_, _>>()?,
            without_running: true,
            ..Options::default()
        };
        let inventory = super::look(&setup, &options)?;
        let installed = install::place(&setup);
        Ok(Self {
            setup,
            options,
            inventory,
            installed,
        })
    }

    fn here() -> Result<Self, Failure> {
        Self::at(&PlaceArguments::default(), &[])
    }

    /// Returns the ids of the entries that are named.
    fn ids(&self, names: &[String]) -> Result<Vec<EntryId>, Failure> {
        let mut ids = Vec::new();
        for name in names {
            let selected =
                select::entries(&self.inventory, name).map_err(|error| select_failure(&error))?;
            ids.extend(selected.into_iter().map(|(_, entry, _)| entry.id.clone()));
        }
        Ok(ids)
    }

    fn plan(&self, what: &MoveArguments) -> Result<Plan, Failure> {
        let named = !what.entries.is_empty();
        let request = Request {
            entries: named.then(|| self.ids(&what.entries)).transpose()?,
            pointers: None,
            consents: what.consent,
            joins: what.join,
        };
        moves::plan(
            &self.setup,
            &self.options,
            &self.inventory,
            &self.installed,
            &request,
        )
        .map_err(failure)
    }

    fn view(&self, plan: &Plan) -> Result<CredentialsView, Failure> {
        let shipped = Shipped::here().map_err(failure)?;
        moves::look(&self.setup, &self.inventory, plan, &shipped).map_err(failure)
    }
}
