//! The Secret Service (`gnome-keyring`, `ksecretd` and the like) on the session's bus.
//!
//! Nothing here asks for a password: what is locked is an error. (Clients of the Secret Service unlock
//! by a prompt, so they ask the user at times when nobody is there to answer.)

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};

use secret_service::{
    EncryptionType, Error,
    blocking::{Collection, SecretService},
};
use zeroize::Zeroizing;

use super::{SERVICE, in_time};
use crate::{NoKeyring, VaultError, shelf::Shelf};

type Connection = SecretService<'static>;

/// The keyring, with its connection once there is one. Whoever drops it ends the connection.
#[derive(Default)]
pub(crate) struct Keyring(Mutex<Option<Connection>>);

impl Keyring {
    /// Returns whether what is written is still there after the session.
    pub(crate) fn outlives_session(&self) -> Result<(), VaultError> {
        self.ask(|service| {
            let default = default_collection(service)?;
            let session = match service.get_collection_by_alias("session") {
                Ok(collection) => Some(collection.collection_path.to_string()),
                Err(Error::NoResult) => None,
                Err(error) => return Err(failure(error)),
            };
            let path = default.collection_path.as_str();
            if session.as_deref() == Some(path) || path.ends_with("/collection/session") {
                return Err(VaultError::NoKeyring(NoKeyring::SessionOnly));
            }
            Ok(())
        })
    }

    /// Does one piece of work on the connection, in time. A connection on which something failed is
    /// not used again.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&SecretService<'_>) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let mut held = self.held();
        let connection = held.take();
        let (connection, done) = in_time(move || {
            let connection = match connection {
                Some(connection) => connection,
                None => match SecretService::connect(EncryptionType::Dh) {
                    Ok(connection) => connection,
                    Err(error) => return (None, Err(no_connection(error))),
                },
            };
            let done = work(&connection);
            (done.is_ok().then_some(connection), done)
        })?;
        *held = connection;
        done
    }

    fn held(&self) -> MutexGuard<'_, Option<Connection>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

impl Shelf for Keyring {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let name = name.to_owned();
        self.ask(move |service| {
            let found = service.search_items(attributes(&name)).map_err(failure)?;
            if !found.locked.is_empty() {
                return Err(VaultError::Locked);
            }
            match &found.unlocked[..] {
                // A store that is locked may not even tell what it has.
                [] => default_collection(service).map(|_| None),
                [item] => item
                    .get_secret()
                    .map(|secret| Some(Zeroizing::new(secret)))
                    .map_err(failure),
                _ => Err(VaultError::Damaged {
                    name,
                    problem: "the keyring holds it more than once",
                }),
            }
        })
    }

    fn write(&self, name: &str, label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let (name, label) = (name.to_owned(), label.to_owned());
        let bytes = Zeroizing::new(bytes.to_vec());
        self.ask(move |service| {
            let found = service.search_items(attributes(&name)).map_err(failure)?;
            if !found.locked.is_empty() {
                return Err(VaultError::Locked);
            }
            if let Some((item, doubles)) = found.unlocked.split_first() {
                item.set_secret(&bytes, CONTENT_TYPE).map_err(failure)?;
                return doubles
                    .iter()
                    .try_for_each(|double| double.delete().map_err(failure));
            }
            default_collection(service)?
                .create_item(&label, attributes(&name), &bytes, true, CONTENT_TYPE)
                .map(|_| ())
                .map_err(failure)
        })
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        let name = name.to_owned();
        self.ask(move |service| {
            let found = service.search_items(attributes(&name)).map_err(failure)?;
            if !found.locked.is_empty() {
                return Err(VaultError::Locked);
            }
            if found.unlocked.is_empty() {
                return default_collection(service).map(|_| ());
            }
            found
                .unlocked
                .iter()
                .try_for_each(|item| item.delete().map_err(failure))
        })
    }
}

const CONTENT_TYPE: &str = "application/octet-stream";

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

