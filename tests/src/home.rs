//! A home of nobody: files, a search path and an environment that a test made up.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::countersign;

/// Where the system keeps programs' settings, below the home.
const CONFIG: &str = if cfg!(target_os = "macos") {
    "Library/Application Support"
} else if cfg!(windows) {
    "AppData/Roaming"
} else {
    ".config"
};

/// A temporary home with what stands beside it: the product's own data, a search path, other folders.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    root: PathBuf,
    own: PathBuf,
    variables: BTreeMap<String, String>,
}

/// What a run of the program came to.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The arguments.
    pub arguments: String,
    /// The exit code; -1 where a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A file or link as it is on the disk: content (or target), last change, and permission bits.
pub type FileState = (Vec<u8>, Option<SystemTime>, u32);

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// Makes an empty home.
    ///
    /// # Panics
    /// If no temporary folder can be made.
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("countersign-home-")
            .tempdir()
            .expect("a temporary folder can be made");
        // macOS' temporary folder is a link.
        let root = folder.path().canonicalize().expect("it was made");
        let home = Self {
            folder,
            own: root.join("own"),
            root,
            variables: BTreeMap::new(),
        };
        for folder in [home.path(), home.beside("programs"), home.beside("empty")] {
            fs::create_dir_all(folder).expect("the temporary folder is writable");
        }
        // A home is its user's alone, whatever the umask of whoever runs the tests.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let own = fs::Permissions::from_mode(0o700);
            fs::set_permissions(home.path(), own).expect("the folder is ours");
        }
        home
    }

    /// Returns the home's path.
    pub fn path(&self) -> PathBuf {
        self.root.join("home").join("dev")
    }

    /// Returns a path beside the home.
    pub fn beside(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Returns the product's own folder.
    pub fn data(&self) -> PathBuf {
        self.own.clone()
    }

    /// Has the product keep its own data where it does without being told: clients hand few variables on to
    /// the servers that they start.
    #[must_use]
    pub fn with_data_in_its_place(mut self) -> Self {
        self.own = countersign_vault::data_folder(&self.path(), |_| None);
        self
    }

    /// Keeps the folder after the test, and returns where it is.
    pub fn keep(mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.root.clone()
    }

    /// Writes a file in the home; `{config}` stands for where the system keeps programs' settings,
    /// and `{home}` in the text for the home.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, path: &str, text: &str) -> PathBuf {
        let path = self.path().join(path.replace("{config}", CONFIG));
        let home = self.path().to_string_lossy().replace('\\', "/");
        write(&path, &text.replace("{home}", &home));
        path
    }

    /// As [`Home::write`], for building a home in one expression.
    #[must_use]
    pub fn with(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    /// Writes a file beside the home.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write_beside(&self, path: &str, text: &str) -> PathBuf {
        let path = self.beside(path);
        write(&path, text);
        path
    }

    /// Sets a variable of the environment in which the program runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Runs the program in this home.
    ///
    /// # Panics
    /// If it cannot be started, or prints what is not UTF-8.
    pub fn countersign(&self, arguments: &[&str]) -> Ran {
        let output = self
            .command(arguments)
            .output()
            .expect("the program can be started");
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Ran {
            arguments: arguments.join(" "),
            code: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Returns the program in this home's environment, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(countersign());
        command.args(arguments).current_dir(self.beside("empty"));
        self.environment(&mut command);
        command
    }

    /// Gives a program this home's environment, and nothing of this user's.
    pub fn environment(&self, command: &mut Command) {
        command.env_clear();
        let inherited = ["SystemRoot", "SystemDrive", "TEMP", "TMP"];
        for name in inherited.iter().filter(|_| cfg!(windows)) {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let home = self.path();
        let no_bus = format!("unix:path={}", self.beside("no-bus").display());
        command
            .env("HOME", &home)
            .env("USERPROFILE", &home)
            .env("PATH", self.beside("programs"))
            .env("COUNTERSIGN_DATA_DIR", self.data())
            .env("DBUS_SESSION_BUS_ADDRESS", no_bus)
            .env("TZ", "UTC")
            .env("LANG", "C.UTF-8")
            .envs(&self.variables);
    }

    /// Scans without processes, and returns the report.
    ///
    /// # Panics
    /// If the scan fails or prints no JSON.
    pub fn report(&self) -> Value {
        self.countersign(&["scan", "--json", "--no-running"])
            .fine()
            .json()
    }

    /// Returns every file of the home, as it is on the disk.
    ///
    /// # Panics
    /// If one cannot be read.
    pub fn state(&self) -> BTreeMap<PathBuf, FileState> {
        let mut files = BTreeMap::new();
        for folder in [self.path(), self.beside("empty")] {
            collect(&folder, &mut files);
        }
        files
    }

    /// Returns the content of every file in the product's own folder.
    ///
    /// # Panics
    /// If one cannot be read.
    pub fn own_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.data(), &mut files);
        files
            .into_iter()
            .map(|(path, (content, ..))| (path, content))
            .collect()
    }
}

