//! `cargo xtask evaluate`: the product's answers to a labelled corpus.

use std::path::Path;

use crate::{
    failure::Failure,
    place::Place,
    setup::{self, Need},
};

pub(crate) fn evaluate(place: &Place, corpus: &Path, out: &Path) -> Result<(), Failure> {
    setup::packages(Need::Compile)?;
    // Cargo starts the program in the caller's folder, so both paths mean what the caller meant.
    place
        .cargo("run")
        .arguments(["--quiet", "--package", "countersign-tests"])
        .arguments(["--bin", "evaluate", "--"])
        .argument(corpus)
        .argument("--out")
        .argument(out)
        .run()
}
