//! Whether an entry is in effect for a client: switches, shadows, approvals, policies.
//!
//! Pure: configs and the documents that switch servers come in, each entry's effects are settled.
//! What a client does not document is not guessed: an entry stays active then.

mod lists;
mod rules;

use std::{collections::HashMap, path::Path, sync::Arc};

use countersign_confedit::Node;
use countersign_model::{ClientId, Config, ConfigState, Effect, Entry, FileRole, Reader, Scope};

use crate::{
    Catalog,
    catalog::{SwitchKind, SwitchRow},
};

/// A file that switches servers, read.
#[derive(Clone, Debug)]
pub struct SwitchDocument<'catalog> {
    /// The client whose servers it switches.
    pub client: ClientId,
    /// What the catalog says of the file.
    pub row: &'catalog SwitchRow,
    /// The project it stands in, if any.
    pub project: Option<Arc<std::path::PathBuf>>,
    /// The file as it may be shown.
    pub shown_path: String,
    /// Its document.
    pub root: Node,
}

impl SwitchDocument<'_> {
    /// Returns the value under the row's key.
    fn value(&self) -> Option<&Node> {
        self.row
            .key
            .iter()
            .try_fold(&self.root, |node, step| node.get(step))
    }

    /// Returns whether an administrator wrote the file: it stands in no user's or project's folder.
    fn is_managed(&self) -> bool {
        !self.row.path.starts_with("{HOME}") && !self.row.path.starts_with("{PROJECT}")
    }

    /// Returns the key with dots, for messages.
    fn key(&self) -> String {
        self.row.key.join(".")
    }
}

/// One entry as one of its readers sees it.
#[derive(Clone, Copy)]
struct Seen<'config> {
    entry: &'config Entry,
    reader: &'config Reader,
    path: &'config Path,
}

/// Settles the effects of every entry for every reader. `documents` are the switch files found.
pub fn settle(configs: &mut [Config], documents: &[SwitchDocument<'_>], catalog: &Catalog) {
    let exclusive = exclusive_configs(configs, catalog);
    let newer = newer_places(configs);
    for config in configs.iter_mut() {
        let path = Arc::clone(&config.path);
        let readers = config.readers.clone();
        for entry in &mut config.entries {
            for index in 0..entry.readers.len() {
                if entry.effects[index] != Effect::Active {
                    continue;
                }
                let reader = &readers[entry.readers[index]];
                let seen = Seen {
                    entry,
                    reader,
                    path: &path,
                };
                let settled = kept_out(seen, &exclusive)
                    .or_else(|| left_behind(seen, &newer))
                    .or_else(|| lists::plugin(seen, documents))
                    .or_else(|| switched(seen, documents));
                if let Some(effect) = settled {
                    entry.effects[index] = effect;
                }
            }
        }
    }
    shadow(configs, catalog);
}

/// Finds the managed files that keep every other server of a client out.
fn exclusive_configs(
    configs: &[Config],
    catalog: &Catalog,
) -> HashMap<ClientId, Arc<std::path::PathBuf>> {
    let mut exclusive = HashMap::new();
    for config in configs {
        if config.role != FileRole::Servers || !matches!(config.state, ConfigState::Read) {
            continue;
        }
        for reader in &config.readers {
            let is_exclusive = reader.scope == Scope::Managed
                && catalog
                    .client(reader.client.as_str())
                    .is_some_and(|client| {
                        client
                            .locations
                            .iter()
                            .any(|location| location.is_exclusive)
                    });
            if is_exclusive {
                exclusive.insert(reader.client.clone(), Arc::clone(&config.path));
            }
        }
    }
    exclusive
}

fn kept_out(
    seen: Seen<'_>,
    exclusive: &HashMap<ClientId, Arc<std::path::PathBuf>>,
) -> Option<Effect> {
    let managed = exclusive.get(&seen.reader.client)?;
    (managed.as_path() != seen.path)
        .then(|| Effect::Blocked(format!("{} lets no other server in", managed.display())))
}

/// Finds, for each client, a file at a place that is not an older one.
fn newer_places(configs: &[Config]) -> HashMap<ClientId, String> {
    let mut newer = HashMap::new();
    for config in configs
        .iter()
        .filter(|config| config.role == FileRole::Servers)
    {
        for reader in &config.readers {
            let is_current = !reader.is_legacy
                && matches!(reader.scope, Scope::User | Scope::UserProfile)
                && !config.entries.is_empty();
            if is_current {
                newer
                    .entry(reader.client.clone())
                    .or_insert_with(|| config.path.display().to_string());
            }
        }
    }
    newer
}

fn left_behind(seen: Seen<'_>, newer: &HashMap<ClientId, String>) -> Option<Effect> {
    if !seen.reader.is_legacy {
        return None;
    }
    let path = newer.get(&seen.reader.client)?;
    Some(Effect::Disabled(format!(
        "an older place; the client now reads {path}"
    )))
}

fn switched(seen: Seen<'_>, documents: &[SwitchDocument<'_>]) -> Option<Effect> {
    let own = || {
        documents
            .iter()
            .filter(|document| document.client == seen.reader.client)
            .filter(|document| {
                document.project.is_none() || document.project == seen.reader.project
            })
    };
    let first = |kinds: &[SwitchKind], judge: &dyn Fn(&SwitchDocument<'_>) -> Option<Effect>| {
        own()
            .filter(|document| kinds.contains(&document.row.kind))
            .find_map(judge)
    };
    first(&[SwitchKind::DenyRules], &|document| {
        rules::denied(document, seen.entry)
    })
    .or_else(|| {
        let lists: Vec<_> = own()
            .filter(|document| document.row.kind == SwitchKind::AllowRules)
            .collect();
        rules::not_allowed(&lists, seen.entry)
    })
    .or_else(|| {
        first(&[SwitchKind::CodexRequirements], &|document| {
            rules::not_required(document, seen.entry)
        })
    })
    .or_else(|| {
        first(&[SwitchKind::OffNames], &|document| {
            lists::off_name(document, seen.entry)
        })
    })
    .or_else(|| {
        first(&[SwitchKind::OnlyNames], &|document| {
            lists::only_names(document, seen.entry)
        })
    })
    .or_else(|| {
        first(&[SwitchKind::OffMap], &|document| {
            lists::off_map(document, seen.entry)
        })
    })
    .or_else(|| {
        first(&[SwitchKind::ExtensionSettings], &|document| {
            lists::extension_off(seen, document)
        })
    })
    .or_else(|| lists::claude(seen, &own().collect::<Vec<_>>()))
    .or_else(|| lists::trust(seen, &own().collect::<Vec<_>>()))
}

