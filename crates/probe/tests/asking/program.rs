//! This program as a server in a sandbox.

use std::{env, ffi::OsString, fs, os::unix::fs::PermissionsExt, time::Duration};

use countersign_launch::sandbox::Sandbox;
use countersign_probe::{Patience, ProbeError, Probed, ask_program};

use crate::server::MARK;

/// Long enough for a slow machine, and shorter where silence is what is tested.
pub(crate) fn patience() -> Patience {
    Patience {
        discover: Duration::from_secs(20),
        answer: Duration::from_secs(20),
        total: Duration::from_secs(60),
        ..Patience::default()
    }
}

pub(crate) fn ask(kind: &str) -> Result<Probed, ProbeError> {
    ask_with(kind, &patience(), |_| {})
}

pub(crate) fn ask_with(
    kind: &str,
    patience: &Patience,
    change: impl FnOnce(&mut Sandbox),
) -> Result<Probed, ProbeError> {
    let root = tempfile::tempdir().expect("there is room");
    let all = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.path(), all.clone()).expect("it is ours");
    let program = root.path().join("server");
    let own = env::current_exe().expect("this program has a path");
    fs::copy(own, &program).expect("there is room");
    fs::set_permissions(&program, all).expect("it is ours");
    let folder = root.path().join("run");
    fs::create_dir(&folder).expect("there is room");
    let mut sandbox = Sandbox::new(program, folder);
    sandbox.arguments = [MARK, kind].map(OsString::from).to_vec();
    change(&mut sandbox);
    ask_program(&sandbox, patience)
}
