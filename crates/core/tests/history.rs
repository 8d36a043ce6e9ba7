//! What a repository's history holds of one file's credentials.

use std::{fs, path::PathBuf, process::Command, sync::atomic::AtomicBool};

use countersign_core::{
    Setup,
    history::{HistoryError, PastCredentials, history},
    scan::Machine,
};
use countersign_model::Os;
use tempfile::TempDir;

const GITHUB: &str = "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb";
const GITLAB: &str = "glpat-a7F3k9Zq2Xb8c1D4e5v6";

struct Scene {
    home: TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self {
            home: tempfile::tempdir().expect("a temporary folder"),
        };
        fs::create_dir_all(scene.path("shop")).expect("is made");
        scene.git(&["init", "-q", "-b", "main"]);
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn git(&self, arguments: &[&str]) {
        let ended = Command::new("git")
            .args(["-c", "user.name=dev", "-c", "user.email=dev@example.com"])
            .args(arguments)
            .current_dir(self.path("shop"))
            .env("HOME", self.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git is installed");
        assert!(ended.status.success(), "git {arguments:?}");
    }

    fn commit(&self, name: &str, text: &str) {
        fs::write(self.path("shop").join(name), text).expect("is written");
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "x"]);
    }

    fn search(&self, name: &str) -> Result<PastCredentials, HistoryError> {
        let machine = Machine::new(Os::current(), &self.home.path().to_string_lossy(), []);
        let setup = Setup::new(machine, self.path("own"), false).expect("the database is made");
        history(&setup, &self.path(name), &AtomicBool::new(false))
    }
}

fn config(token: &str) -> String {
    format!(
        r#"{{"mcpServers": {{"notes": {{"command": "npx", "env": {{"NOTES_TOKEN": "{token}"}}}}}}}}"#
    )
}

#[test]
fn tells_what_a_file_held_and_what_it_still_holds() {
    let scene = Scene::new();
    scene.commit(".mcp.json", &config(GITHUB));
    scene.commit(".mcp.json", &config(GITLAB));
    scene.commit("other.json", &config("glpat-x7F3k9Zq2Xb8c1D4e5v7"));
    let found = scene.search("shop/.mcp.json").expect("is searched");
    let told: Vec<_> = found
        .credentials
        .iter()
        .map(|past| {
            (
                past.issuer,
                past.name.as_deref(),
                past.characters,
                past.is_present,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("github-classic"), Some("NOTES_TOKEN"), 39, false),
            (Some("gitlab"), Some("NOTES_TOKEN"), 26, true),
        ]
    );
    assert_eq!((found.versions, found.commits, &found.gap), (2, 3, &None));
    let page = found.credentials[0].rotation_page;
    assert_eq!(page, Some("https://github.com/settings/tokens"));
    let said = format!("{found:?}");
    assert!(
        !said.contains(&GITHUB[8..]) && !said.contains(&GITLAB[8..]),
        "{said}"
    );
}

#[test]
fn reads_files_of_variables_and_files_that_are_gone() {
    let scene = Scene::new();
    scene.commit(".env", &format!("A=1\nexport TOKEN='{GITHUB}'\n"));
    scene.git(&["rm", "-q", ".env"]);
    scene.git(&["commit", "-q", "-m", "x"]);
    let found = scene.search("shop/.env").expect("is searched");
    assert_eq!(found.credentials.len(), 1);
    assert!(!found.credentials[0].is_present);
}

#[test]
fn says_what_lies_in_no_repository() {
    let scene = Scene::new();
    assert!(matches!(
        scene.search("mcp.json"),
        Err(HistoryError::NoRepository(_))
    ));
}
