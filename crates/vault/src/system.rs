//! The system's keyring.

use std::{sync::mpsc, thread, time::Duration};

use keyring::v1::{Entry, Error};
use zeroize::Zeroizing;

use crate::{Seal, VaultError};

const SERVICE: &str = "countersign";
const SEAL: &str = "decision-seal";
const CANARY: &str = "canary";

/// A keyring that does not answer by then counts as locked: nobody is asked for a password here.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// Why the keyring cannot be used.
pub(crate) enum Unavailable {
    /// There is none.
    NoKeyring,
    /// There is one, and it failed.
    Failed(VaultError),
}

/// Reads the key; `None` where the keyring holds none.
pub(crate) fn read() -> Result<Option<Seal>, Unavailable> {
    let secret = in_time(|| entry(SEAL)?.get_secret())?;
    match secret {
        Ok(bytes) => {
            let bytes = Zeroizing::new(bytes);
            let refused =
                || Unavailable::Failed(VaultError::Refused("it holds another kind of item".into()));
            Seal::from_bytes(&bytes).map(Some).ok_or_else(refused)
        }
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(unavailable(&error)),
    }
}

/// Keeps the key, once a canary came back and went: a read alone cannot tell "unset" from "no keyring".
pub(crate) fn keep(seal: &Seal) -> Result<(), Unavailable> {
    let bytes = Zeroizing::new(seal.bytes().to_vec());
    let kept = in_time(move || {
        let canary = entry(CANARY)?;
        canary.set_secret(b"countersign")?;
        let came_back = canary.get_secret()? == b"countersign";
        canary.delete_credential()?;
        if !came_back {
            return Err(Error::NoEntry);
        }
        entry(SEAL)?.set_secret(&bytes)
    })?;
    kept.map_err(|error| unavailable(&error))
}

fn entry(name: &str) -> Result<Entry, Error> {
    Entry::new(SERVICE, name)
}

fn unavailable(error: &Error) -> Unavailable {
    match error {
        // No Secret Service, no session bus: there is no keyring on this machine.
        Error::NoDefaultStore
        | Error::PlatformFailure(_)
        | Error::NotSupportedByStore(_)
        | Error::NoEntry => Unavailable::NoKeyring,
        Error::NoStorageAccess(_) => Unavailable::Failed(VaultError::Locked),
        other => Unavailable::Failed(VaultError::Refused(other.to_string())),
    }
}

/// Runs keyring work beside, and gives up on it when it takes too long.
fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<Result<T, Error>, Unavailable> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // Whoever waited may be gone.
        let _ = sender.send(work());
    });
    receiver
        .recv_timeout(ANSWER_MAX)
        .map_err(|_| Unavailable::Failed(VaultError::Locked))
}
