//! Systems where nothing confines a program yet: it is started only where the caller wants that, and
//! what is reported says so.

use std::{
    process::{Child, Command, Stdio},
    time::Duration,
};

use super::{Confinement, Contained, Enforced, Sandbox, SandboxError, Unconfined};

pub(super) fn start(sandbox: &Sandbox) -> Result<Contained, SandboxError> {
    if sandbox.unconfined == Unconfined::Refuse {
        return Err(SandboxError::NotConfined);
    }
    let home = sandbox.folder.join("home");
    let temporary = sandbox.folder.join("tmp");
    for folder in [&home, &temporary] {
        std::fs::create_dir(folder).map_err(SandboxError::Folder)?;
    }
    let mut command = Command::new(&sandbox.program);
    command
        .args(&sandbox.arguments)
        .env_clear()
        .envs(sandbox.environment.iter().cloned())
        .env("HOME", &home)
        .env("TMPDIR", &temporary)
        .current_dir(sandbox.working_folder.as_ref().unwrap_or(&home))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let limits = sandbox.limits;
    Contained::begin(limits, sandbox.folder.clone(), move || {
        let child = command.spawn().map_err(SandboxError::Start)?;
        Ok((child, Enforced::nothing(limits)))
    })
}

/// The processes of a program, of which only the first is known here.
pub(super) struct Members;

impl Members {
    pub(super) fn new(_root: u32, _confinement: Confinement) -> Self {
        Self
    }

    /// Returns how many there are, and their memory.
    pub(super) fn look(&mut self) -> (usize, u64) {
        (1, 0)
    }

    /// Ends the program; returns whether nothing is left, which is not known here.
    pub(super) fn end(&mut self, child: &mut Child, _patience: Duration) -> bool {
        let _ = child.kill();
        let _ = child.wait();
        false
    }
}
