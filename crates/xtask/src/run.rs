//! `cargo xtask run`: the desktop window, or the same report in the terminal.

use crate::{
    artefacts::{AppFor, build_app, build_cli, build_companions},
    display,
    failure::Failure,
    node,
    place::Place,
    program::Program,
    setup::{self, Need},
};

pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<(), Failure> {
    match display::why_none() {
        None => open_window(place, arguments),
        Some(why) => print_report(place, arguments, &why),
    }
}

fn open_window(place: &Place, arguments: &[String]) -> Result<(), Failure> {
    setup::packages(Need::Desktop)?;
    node::is_fit()?;
    node::install_ui(place)?;
    node::build_ui(place)?;
    build_companions(place, false)?;
    let app = build_app(place, AppFor::Use, false)?;
    Program::new(app)
        .shown_as("countersign-app")
        .arguments(arguments)
        .run_unbounded()
}

fn print_report(place: &Place, arguments: &[String], why: &str) -> Result<(), Failure> {
    setup::packages(Need::Compile)?;
    build_companions(place, false)?;
    let cli = build_cli(place, false)?;
    println!("No window can be shown here: {why}. This is the same report as text.\n");
    let program = Program::new(cli).shown_as("countersign").argument("scan");
    let program = program.arguments(arguments);
    match program.run_unbounded() {
        // Its exit code tells what was found, and the report stands above.
        Err(Failure::Ended { status, .. }) if status.code() == Some(FOUND) => Ok(()),
        outcome => outcome,
    }
}

/// The exit code by which the command line says that the report holds findings.
const FOUND: i32 = 1;
