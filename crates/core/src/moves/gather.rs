//! What a plan has to know besides the scan.

use std::path::{Path, PathBuf};

use countersign_clients::{
    files::{self, Found},
    git::Repository,
};
use countersign_model::{Config, Entry};

use super::obstacle::Tracking;

/// Variables that are read from one file.
const LOADED_NAMES_MAX: usize = 1_000;

/// Returns what git makes of a config: the strictest of where it is named and where that leads.
pub(super) fn tracking(config: &Config) -> Tracking {
    let paths = std::iter::once(config.path.as_path()).chain(config.target.as_deref());
    let strictness = |tracking: &Tracking| match tracking {
        Tracking::Outside => 0,
        Tracking::Ignored => 1,
        Tracking::Untracked => 2,
        Tracking::Unknown => 3,
        Tracking::Tracked => 4,
    };
    paths
        .map(tracking_of)
        .max_by_key(strictness)
        .unwrap_or(Tracking::Unknown)
}

fn tracking_of(path: &Path) -> Tracking {
    let Some(repository) = Repository::around(path) else {
        let folders = path.ancestors().skip(1);
        let is_marked = folders
            .map(|folder| folder.join(".git"))
            .any(|marker| marker.is_file());
        // A work tree whose repository is not found.
        return if is_marked {
            Tracking::Unknown
        } else {
            Tracking::Outside
        };
    };
    match (repository.tracks(&[path]), repository.ignores(path)) {
        (Ok(answers), _) if answers.first() == Some(&true) => Tracking::Tracked,
        (Ok(_), Ok(true)) => Tracking::Ignored,
        (Ok(_), Ok(false)) => Tracking::Untracked,
        (Err(_), _) | (_, Err(_)) => Tracking::Unknown,
    }
}

/// Returns the names of the variables in the files that a client loads for an entry.
pub(super) fn loaded_names(config: &Config, entry: &Entry) -> Vec<String> {
    let folder = config.path.parent().unwrap_or(Path::new(""));
    let project = config
        .readers
        .iter()
        .find_map(|reader| reader.project.as_deref());
    let base = project.map_or(folder, PathBuf::as_path);
    let texts = entry.environment_files.iter().filter_map(|file| {
        let relative = file
            .trim_start_matches("${workspaceFolder}")
            .trim_start_matches('/');
        let candidates = [base.join(relative), PathBuf::from(file)];
        candidates.iter().find_map(|path| match files::read(path) {
            Found::Text(content) => Some(content.text),
            Found::Absent | Found::Failed { .. } => None,
        })
    });
    texts.flat_map(|text| names(&text)).collect()
}

fn names(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches("export ").trim_start();
        let name = line.split_once('=')?.0.trim();
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name.then(|| name.to_owned())
    });
    names.take(LOADED_NAMES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_of_variables_are_read_from_a_file_of_them() {
        let text = "# A=1\nA=1\n export B = 2\n=3\nC-D=4\nE\nF_1=\"x=y\"\n";
        assert_eq!(names(text), ["A", "B", "F_1"]);
    }
}
