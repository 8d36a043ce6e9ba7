//! A home with configs, and moves of its credentials with a vault in memory.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use countersign_core::{
    Inventory, Setup,
    decide::Origin,
    install,
    moves::{self, Means, MoveError, Moved, Plan, Request, Step, Undone, Values},
    scan::{self, Machine, Options, Progress, RunningLook},
};
use countersign_model::{Os, SecretId, references};
use countersign_vault::{Held, Seal, Vault};
use tempfile::TempDir;

pub(crate) const GITHUB: &str = "ghp_Zk3v9Qm2Lx7Rb1Tn5Yw8Hc4Dg6Jf0PsAaBb";
pub(crate) const OTHER: &str = "ghp_Aq1Zs2Wx3Ed4Cr5Fv6Tg7By8Hn9Uj0MiKoLp";

pub(crate) struct Scene {
    home: TempDir,
    pub(crate) setup: Setup,
}

impl Scene {
    /// Makes a home with files, each by its path in it.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let root = home.path().join("home");
        fs::create_dir_all(&root).expect("is made");
        let machine = Machine::new(Os::current(), &root.to_string_lossy(), []);
        let setup = Setup::new(machine, home.path().join("own"), true).expect("is set up");
        let scene = Self { home, setup };
        for (path, text) in files {
            scene.write(path, text);
        }
        scene
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.home.path().join("home").join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("is in a folder")).expect("is made");
        fs::write(path, text).expect("is written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("is read")
    }

    /// Returns every file of the home with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.home.path().join("home"), &mut files);
        files
    }

    pub(crate) fn options() -> Options {
        Options {
            without_running: true,
            ..Options::default()
        }
    }

    pub(crate) fn scan(&self) -> Inventory {
        let mut running = RunningLook::default();
        scan::scan(
            &self.setup,
            &Self::options(),
            &mut running,
            &Progress::default(),
        )
        .expect("can be scanned")
    }

    pub(crate) fn means(&self) -> Means<'_> {
        Means {
            setup: &self.setup,
            vault: Vault::in_memory(),
            seal: Seal::random().expect("random numbers"),
        }
    }

    pub(crate) fn plan_of(&self, request: &Request) -> Plan {
        let installed = install::place(&self.setup);
        moves::plan(
            &self.setup,
            &Self::options(),
            &self.scan(),
            &installed,
            request,
        )
        .expect("can be planned")
    }

    pub(crate) fn plan(&self) -> Plan {
        self.plan_of(&Request::default())
    }

    pub(crate) fn carry_out(&self, means: &Means<'_>) -> Moved {
        let plan = self.plan();
        moves::carry_out(means, &plan, Origin::Window, &mut |_| {}).expect("is carried out")
    }
}

pub(crate) fn undo(means: &Means<'_>, id: i64) -> Result<Undone, MoveError> {
    moves::undo(means, id, None, &mut |_: Step| {})
}

pub(crate) fn undo_with(means: &Means<'_>, id: i64, values: Values) -> Undone {
    moves::undo(means, id, Some(values), &mut |_: Step| {}).expect("is undone")
}

/// Returns the values of the references in a text, in their order.
pub(crate) fn values(means: &Means<'_>, text: &str) -> Vec<String> {
    let value = |id: SecretId| match means.vault.item(id).expect("is kept").value {
        Held::Text(text) => text.expose("it is compared").to_owned(),
        Held::Elsewhere(_) => "elsewhere".to_owned(),
    };
    references(text)
        .into_iter()
        .map(|(_, id)| value(id))
        .collect()
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("is listed").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path.clone(), fs::read(&path).expect("is read"));
        }
    }
}
