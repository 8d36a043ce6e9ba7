//! `cargo xtask train`: the weights of the classifier of wording, from a labelled corpus.

use std::path::Path;

use crate::{
    failure::Failure,
    place::Place,
    setup::{self, Need},
};

/// Where the weights lie, from the root of the repository.
const WEIGHTS: &str = "crates/rules/src/surface/learned_wording.bin";

pub(crate) fn train(place: &Place, corpus: &Path, leaves_out: bool) -> Result<(), Failure> {
    setup::packages(Need::Compile)?;
    let train = place
        .cargo("run")
        .arguments(["--quiet", "--package", "countersign-tests"])
        .arguments(["--bin", "train", "--"])
        .argument(corpus);
    if leaves_out {
        train.argument("--leave-out").run()
    } else {
        train
            .argument("--out")
            .argument(place.root.join(WEIGHTS))
            .run()
    }
}
