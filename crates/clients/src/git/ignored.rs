//! Whether a repository leaves a file out.

use std::path::{Path, PathBuf};

use gix_ignore::{
    Search,
    glob::pattern::Case,
    search::{Ignore, Match},
};

use super::{GitFailure, Repository, unreadable};
use crate::files::{self, Found};

/// Only git itself has another mark for files that are too precious to be removed.
const SYNTAX: Ignore = Ignore {
    support_precious: false,
};

impl Repository {
    /// Returns whether the repository leaves a file out by its `.gitignore` files and its
    /// `info/exclude`. What a user leaves out everywhere does not count: another clone has it not.
    ///
    /// Source: gitignore(5), checked 2026-11-25.
    ///
    /// # Errors
    /// [`GitFailure::Unreadable`]: then it is not known.
    pub fn ignores(&self, file: &Path) -> Result<bool, GitFailure> {
        let Some(name) = self.name(file) else {
            return Ok(false);
        };
        let mut search = Search::default();
        // What is added later counts more.
        self.add(&mut search, &self.common.join("info/exclude"), None)?;
        self.add(&mut search, &self.root.join(".gitignore"), Some(&self.root))?;
        let text = String::from_utf8_lossy(&name);
        let mut folder = self.root.clone();
        let mut end = 0;
        for step in text.split('/') {
            end += step.len();
            let is_folder = end < text.len();
            let found = search.pattern_matching_relative_path(
                text.as_bytes()[..end].into(),
                Some(is_folder),
                Case::Sensitive,
            );
            if found.is_some_and(|found| leaves_out(&found)) {
                return Ok(true);
            }
            if is_folder {
                folder.push(step);
                self.add(&mut search, &folder.join(".gitignore"), Some(&self.root))?;
            }
            end += 1;
        }
        Ok(false)
    }

    /// Adds the patterns of a file, where there is one.
    fn add(
        &self,
        search: &mut Search,
        path: &PathBuf,
        root: Option<&Path>,
    ) -> Result<(), GitFailure> {
        match files::read(path) {
            Found::Text(content) => search
                .add_patterns_buffer(content.text.as_bytes(), path, root, SYNTAX)
                .map_err(|error| unreadable(path, &error)),
            Found::Absent => Ok(()),
            Found::Failed { .. } => Err(unreadable(path, &"it is no text that can be read")),
        }
    }
}

fn leaves_out(found: &Match<'_>) -> bool {
    !found.pattern.is_negative()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::Repository;

    fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = files
            .iter()
            .chain(&[(".git/HEAD", "ref: refs/heads/main\n")]);
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
            fs::write(&path, text).expect("is written");
        }
        folder
    }

    fn ignores(folder: &Path, file: &str) -> bool {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().expect("is in a folder")).expect("is made");
        let repository = Repository::around(&file).expect("is a repository");
        repository.ignores(&file).expect("is known")
    }

    #[test]
    fn what_a_repository_leaves_out_is_known() {
        let folder = repository(&[
            (".gitignore", "*.local.json\n/.vscode/\n!keep.local.json\n"),
            (".git/info/exclude", "secret.json\n"),
            ("sub/.gitignore", "mcp.json\n!secret.json\n"),
        ]);
        let cases = [
            ("mcp.json", false),
            ("a.local.json", true),
            ("keep.local.json", false),
            (".vscode/mcp.json", true),
            ("other/.vscode/mcp.json", false),
            ("sub/mcp.json", true),
            ("sub/deep/mcp.json", true),
            ("secret.json", true),
            ("sub/secret.json", false),
        ];
        for (file, expect) in cases {
            assert_eq!(ignores(folder.path(), file), expect, "{file}");
        }
    }

    #[test]
    fn a_file_of_a_folder_that_is_left_out_does_not_come_back() {
        let folder = repository(&[
            (".gitignore", "/build\n"),
            ("build/.gitignore", "!mcp.json\n"),
        ]);
        assert!(ignores(folder.path(), "build/mcp.json"));
    }

    #[test]
    fn patterns_that_cannot_be_read_are_no_answer() {
        let folder = repository(&[]);
        fs::write(folder.path().join(".gitignore"), [0xff, 0xfe, 0x00]).expect("is written");
        let file = folder.path().join("mcp.json");
        let repository = Repository::around(&file).expect("is a repository");
        assert!(repository.ignores(&file).is_err());
    }
}
