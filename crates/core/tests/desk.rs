//! The desk: what it tells of a home that changes, and what it does when it is asked.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, mpsc},
    time::Duration,
};

use countersign_core::{
    Setup,
    desk::{ActError, CredentialsError, Desk, Seen, Told},
    json::{Report, SealView},
    scan::Machine,
};
use countersign_model::Os;
use countersign_store::ListSource;
use tempfile::TempDir;

/// How long a report may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

const TWO: &str = r#"{ "mcpServers": {
    "pinned": { "command": "npx", "args": ["-y", "pinned-server@1.0.0"] },
    "floating": { "command": "npx", "args": ["-y", "floating-server"] }
} }"#;

struct Scene {
    home: TempDir,
    desk: Desk,
    told: mpsc::Receiver<Told>,
}

impl Scene {
    fn new(config: &str) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        write(&home.path().join(".cursor/mcp.json"), config);
        let machine = Machine::new(Os::current(), &home.path().to_string_lossy(), []);
        let data = home.path().join("own");
        let setup = Setup::new(machine, data, false).expect("the database is made");
        let (sender, told) = mpsc::channel();
        let desk = Desk::start(Arc::new(setup), move |word| {
            // The test may have ended.
            let _ = sender.send(word);
        });
        Self { home, desk, told }
    }

    fn config(&self) -> PathBuf {
        self.home.path().join(".cursor/mcp.json")
    }

    /// Waits for a report that fits.
    fn report(&self, what: &str, fits: impl Fn(&Report) -> bool) -> Report {
        loop {
            match self.told.recv_timeout(DEADLINE).expect(what) {
                Told::Report(report) if fits(&report) => return *report,
                Told::Failed(why) => panic!("{what}: failed to {why}"),
                Told::Report(_) | Told::Progress(_) => {}
            }
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
    fs::write(path, text).expect("is written");
}

fn names(report: &Report) -> Vec<&str> {
    report.servers.iter().map(|row| row.name.as_str()).collect()
}

#[test]
fn tells_of_a_config_that_changes_and_of_one_that_appears() {
    let scene = Scene::new(TWO);
    scene.report("the first report", |report| report.servers.len() == 2);
    let text = TWO.replace("floating\"", "renamed\"");
    write(&scene.config(), &text);
    scene.report("the changed config", |report| {
        names(report).contains(&"renamed")
    });
    write(&scene.home.path().join(".gemini/settings.json"), TWO);
    scene.report("the config of another client", |report| {
        report
            .clients
            .iter()
            .any(|client| client.id == "gemini-cli")
    });
    write(&scene.config(), "{ \"mcpServers\": ");
    let broken = scene.report("the broken config", |report| report.summary.unread == 1);
    assert!(
        names(&broken).contains(&"pinned"),
        "the other config is still shown"
    );
}

#[test]
fn tells_only_what_changed() {
    let scene = Scene::new(TWO);
    scene.report("the first report", |report| report.servers.len() == 2);
    scene.desk.rescan(false);
    write(&scene.config(), &TWO.replace("pinned\"", "changed\""));
    let next = scene.report("a report", |_| true);
    assert!(
        names(&next).contains(&"changed"),
        "an equal report was told again"
    );
}

#[test]
fn approves_what_is_pinned_and_nothing_that_floats() {
    let scene = Scene::new(TWO);
    let report = scene.report("the first report", |report| report.servers.len() == 2);
    let entry = |name: &str| {
        let entry = report.entries.iter().find(|entry| entry.name == name);
        let entry = entry.expect("is there");
        Seen {
            id: entry.id.clone(),
            mark: entry.mark.clone(),
        }
    };
    let refused = scene.desk.approve(&[entry("floating")], "", None);
    let refused = refused.expect_err("it floats");
    assert_eq!(refused.code(), "not-approvable");
    assert!(refused.hint().is_some());
    assert!(matches!(
        scene.desk.approve(&[entry("pinned")], "", Some("soon")),
        Err(ActError::Day(_))
    ));
    let other = Seen {
        mark: "what was shown before".to_owned(),
        ..entry("pinned")
    };
    let changed = scene.desk.approve(&[other], "", None);
    assert!(matches!(changed, Err(ActError::Changed)));
    scene
        .desk
        .approve(&[entry("pinned")], "read it", None)
        .expect("it is pinned");
    scene.report("the approval", |report| {
        report
            .servers
            .iter()
            .any(|row| row.name == "pinned" && row.trust.seal == SealView::One)
    });
    let settings = scene.desk.settings().expect("can be read");
    assert_eq!(settings.decisions[0].made_by, "window");
    assert_eq!(settings.decisions[0].unverified, None);
}

#[test]
fn knows_no_entry_that_is_gone_and_opens_no_file_but_configs() {
    let scene = Scene::new(TWO);
    scene.report("the first report", |report| report.servers.len() == 2);
    assert_eq!(
        scene
            .desk
            .deny("nothing", "no")
            .expect_err("is gone")
            .code(),
        "gone"
    );
    assert!(scene.desk.config_path("/etc/passwd").is_err());
}

#[test]
fn takes_a_list_away_and_back_without_its_address_coming_out() {
    let scene = Scene::new(TWO);
    let desk = &scene.desk;
    let address = |token: &str| format!("https://127.0.0.1:9/list.toml?token={token}");
    let lists = || desk.settings().expect("can be read").lists;
    for token in ["first-one", "other-one"] {
        desk.add_list("url", &address(token)).expect("is added");
    }
    let shown = lists()[0].shown.clone();
    assert_eq!(shown, "https://127.0.0.1:9/list.toml?token=<hidden:9>");
    let is_gone = desk.remove_list(1, "https://127.0.0.1:9/another.toml");
    assert_eq!(is_gone.expect_err("is another").code(), "gone");
    desk.remove_list(0, &shown).expect("is there");
    assert_eq!(lists().len(), 1);
    desk.restore_list(&shown).expect("was taken away");
    assert!(desk.restore_list(&shown).is_err(), "is back already");
    let kept = desk.setup().store.settings().expect("are read").lists;
    let expected = ["other-one", "first-one"].map(|token| ListSource::Url(address(token)));
    assert_eq!(kept, expected);
}

#[test]
fn searches_the_history_of_a_file_that_is_known_and_of_no_other() {
    let token = "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb";
    let env = format!(r#""env": {{ "GITHUB_TOKEN": "{token}" }}, "args": ["-y", "pinned"#);
    let scene = Scene::new(&TWO.replace(r#""args": ["-y", "pinned"#, &env));
    let report = scene.report("the first report", |report| report.servers.len() == 2);
    let id = report.entries[0].id.clone();
    let outside = scene.desk.history(&id);
    assert!(
        matches!(outside, Err(CredentialsError::History(_))),
        "{outside:?}"
    );
    let git = |arguments: &[&str]| {
        let ended = Command::new("git")
            .args(["-c", "user.name=dev", "-c", "user.email=dev@example.com"])
            .args(arguments)
            .current_dir(scene.home.path().join(".cursor"))
            .env("HOME", scene.home.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("git is installed");
        assert!(ended.status.success(), "git {arguments:?}");
    };
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "x"]);
    let found = scene.desk.history(&id).expect("is searched");
    assert_eq!((found.credentials.len(), found.commits), (1, 1));
    assert_eq!(found.credentials[0].name.as_deref(), Some("GITHUB_TOKEN"));
    scene.desk.cancel_history();
    let again = scene
        .desk
        .history(&id)
        .expect("an earlier end is no end of this one");
    assert!(again.gap.is_none() && again.credentials.len() == 1);
    assert!(matches!(
        scene.desk.history("/etc/passwd"),
        Err(CredentialsError::Gone(_))
    ));
}
