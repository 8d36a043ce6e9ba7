//! Python packages: a real server that the tests start.

use std::path::PathBuf;

use crate::{
    failure::Failure,
    files::{create, key, needed, read, write},
    place::Place,
    program::Program,
    setup,
};

/// Fetches the pinned servers into the cache and returns the folder with their programs.
pub(crate) fn fetch_real_servers(place: &Place) -> Result<PathBuf, Failure> {
    let list = place
        .root
        .join("tests")
        .join("real-clients")
        .join("requirements.txt");
    needed(&list, "the tests with real servers")?;
    let wanted = read(&list)?;
    let folder = place
        .cache
        .join("countersign-real-servers")
        .join(format!("{:016x}", key(&wanted)));
    let programs = folder.join("bin");
    let stamp = folder.join("installed.txt");
    if read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    create(&folder)?;
    let make = || {
        Program::new("python3")
            .arguments(["-m", "venv", "--clear"])
            .argument(&folder)
    };
    if make().run().is_err() {
        setup::python()?;
        make().run()?;
    }
    Program::new(programs.join("python"))
        .shown_as("pip")
        .arguments([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        // Nothing of a package runs while it is installed.
        .arguments([
            "--only-binary",
            ":all:",
            "--require-hashes",
            "--requirement",
        ])
        .argument(&list)
        .run_with_retry()?;
    write(&stamp, &wanted)?;
    Ok(programs)
}
