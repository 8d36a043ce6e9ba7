//! What git keeps of a file, without git: repositories that git itself made.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::AtomicBool,
    time::Duration,
};

use countersign_clients::git::{History, Limits, Repository};
use tempfile::TempDir;

/// A repository in a folder of its own, made by the git that is installed.
struct Made {
    folder: TempDir,
}

impl Made {
    fn new() -> Self {
        let made = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        made.git(&["init", "-q", "-b", "main"]);
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
        fs::write(&path, text).expect("is written");
        path
    }

    fn git(&self, arguments: &[&str]) {
        let work = self.folder.path().join("work");
        fs::create_dir_all(&work).expect("is made");
        let status = Command::new("git")
            .args(["-c", "user.name=dev", "-c", "user.email=dev@example.com"])
            .args(arguments)
            .current_dir(work)
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("git is installed");
        assert!(status.success(), "git {arguments:?}");
    }

    fn commit(&self, name: &str, text: &str) {
        self.write(name, text);
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "x"]);
    }

    fn repository(&self, name: &str) -> Repository {
        Repository::around(&self.path(name)).expect("lies in a repository")
    }

    fn tracks(&self, name: &str) -> bool {
        let path = self.path(name);
        let tracked = self.repository(name).tracks(&[&path]);
        tracked.expect("the index is read")[0]
    }

    fn history(&self, name: &str) -> History {
        let limits = Limits {
            is_cancelled: &AtomicBool::new(false),
            time: Duration::from_secs(60),
        };
        let found = self.repository(name).history(&self.path(name), limits);
        found.expect("the repository is read")
    }
}

fn texts(history: &History) -> Vec<&str> {
    history
        .versions
        .iter()
        .map(|version| version.text.as_str())
        .collect()
}

#[test]
fn knows_what_the_index_holds() {
    let made = Made::new();
    made.write("loose.json", "{}");
    assert!(!made.tracks("loose.json"), "nothing was added yet");
    made.commit(".cursor/mcp.json", "{}");
    made.write(".gitignore", "ignored.json\n");
    made.write("ignored.json", "{}");
    assert!(made.tracks(".cursor/mcp.json"));
    assert!(made.tracks("loose.json"), "added with the rest");
    assert!(!made.tracks("ignored.json"));
    assert!(!made.tracks(".cursor/other.json"));
    assert!(Repository::around(&made.folder.path().join("x.json")).is_none());
}

#[test]
fn other_forms_of_an_index_say_the_same() {
    let made = Made::new();
    made.commit("a/mcp.json", "{}");
    for version in ["2", "3", "4"] {
        made.git(&["update-index", "--index-version", version]);
        assert!(made.tracks("a/mcp.json"), "version {version}");
    }
    made.git(&["update-index", "--split-index"]);
    made.commit("a/other.json", "{}");
    assert!(
        made.tracks("a/mcp.json") && made.tracks("a/other.json"),
        "split"
    );
    let beside = made.folder.path().join("beside");
    made.git(&[
        "worktree",
        "add",
        "-q",
        &beside.to_string_lossy(),
        "-b",
        "other",
    ]);
    let path = beside.join("a/mcp.json");
    let repository = Repository::around(&path).expect("a work tree of its own");
    assert_eq!(repository.tracks(&[&path]).expect("is read"), [true]);
}

#[cfg(unix)]
#[test]
fn a_links_content_is_where_it_leads() {
    let made = Made::new();
    let real = made.folder.path().join("real.json");
    fs::write(&real, "{}").expect("is written");
    fs::create_dir_all(made.path("")).expect("is made");
    std::os::unix::fs::symlink(&real, made.path("linked.json")).expect("links");
    made.git(&["add", "-A"]);
    assert!(!made.tracks("linked.json"));
}

#[test]
fn what_is_no_index_is_not_known() {
    let made = Made::new();
    made.commit("mcp.json", "{}");
    for bytes in [&b"no index"[..], b"", b"DIRC\0\0\0\x02\xff\xff\xff\xff"] {
        made.write(".git/index", "");
        fs::write(made.path(".git/index"), bytes).expect("is written");
        let path = made.path("mcp.json");
        let failure = made.repository("mcp.json").tracks(&[&path]);
        assert!(failure.is_err(), "{bytes:?}");
    }
}

