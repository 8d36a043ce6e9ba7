//! Which configs with credentials git tracks.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use countersign_clients::git::Repository;
use countersign_model::{Address, Argument, Config, ConfigId, Entry, Nature, Start};

use super::gaps::Gaps;
use crate::setup::Setup;

/// Looks for the configs that hold a credential in the indices of the repositories around them. The file
/// counts, and where a link leads.
pub(super) fn tracked(setup: &Setup, configs: &[Config], gaps: &mut Gaps) -> HashSet<ConfigId> {
    let mut by_repository: HashMap<Repository, Vec<(&ConfigId, &Path)>> = HashMap::new();
    for config in configs {
        if !config.entries.iter().any(has_credential) {
            continue;
        }
        let paths = std::iter::once(config.path.as_path()).chain(config.target.as_deref());
        for path in paths {
            if let Some(repository) = Repository::around(path) {
                by_repository
                    .entry(repository)
                    .or_default()
                    .push((&config.id, path));
            }
        }
    }
    let mut tracked = HashSet::new();
    for (repository, files) in by_repository {
        let paths: Vec<&Path> = files.iter().map(|(_, path)| *path).collect();
        match repository.tracks(&paths) {
            Ok(answers) => {
                let found = files
                    .iter()
                    .zip(answers)
                    .filter(|(_, is_tracked)| *is_tracked);
                tracked.extend(found.map(|((id, _), _)| (*id).clone()));
            }
            Err(failure) => gaps.tell(format!(
                "whether git tracks the configs in {} is not known: failed to {failure}",
                setup.shorten(repository.root())
            )),
        }
    }
    tracked
}

fn has_credential(entry: &Entry) -> bool {
    let is_one = |nature: &Nature| matches!(nature, Nature::Credential(_));
    let mut settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings);
    settings.any(|setting| is_one(&setting.nature))
        || match &entry.start {
            Start::Command(command) => command.tokens().map(Argument::nature).any(is_one),
            Start::Remote(address) => is_one(Address::nature(address)),
            Start::BuiltIn(_) | Start::Missing => false,
        }
}
