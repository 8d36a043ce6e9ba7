//! Carrying out a plan: the vault first, then file by file, each step known to the journal before it is
//! made. Whatever fails, everything is as it was.

use std::collections::{BTreeMap, HashMap};

use countersign_model::{Binding, SecretId};
use countersign_store::{FileState, MoveFile, MoveItem, MoveState};
use countersign_vault::{Held, Home, Item, VaultError};

use super::{
    means::{Means, MoveError},
    plan::{EntryPlan, FilePlan, Plan},
    record::{self, Kept},
    texts::{self, Of, Step, Watcher},
};
use crate::{
    decide::{Origin, made_by},
    setup::now_s,
};

/// A move that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its number in the journal, by which it is undone.
    pub id: i64,
    /// Files that were written.
    pub files: usize,
    /// Credentials that are in the vault since.
    pub credentials: usize,
}

/// Carries out a plan.
///
/// # Errors
/// [`MoveError`]. Every file and the vault are then as they were; where a file could not be put back,
/// as somebody else wrote it meanwhile, it is kept in the journal as moved.
pub fn carry_out(
    means: &Means<'_>,
    plan: &Plan,
    origin: Origin,
    watcher: Watcher<'_>,
) -> Result<Moved, MoveError> {
    if !means.setup.is_own_home {
        return Err(MoveError::NotOwnHome);
    }
    let _alone = means.alone()?;
    let drafts = drafts(means, plan)?;
    let rows: Vec<MoveFile> = drafts.iter().map(|draft| draft.row.clone()).collect();
    let id = means
        .setup
        .store
        .begin_move(now_s(), &made_by(origin), &rows)?;
    watcher(Step::Recorded);
    match carry(means, id, &drafts, watcher) {
        Ok(()) => Ok(Moved {
            id,
            files: drafts.len(),
            credentials: plan.moves(),
        }),
        Err(error) => {
            // What this cannot take back is taken back at the next start; the first failure is told.
            let _ = super::recover::take_back(means, id, watcher);
            Err(error)
        }
    }
}

fn carry(
    means: &Means<'_>,
    id: i64,
    drafts: &[Draft<'_>],
    watcher: Watcher<'_>,
) -> Result<(), MoveError> {
    for item in items(means, drafts)? {
        means.vault.put(&item)?;
    }
    for draft in drafts {
        means.vault.keep_raw(draft.raw, &draft.kept.to_text())?;
    }
    watcher(Step::Kept);
    for (ordinal, draft) in drafts.iter().enumerate() {
        let of = Of {
            id,
            ordinal,
            file: &draft.row,
        };
        texts::put(
            means,
            of,
            &draft.plan.after.text,
            |text| *text == **draft.plan.before,
            FileState::Written,
            watcher,
        )?;
    }
    watcher(Step::Cleaning);
    for draft in drafts {
        settle(means, draft)?;
    }
    means.setup.store.set_move_state(id, MoveState::Done)?;
    watcher(Step::Done);
    Ok(())
}

/// A file's plan with its row and what the vault keeps of it.
struct Draft<'plan> {
    plan: &'plan FilePlan,
    row: MoveFile,
    raw: SecretId,
    kept: Kept,
}

fn drafts<'plan>(means: &Means<'_>, plan: &'plan Plan) -> Result<Vec<Draft<'plan>>, MoveError> {
    plan.files.iter().map(|file| draft(means, file)).collect()
}

fn draft<'plan>(means: &Means<'_>, plan: &'plan FilePlan) -> Result<Draft<'plan>, MoveError> {
    let target = plan.target.to_string_lossy().into_owned();
    if texts::present(&target).is_none_or(|text| *text != *plan.before) {
        return Err(MoveError::Changed(plan.path.clone()));
    }
    let path = plan.path.to_string_lossy().into_owned();
    let mut kept = Kept {
        replaced: plan
            .after
            .splices
            .iter()
            .map(|splice| splice.replaced.clone())
            .collect(),
        ..Kept::default()
    };
    for entry in &plan.entries {
        for taken in &entry.moves {
            kept.values.insert(taken.id, taken.value.clone());
        }
        for id in &entry.known {
            if let Some(binding) = bound(means, *id, &path, entry)? {
                kept.bound.insert(*id, binding);
            }
        }
    }
    let raw = SecretId::from_bytes(countersign_vault::random_bytes()?);
    let mut row = MoveFile {
        path,
        target,
        syntax: plan.format.name().to_owned(),
        state: FileState::Planned,
        staged: None,
        before_mac: record::text_mac(&means.seal, &plan.before),
        after_mac: record::text_mac(&means.seal, &plan.after.text),
        splices: record::splices_text(&plan.after.splices),
        raw: raw.hex(),
        seal: Vec::new(),
        items: plan.entries.iter().flat_map(move_items).collect(),
    };
    row.seal = record::sign_row(&means.seal, &row);
    Ok(Draft {
        plan,
        row,
        raw,
        kept,
    })
}