/// Marks entries that another entry of the same name stands before, for clients that document it.
fn shadow(configs: &mut [Config], catalog: &Catalog) {
    /// An entry that is in effect: rank of its scope, its project, its place in words.
    struct Standing {
        rank: usize,
        project: Option<Arc<std::path::PathBuf>>,
        place: String,
    }
    let mut standing: HashMap<(ClientId, String), Vec<Standing>> = HashMap::new();
    let rank_of = |reader: &Reader| {
        let client = catalog.client(reader.client.as_str())?;
        client
            .precedence
            .iter()
            .position(|scope| *scope == reader.scope)
    };
    for config in configs.iter() {
        for entry in &config.entries {
            for (index, effect) in entry.readers.iter().zip(&entry.effects) {
                let reader = &config.readers[*index];
                if *effect == Effect::Active
                    && let Some(rank) = rank_of(reader)
                {
                    standing
                        .entry((reader.client.clone(), entry.name.clone()))
                        .or_default()
                        .push(Standing {
                            rank,
                            project: reader.project.clone(),
                            place: format!(
                                "{} scope, {}",
                                reader.scope.name(),
                                config.path.display()
                            ),
                        });
                }
            }
        }
    }
    for config in configs.iter_mut() {
        for entry in &mut config.entries {
            for at in 0..entry.readers.len() {
                let reader = &config.readers[entry.readers[at]];
                let Some(rank) = rank_of(reader).filter(|_| entry.effects[at] == Effect::Active)
                else {
                    continue;
                };
                let stronger = standing
                    .get(&(reader.client.clone(), entry.name.clone()))
                    .into_iter()
                    .flatten()
                    .filter(|other| other.rank < rank)
                    .filter(|other| other.project.is_none() || other.project == reader.project)
                    .min_by_key(|other| other.rank);
                if let Some(other) = stronger {
                    entry.effects[at] =
                        Effect::Shadowed(format!("the same name stands in the {}", other.place));
                }
            }
        }
    }
}