impl Ran {
    /// Checks that it went well.
    ///
    /// # Panics
    /// If the exit code is not 0.
    pub fn fine(self) -> Self {
        self.exits(0)
    }

    /// Checks the exit code.
    ///
    /// # Panics
    /// If it is another one.
    pub fn exits(self, code: i32) -> Self {
        let Self {
            arguments,
            out,
            err,
            ..
        } = &self;
        assert_eq!(self.code, code, "countersign {arguments}\n{out}\n{err}");
        self
    }

    /// Checks that standard output holds a text, whatever the line breaks.
    ///
    /// # Panics
    /// If it does not.
    pub fn says(self, text: &str) -> Self {
        let Self { arguments, out, .. } = &self;
        assert!(
            unwrapped(out).contains(&unwrapped(text)),
            "countersign {arguments} does not say `{text}`:\n{out}\n{}",
            self.err
        );
        self
    }

    /// Checks that standard error holds a text, whatever the line breaks.
    ///
    /// # Panics
    /// If it does not.
    pub fn complains(self, text: &str) -> Self {
        let Self { arguments, err, .. } = &self;
        assert!(
            unwrapped(err).contains(&unwrapped(text)),
            "countersign {arguments} does not complain `{text}`:\n{err}\n{}",
            self.out
        );
        self
    }

    /// Checks that neither output holds a text.
    ///
    /// # Panics
    /// If one does.
    pub fn never_says(self, text: &str) -> Self {
        for output in [&self.out, &self.err] {
            let is_there = output.contains(text);
            assert!(!is_there, "{} says `{text}`:\n{output}", self.arguments);
        }
        self
    }

    /// Returns standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{} prints no JSON: {error}", self.arguments))
    }
}

/// Writes a file and the folders above it.
///
/// # Panics
/// If that is not possible.
pub fn write(path: &Path, text: &str) {
    let folder = path.parent().expect("a file has a folder");
    fs::create_dir_all(folder).expect("the temporary folder is writable");
    fs::write(path, text).expect("the temporary folder is writable");
}

fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, FileState>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("the folder is readable").path();
        let metadata = path.symlink_metadata().expect("the entry is there");
        let content = if metadata.is_symlink() {
            let target = fs::read_link(&path).expect("a link leads somewhere");
            target.to_string_lossy().into_owned().into_bytes()
        } else if metadata.is_dir() {
            collect(&path, files);
            Vec::new()
        } else {
            // What the test made unreadable is compared by its length.
            fs::read(&path).unwrap_or_else(|_| metadata.len().to_le_bytes().to_vec())
        };
        let state = (content, metadata.modified().ok(), mode(&metadata));
        files.insert(path, state);
    }
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::MetadataExt;
    metadata.mode()
}

#[cfg(not(unix))]
fn mode(metadata: &fs::Metadata) -> u32 {
    u32::from(metadata.permissions().readonly())
}
