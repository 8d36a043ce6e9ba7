use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard},
};

use zeroize::Zeroizing;

use super::Shelf;
use crate::VaultError;

/// A store that ends with its owner.
#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>);

impl Memory {
    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Zeroizing<Vec<u8>>>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

impl Shelf for Memory {
    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(self.kept().get(name).cloned())
    }

    fn write(&self, name: &str, _label: &str, bytes: &[u8]) -> Result<(), VaultError> {
        let bytes = Zeroizing::new(bytes.to_vec());
        self.kept().insert(name.to_owned(), bytes);
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), VaultError> {
        self.kept().remove(name);
        Ok(())
    }
}
