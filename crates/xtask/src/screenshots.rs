//! `cargo xtask screenshots`: every view as PNG files.

use crate::{
    artefacts::{AppFor, Copies, build_app, build_cli},
    failure::Failure,
    node,
    place::Place,
    setup::{self, Need},
};

pub(crate) fn screenshots(place: &Place, arguments: &[String]) -> Result<(), Failure> {
    setup::packages(Need::DesktopTests)?;
    node::is_fit()?;
    node::install_ui(place)?;
    node::build_ui(place)?;
    let copies = Copies::new(place)?;
    let cli = copies.copy(&build_cli(place, false)?)?;
    copies.copy_companions(place, false)?;
    let app = copies.copy(&build_app(place, AppFor::Tests, false)?)?;
    place
        .cargo("run")
        .arguments(["--quiet", "--package", "countersign-tests"])
        .arguments(["--bin", "screenshots", "--"])
        .arguments(arguments)
        .environment("COUNTERSIGN_BIN", cli)
        .environment("COUNTERSIGN_APP", app)
        .run()
}