/// Returns the collection that new items go to, unlocked.
fn default_collection<'a>(service: &'a SecretService<'a>) -> Result<Collection<'a>, VaultError> {
    let collection = match service.get_default_collection() {
        Ok(collection) => collection,
        Err(Error::NoResult) => return Err(VaultError::NoKeyring(NoKeyring::NeverMade)),
        Err(error) => return Err(failure(error)),
    };
    match collection.is_locked() {
        Ok(false) => Ok(collection),
        Ok(true) => Err(VaultError::Locked),
        Err(error) => Err(failure(error)),
    }
}

/// Why there is no connection: whatever is not an answer of the bus means that there is none.
fn no_connection(error: Error) -> VaultError {
    match error {
        Error::Zbus(error @ (zbus::Error::MethodError(..) | zbus::Error::FDO(_))) => {
            failure(Error::Zbus(error))
        }
        Error::Zbus(_) => VaultError::NoKeyring(NoKeyring::NotOffered),
        error => failure(error),
    }
}

fn failure(error: Error) -> VaultError {
    match error {
        Error::Unavailable => VaultError::NoKeyring(NoKeyring::NotOffered),
        Error::Locked | Error::Prompt | Error::PromptDisconnected => VaultError::Locked,
        Error::NoResult => VaultError::Refused("it gave no result".to_owned()),
        Error::Zbus(zbus::Error::MethodError(name, said, _)) => {
            refusal(name.as_str(), said.as_deref().unwrap_or_default())
        }
        Error::Zbus(zbus::Error::FDO(error)) => fdo(*error),
        Error::ZbusFdo(error) => fdo(error),
        Error::Crypto(problem) => VaultError::Refused(problem.to_owned()),
        error => VaultError::Refused(error.to_string()),
    }
}

fn fdo(error: zbus::fdo::Error) -> VaultError {
    use zbus::{DBusError, fdo::Error as Fdo};
    match error {
        Fdo::ZBus(zbus::Error::MethodError(name, said, _)) => {
            refusal(name.as_str(), said.as_deref().unwrap_or_default())
        }
        error => refusal(
            error.name().as_str(),
            error.description().unwrap_or_default(),
        ),
    }
}

/// Tells what an error of the bus or of the service means, by its name.
fn refusal(name: &str, said: &str) -> VaultError {
    let name = name.rsplit('.').next().unwrap_or(name);
    match name {
        "ServiceUnknown" | "NameHasNoOwner" | "SpawnServiceNotFound" | "Disconnected" => {
            VaultError::NoKeyring(NoKeyring::NotOffered)
        }
        "IsLocked" => VaultError::Locked,
        "AccessDenied" | "AuthFailed" | "InteractiveAuthorizationRequired" => VaultError::Denied,
        "NoReply" | "Timeout" | "TimedOut" => VaultError::NoAnswer,
        "LimitsExceeded" | "NoMemory" | "FileTooLarge" => VaultError::NoRoom(said.to_owned()),
        _ => VaultError::Refused(format!("{name}: {said}")),
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;
    use crate::{NoKeyring, VaultError};

    #[test]
    fn errors_of_the_bus_are_told_apart() {
        let refused = |name: &str| refusal(name, "because");
        assert!(matches!(
            refused("org.freedesktop.DBus.Error.ServiceUnknown"),
            VaultError::NoKeyring(NoKeyring::NotOffered)
        ));
        assert!(matches!(
            refused("org.freedesktop.Secret.Error.IsLocked"),
            VaultError::Locked
        ));
        assert!(matches!(
            refused("org.freedesktop.DBus.Error.AccessDenied"),
            VaultError::Denied
        ));
        assert!(matches!(
            refused("org.freedesktop.DBus.Error.NoReply"),
            VaultError::NoAnswer
        ));
        assert!(matches!(
            refused("org.freedesktop.DBus.Error.LimitsExceeded"),
            VaultError::NoRoom(_)
        ));
        assert_eq!(
            refused("org.gnome.Odd").to_string(),
            "use the keyring: it refused (Odd: because)"
        );
    }
}
