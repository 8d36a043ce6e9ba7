//! Codes of failures, by which front ends decide, and the next steps.

use countersign_vault::VaultError;

use super::MoveError;
use crate::install::InstallError;

impl MoveError {
    /// Returns the stable code by which a front end decides.
    pub const fn code(&self) -> &'static str {
        match self {
            MoveError::Vault(error) => vault_code(error),
            MoveError::Store(_) => "store",
            MoveError::Write(_) | MoveError::Io { .. } => "write",
            MoveError::Changed(_) => "changed",
            MoveError::Busy => "busy",
            MoveError::NoMove(_) | MoveError::NoReference(_) | MoveError::NoEntry => "gone",
            MoveError::Scan(_) => "scan",
            MoveError::Install(_) => "install",
            MoveError::NotOwnHome => "not-own-home",
        }
    }

    /// Returns the next step, where one is known.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            MoveError::Vault(error) => vault_hint(error),
            MoveError::Changed(_) | MoveError::NoMove(_) => Some("Look at it again."),
            MoveError::Busy => Some("Wait until it is done, then try again."),
            MoveError::Write(_) => Some("Close the client that uses the file, then try again."),
            MoveError::NoReference(_) | MoveError::NoEntry => Some("Scan again."),
            MoveError::Install(error) => install_hint(error),
            MoveError::Store(_)
            | MoveError::Io { .. }
            | MoveError::Scan(_)
            | MoveError::NotOwnHome => None,
        }
    }
}

pub(crate) const fn vault_code(error: &VaultError) -> &'static str {
    match error {
        VaultError::NoKeyring(_) => "no-keyring",
        VaultError::Locked | VaultError::NoAnswer => "locked",
        VaultError::Denied => "denied",
        VaultError::NoRoom(_) | VaultError::TooLong { .. } => "no-room",
        VaultError::WrongKey => "wrong-key",
        VaultError::NoItem(_) => "gone",
        _ => "vault",
    }
}

pub(crate) const fn vault_hint(error: &VaultError) -> Option<&'static str> {
    match error {
        VaultError::NoKeyring(_) => Some(
            "Start a keyring, or choose an encrypted file: `countersign vault make`, or the button in \
             Credentials.",
        ),
        VaultError::Locked => {
            Some("Unlock the keyring, or the encrypted file with `countersign vault unlock`.")
        }
        VaultError::NoAnswer => Some("See whether the keyring is waiting for a password."),
        VaultError::NoWriter { .. } | VaultError::Writer(_) => {
            Some("Put it there with `countersign secrets doctor --repair`.")
        }
        VaultError::WrongKey => Some("Try the passphrase again."),
        _ => None,
    }
}

pub(crate) const fn install_hint(error: &InstallError) -> Option<&'static str> {
    match error {
        InstallError::Altered(_) => Some("See who wrote it, then repair it."),
        InstallError::NotShipped(_) => Some("Install Countersign again."),
        InstallError::Io { .. } => None,
    }
}