fn move_items(entry: &EntryPlan) -> Vec<MoveItem> {
    let item = |taken: &super::Move| MoveItem {
        item: taken.id.hex(),
        entry: entry.name.clone(),
        entry_pointer: entry.pointer.to_string(),
        pointer: taken.spot.pointer.to_string(),
        kind: taken.spot.kind.name().to_owned(),
        name: taken.spot.name.clone(),
    };
    entry.moves.iter().map(item).collect()
}

/// Returns what an item that an entry refers to already is bound to there.
fn bound(
    means: &Means<'_>,
    id: SecretId,
    path: &str,
    entry: &EntryPlan,
) -> Result<Option<Binding>, MoveError> {
    match means.vault.item(id) {
        Ok(item) => Ok(item
            .homes
            .into_iter()
            .find(|home| is_home(home, path, entry.pointer.as_str()))
            .map(|home| home.binding)),
        // A reference to nothing is not made worse.
        Err(VaultError::NoItem(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns whether a home is in an entry.
pub(super) fn is_home(home: &Home, path: &str, entry_pointer: &str) -> bool {
    home.file == path
        && home
            .pointer
            .strip_prefix(entry_pointer)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Returns every item as it is to be kept: the new ones, and the known ones with what they are bound to
/// from here on beside what they were bound to.
fn items(means: &Means<'_>, drafts: &[Draft<'_>]) -> Result<Vec<Item>, MoveError> {
    let mut fresh: BTreeMap<SecretId, Item> = BTreeMap::new();
    let mut known: HashMap<SecretId, Item> = HashMap::new();
    for draft in drafts {
        for entry in &draft.plan.entries {
            for taken in &entry.moves {
                let home = Home {
                    file: draft.row.path.clone(),
                    pointer: taken.spot.pointer.to_string(),
                    entry: entry.name.clone(),
                    binding: entry.binding.clone(),
                };
                let item = fresh.entry(taken.id).or_insert_with(|| Item {
                    id: taken.id,
                    label: label(entry, taken),
                    value: Held::Text(taken.value.clone()),
                    homes: Vec::new(),
                });
                item.homes.push(home);
            }
            for id in &entry.known {
                if !draft.kept.bound.contains_key(id) {
                    continue;
                }
                let item = match known.remove(id) {
                    Some(item) => item,
                    None => means.vault.item(*id)?,
                };
                known.insert(*id, with_binding(item, &draft.row.path, entry));
            }
        }
    }
    Ok(known.into_values().chain(fresh.into_values()).collect())
}

fn with_binding(mut item: Item, path: &str, entry: &EntryPlan) -> Item {
    let old = item
        .homes
        .iter()
        .find(|home| is_home(home, path, entry.pointer.as_str()));
    let new = old.map(|home| Home {
        binding: entry.binding.clone(),
        ..home.clone()
    });
    if let Some(new) = new.filter(|new| !item.homes.contains(new)) {
        item.homes.push(new);
    }
    item
}

/// Has known items forget what they were bound to before.
fn settle(means: &Means<'_>, draft: &Draft<'_>) -> Result<(), MoveError> {
    for entry in &draft.plan.entries {
        for id in &entry.known {
            if !draft.kept.bound.contains_key(id) {
                continue;
            }
            let mut item = means.vault.item(*id)?;
            let is_old = |home: &Home| {
                is_home(home, &draft.row.path, entry.pointer.as_str())
                    && home.binding != entry.binding
            };
            item.homes.retain(|home| !is_old(home));
            means.vault.put(&item)?;
        }
    }
    Ok(())
}

/// Names an item for people.
fn label(entry: &EntryPlan, taken: &super::Move) -> String {
    let what = match taken.spot.name.as_str() {
        "" => taken.spot.kind.name(),
        name => name,
    };
    format!("{what} of {}", entry.name)
}
