//! One module a command; here is what they share.

mod allowlist;
mod clients;
mod decide;
mod explain;
mod generate;
mod leave;
mod review;
mod scan;
mod secrets;
mod servers;
mod settings;
mod show;
mod surface;
mod vault;

use countersign_core::{
    Inventory, Setup, lists,
    moves::recover,
    scan::{self as core_scan, Options, RunningLook},
    select::SelectError,
};

use crate::{
    args::{Arguments, Command, LookArguments, PlaceArguments},
    exit::Exit,
    failure::Failure,
    progress,
};

type Done = Result<Exit, Failure>;

/// Does what the command line asks for.
pub(crate) fn run(arguments: &Arguments) -> Done {
    match &arguments.command {
        None => scan::run(&arguments.scan),
        Some(Command::Scan(asked)) => scan::run(asked),
        Some(Command::Clients { look, places }) => clients::run(look, *places),
        Some(Command::Servers { look }) => servers::run(look),
        Some(Command::Show { entry, look }) => show::run(entry, look),
        Some(Command::Explain { rule, json }) => explain::run(rule.as_deref(), *json),
        Some(Command::Approve {
            entry,
            note,
            until,
            place,
        }) => decide::approve(entry, note, *until, place),
        Some(Command::Deny { entry, note, place }) => decide::deny(entry, note, place),
        Some(Command::Forget { server, place }) => decide::forget(server, place),
        Some(Command::Quiet {
            rule,
            about,
            reason,
            until,
            undo: _,
            place,
        }) => decide::quiet(rule, about, reason.as_deref().zip(*until), place),
        Some(Command::Secrets { command }) => secrets::run(command.as_ref()),
        Some(Command::Vault { command }) => vault::run(command.as_ref()),
        Some(Command::Leave { json }) => leave::run(*json),
        Some(Command::Review(asked)) => review::run(asked),
        Some(Command::Surface { command }) => surface::run(command),
        Some(Command::Allowlist { command }) => allowlist::run(command),
        Some(Command::Settings { command, json }) => settings::run(command.as_ref(), *json),
        Some(Command::Schema) => generate::schema(),
        Some(Command::Completions { shell }) => generate::completions(*shell),
        Some(Command::Man) => generate::man(),
    }
}

/// Prepares to look at a place.
fn setup(place: &PlaceArguments) -> Result<Setup, Failure> {
    let absolute =
        |path: &std::path::PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
    let home = place.home.as_ref().map(absolute);
    let root = place.root.as_ref().map(absolute);
    for folder in home.iter().chain(&root) {
        if !folder.is_dir() {
            return Err(Failure::new(format!(
                "failed to look at {}: there is no such folder",
                folder.display()
            )));
        }
    }
    Setup::here(home.as_deref(), root.as_deref()).map_err(|error| {
        Failure::of(&error).hint(
            "the variable COUNTERSIGN_DATA_DIR names another folder for Countersign's own data",
        )
    })
}

/// Scans a place, hashes of started files included.
fn look(setup: &Setup, options: &Options) -> Result<Inventory, Failure> {
    lists::refresh_now(setup, false)?;
    let mut inventory = progress::shown(|progress| {
        core_scan::scan(setup, options, &mut RunningLook::default(), progress)
    })?;
    core_scan::fill_hashes(setup, &mut inventory, options.today);
    Ok(inventory)
}

/// Prepares and scans for a command that needs no more than that.
fn look_at(asked: &LookArguments) -> Result<(Setup, Inventory), Failure> {
    let setup = setup(&asked.place)?;
    let options = Options {
        without_running: asked.no_running,
        ..Options::default()
    };
    let inventory = look(&setup, &options)?;
    Ok((setup, inventory))
}

/// Prepares and scans for a command that needs no running processes.
fn quick_look(place: &PlaceArguments) -> Result<(Setup, Inventory), Failure> {
    let setup = setup(place)?;
    let options = Options {
        without_running: true,
        ..Options::default()
    };
    let inventory = look(&setup, &options)?;
    Ok((setup, inventory))
}

/// Says what to do about a name that names nothing, or too much.
fn select_failure(error: &SelectError) -> Failure {
    match error {
        SelectError::NoEntry(_) => {
            Failure::of(error).hint("`countersign servers` lists every server")
        }
        SelectError::Several { choices, .. } => choices
            .iter()
            .fold(Failure::of(error).hint("name it by its id:"), Failure::hint),
    }
}

/// Writes a value as JSON, with a line end.
fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Mends what a crash left of a move. A vault that is locked keeps that from nothing else: it is said, and
/// tried again the next time.
fn mend(setup: &Setup) {
    if let Err(error) = recover::mend(setup) {
        let error = secrets::failure(error);
        anstream::eprint!(
            "{}",
            error.warned("a move was cut off, and is not mended yet")
        );
    }
}
