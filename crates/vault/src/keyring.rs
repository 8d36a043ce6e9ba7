//! The system's keyring.

#[cfg_attr(target_os = "linux", path = "keyring/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "keyring/native.rs")]
mod system;

use std::{sync::mpsc, thread, time::Duration};

use crate::{NoKeyring, VaultError, random_bytes, shelf::Shelf};

pub(crate) use system::Keyring;

/// What every item of ours is kept under.
const SERVICE: &str = "countersign";

/// A keyring that does not answer by then counts as locked: nobody is asked for a password here.
const ANSWER_TIME: Duration = Duration::from_secs(2);

/// What the canary says.
const CANARY: &[u8] = b"countersign";

/// Proves that the keyring keeps what it is given: it is one that outlives the session, and a canary
/// comes back and goes. A read alone cannot tell "unset" from "no keyring".
pub(crate) fn prove(keyring: &Keyring) -> Result<(), VaultError> {
    keyring.outlives_session()?;
    let name = format!("canary-{}", hex(&random_bytes::<8>()?));
    keyring.write(&name, "Countersign: a test", CANARY)?;
    let kept = keyring.read(&name);
    keyring.remove(&name)?;
    match kept? {
        Some(bytes) if bytes.as_slice() == CANARY => Ok(()),
        _ => Err(VaultError::NoKeyring(NoKeyring::Forgetful)),
    }
}

/// Runs keyring work beside, and gives up on it when it takes too long.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, VaultError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Whoever waited may be gone.
        let _ = sender.send(work());
    });
    receiver
        .recv_timeout(ANSWER_TIME)
        .map_err(|_| VaultError::NoAnswer)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
