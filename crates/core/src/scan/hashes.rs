//! Hashes of files that entries start: from the cache at first, filled in afterwards.

use std::{
    fs::{File, Metadata},
    io::Read,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use countersign_clients::Machine;
use countersign_model::{Digest, Identity};
use countersign_store::FileStamp;
use jiff::civil::Date;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::facts;
use crate::{Inventory, decide, review::Standings, setup, setup::Setup};

/// The largest file that is hashed, in bytes.
const HASHED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Returns the hash of a file that has not changed since it was hashed.
pub(super) fn cached(setup: &Setup, path: &Path) -> Option<Digest> {
    let stamp = stamp(&path.metadata().ok()?)?;
    setup.store.file_hash(path.to_str()?, stamp).ok()?
}

/// Returns whether a file that an entry starts has not been hashed yet and can be.
pub fn has_unhashed(inventory: &Inventory) -> bool {
    inventory.assessed.values().any(|assessed| {
        matches!(&assessed.server.identity, Identity::File { path, hash: None, .. }
            if Path::new(path).is_file())
    })
}

/// Hashes the files that entries start and whose hash is not known yet, and decides again about those
/// entries. Returns how many hashes were filled in.
pub fn fill_hashes(setup: &Setup, inventory: &mut Inventory, today: Option<Date>) -> usize {
    let mut paths: Vec<String> = inventory
        .assessed
        .values()
        .filter_map(|assessed| match &assessed.server.identity {
            Identity::File {
                path, hash: None, ..
            } => Some(path.clone()),
            _ => None,
        })
        .collect();
    paths.sort();
    paths.dedup();
    let hashed: Vec<(String, Digest)> = paths
        .into_par_iter()
        .filter_map(|path| {
            let (hash, stamp) = hash(Path::new(&path))?;
            // A cache that cannot be written is no reason to have no hash.
            let _ = setup.store.remember_file_hash(&path, stamp, hash);
            Some((path, hash))
        })
        .collect();
    if !hashed.is_empty() {
        apply(
            setup,
            inventory,
            &hashed,
            today.unwrap_or_else(setup::today),
        );
    }
    hashed.len()
}

fn apply(setup: &Setup, inventory: &mut Inventory, hashed: &[(String, Digest)], today: Date) {
    let team: Vec<_> = inventory
        .lists
        .iter()
        .filter_map(|state| state.list.clone())
        .collect();
    let (personal, _) = decide::personal(setup, today, &mut Vec::new());
    // What cannot be read was told of when the scan read it.
    let standings = Standings::read(setup).unwrap_or_default();
    let lists = countersign_trust::Lists {
        team: &team,
        personal: &personal,
    };
    for config in &inventory.configs {
        for entry in &config.entries {
            let Some(assessed) = inventory.assessed.get_mut(&entry.id) else {
                continue;
            };
            let Identity::File { path, hash, .. } = &mut assessed.server.identity else {
                continue;
            };
            let Some((_, found)) = hashed.iter().find(|(hashed, _)| hashed == path) else {
                continue;
            };
            *hash = Some(*found);
            let facts = facts(entry, &assessed.server, home(&setup.machine));
            let verdict = countersign_trust::evaluate(&facts, lists, today);
            let standing = standings.of(entry, &assessed.server);
            assessed.verdict = countersign_trust::with_surface(verdict, &standing);
        }
    }
}

fn home(machine: &Machine) -> &str {
    &machine.home
}

/// Hashes a file as it is opened. A file that changes meanwhile gets a stamp that will not fit.
fn hash(path: &Path) -> Option<(Digest, FileStamp)> {
    let before = path.metadata().ok().filter(Metadata::is_file)?;
    if before.len() > HASHED_BYTES_MAX {
        return None;
    }
    let mut file = File::open(PathBuf::from(path)).ok()?;
    let stamp = stamp(&file.metadata().ok().filter(Metadata::is_file)?)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut left = HASHED_BYTES_MAX;
    loop {
        let read = file.read(&mut buffer).ok()?;
        if read == 0 {
            break;
        }
        left = left.checked_sub(read as u64)?;
        hasher.update(&buffer[..read]);
    }
    Some((Digest::from_bytes(hasher.finalize().into()), stamp))
}

fn stamp(metadata: &Metadata) -> Option<FileStamp> {
    let modified = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(FileStamp {
        bytes: i64::try_from(metadata.len()).ok()?,
        modified_ns: i64::try_from(modified.as_nanos()).ok()?,
        inode: inode(metadata),
    })
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ino().cast_signed()
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> i64 {
    0
}
