//! The kernel's keyring of this user.
//!
//! A process that was not started from a login has no session keyring, so the key is linked to the
//! user's own keyring, which every process of this user finds. What a process finds there it does not
//! possess, so the key is made readable by the user, not by its possessor alone; that can only be done
//! by a possessor, which this process is by making the key in its own process keyring first. Keys there
//! are in the kernel's memory: never on disk, and gone at reboot.

use std::time::Duration;

use linux_keyutils::{KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};
use zeroize::Zeroizing;

use crate::{VaultError, encrypted::key::Key};

/// Keeps the key, for a time or until the user has no more processes.
pub(in crate::encrypted) fn keep(
    salt: &[u8; 16],
    key: &Key,
    time: Option<Duration>,
) -> Result<(), VaultError> {
    let keep = || -> Result<(), KeyError> {
        let own = KeyRing::from_special_id(KeyRingIdentifier::Process, true)?;
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, true)?;
        let made = own.add_key(&name(salt), key.bytes())?;
        made.set_perms(
            KeyPermissionsBuilder::builder()
                .posessor(Permission::ALL)
                .user(Permission::VIEW | Permission::READ | Permission::SEARCH)
                .build(),
        )?;
        if let Some(time) = time {
            // 0 would mean "for ever".
            let seconds = usize::try_from(time.as_secs().max(1)).unwrap_or(usize::MAX);
            made.set_timeout(seconds)?;
        }
        user.link_key(made)?;
        own.unlink_key(made)
    };
    keep().map_err(no_session)
}

/// Returns the key; `None` where the file is not unlocked.
pub(in crate::encrypted) fn read(salt: &[u8; 16]) -> Result<Option<Key>, VaultError> {
    let read = || -> Result<Option<Key>, KeyError> {
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, false)?;
        let found = user.search(&name(salt))?;
        let mut bytes = Zeroizing::new([0; 32]);
        let length = found.read(&mut *bytes)?;
        Ok((length == bytes.len()).then(|| Key::from_bytes(bytes)))
    };
    match read() {
        Err(error) if is_absence(error) => Ok(None),
        other => other.map_err(no_session),
    }
}

/// Forgets the key, if it is kept.
pub(in crate::encrypted) fn forget(salt: &[u8; 16]) -> Result<(), VaultError> {
    let forget = || -> Result<(), KeyError> {
        let user = KeyRing::from_special_id(KeyRingIdentifier::User, false)?;
        let found = user.search(&name(salt))?;
        user.unlink_key(found)
    };
    match forget() {
        Err(error) if is_absence(error) => Ok(()),
        other => other.map_err(no_session),
    }
}

fn name(salt: &[u8; 16]) -> String {
    let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("countersign:vault:{salt}")
}

fn is_absence(error: KeyError) -> bool {
    matches!(
        error,
        KeyError::KeyDoesNotExist
            | KeyError::KeyringDoesNotExist
            | KeyError::KeyExpired
            | KeyError::KeyRevoked
    )
}

fn no_session(error: KeyError) -> VaultError {
    VaultError::NoSession(match error {
        KeyError::QuotaExceeded | KeyError::OutOfMemory => {
            "the kernel's keyring of this user is full".to_owned()
        }
        // A container's filter answers so.
        KeyError::AccessDenied | KeyError::PermissionDenied | KeyError::OperationNotSupported => {
            "this system does not let programs use the kernel's keyring; use a key file".to_owned()
        }
        other => format!("the kernel's keyring refused ({other})"),
    })
}