#[test]
fn history_holds_every_content_once() {
    let made = Made::new();
    made.commit("a/mcp.json", "first");
    made.commit("a/mcp.json", "second");
    made.commit("other.json", "unrelated");
    made.git(&["checkout", "-q", "-b", "side"]);
    made.commit("a/mcp.json", "on a branch");
    made.git(&["tag", "-a", "v1", "-m", "x"]);
    made.git(&["checkout", "-q", "main"]);
    made.git(&["branch", "-q", "-D", "side"]);
    made.commit("a/mcp.json", "first");
    let check = |how: &str| {
        let history = made.history("a/mcp.json");
        let mut found = texts(&history);
        found.sort_unstable();
        assert_eq!(found, ["first", "on a branch", "second"], "{how}");
        assert_eq!((history.commits, history.gap), (5, None), "{how}");
        let first = history
            .versions
            .iter()
            .find(|version| version.text.as_str() == "first");
        let first = first.expect("is there");
        assert_ne!(first.first_commit, first.last_commit, "it came back");
    };
    check("loose objects");
    made.git(&["gc", "-q"]);
    check("a pack");
    made.git(&["pack-refs", "--all"]);
    check("packed references");
    assert!(made.history("never.json").versions.is_empty());
}

#[test]
fn a_search_ends_when_it_is_told_to() {
    let made = Made::new();
    made.commit("mcp.json", "first");
    let path = made.path("mcp.json");
    let search = |is_cancelled: bool, time: Duration| {
        let limits = Limits {
            is_cancelled: &AtomicBool::new(is_cancelled),
            time,
        };
        made.repository("mcp.json")
            .history(&path, limits)
            .expect("is read")
            .gap
    };
    assert_eq!(
        search(true, Duration::from_secs(60)),
        Some("the search was ended")
    );
    assert_eq!(
        search(false, Duration::ZERO),
        Some("the search took too long")
    );
}

#[test]
fn a_history_that_is_not_whole_says_so() {
    let made = Made::new();
    made.commit("mcp.json", "first");
    made.commit("mcp.json", "second");
    let objects = made.path(".git/objects");
    let mut removed = 0;
    for folder in fs::read_dir(&objects)
        .expect("is there")
        .filter_map(Result::ok)
    {
        let is_loose = folder.file_name().len() == 2;
        if is_loose && removed < 3 {
            fs::remove_dir_all(folder.path()).expect("is ours");
            removed += 1;
        }
    }
    let history = made.history("mcp.json");
    assert!(history.gap.is_some(), "{history:?}");
}

/// Everything by which a repository's configuration can start a program when git looks at it.
#[cfg(unix)]
#[test]
fn nothing_that_a_repository_configures_is_run() {
    use std::os::unix::fs::PermissionsExt;
    let made = Made::new();
    made.commit("mcp.json", "first");
    made.commit("mcp.json", "second");
    let marker = made.folder.path().join("ran");
    let program = made.folder.path().join("program");
    let script = format!("#!/bin/sh\necho \"$0\" >> '{}'\ncat\n", marker.display());
    fs::write(&program, script).expect("is written");
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&program, executable).expect("is ours");
    let program = program.to_string_lossy();
    let included = made.folder.path().join("included");
    fs::write(
        &included,
        format!("[core]\n\tpager = {program}\n\tsshCommand = {program}\n"),
    )
    .expect("is written");
    let config = made.path(".git/config");
    let mut text = fs::read_to_string(&config).expect("is there");
    text.push_str(&format!(
        "[core]\n\tfsmonitor = {program}\n\tsshCommand = {program}\n\thooksPath = {hooks}\n\tattributesFile = {attributes}\n\
         [filter \"x\"]\n\tclean = {program}\n\tsmudge = {program}\n\tprocess = {program}\n\trequired = true\n\
         [diff \"x\"]\n\ttextconv = {program}\n\tcommand = {program}\n\
         [include]\n\tpath = {included}\n[alias]\n\tstatus = !{program}\n[credential]\n\thelper = !{program}\n",
        hooks = made.folder.path().join("hooks").display(),
        attributes = made.path("attributes").display(),
        included = included.display(),
    ));
    made.write(".gitattributes", "* filter=x diff=x\n");
    made.write("attributes", "* filter=x diff=x\n");
    let hook = made.folder.path().join("hooks/post-index-change");
    fs::create_dir_all(hook.parent().expect("is in a folder")).expect("is made");
    fs::copy(program.as_ref(), &hook).expect("is copied");
    fs::write(&config, text).expect("is written");
    // The fixture is one: git itself does run it.
    let status = Command::new("git")
        .args(["status", "--short"])
        .current_dir(made.path(""))
        .env("HOME", made.folder.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output();
    assert!(
        status.is_ok() && marker.exists(),
        "git honours the configuration"
    );
    fs::remove_file(&marker).expect("was written");
    assert!(made.tracks("mcp.json"));
    assert_eq!(texts(&made.history("mcp.json")), ["first", "second"]);
    assert!(
        Path::new(&marker).symlink_metadata().is_err(),
        "nothing ran"
    );
}
