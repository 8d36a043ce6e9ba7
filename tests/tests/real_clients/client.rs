use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use countersign_tests::Home;

/// The variable that names the folder with the clients.
const VARIABLE: &str = "COUNTERSIGN_REAL_CLIENTS";

/// The variable that names the folder with the programs of servers in Python.
const SERVERS: &str = "COUNTERSIGN_REAL_SERVERS";

/// How long one command of a client may take; most of it is the client's start on a busy machine.
const DEADLINE: Duration = Duration::from_secs(180);
const TICK: Duration = Duration::from_millis(50);

/// What keeps the clients from asking anybody for anything.
const QUIET: [(&str, &str); 7] = [
    ("DISABLE_TELEMETRY", "1"),
    ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
    ("DISABLE_AUTOUPDATER", "1"),
    ("GEMINI_CLI_TRUST_WORKSPACE", "true"),
    ("OPENCODE_DISABLE_AUTOUPDATE", "true"),
    ("NO_COLOR", "1"),
    ("TERM", "dumb"),
];

/// A client that is installed.
pub(crate) struct Client {
    program: PathBuf,
    search_path: String,
}

impl Client {
    /// Finds a client by its program's name, or says why it cannot be started.
    pub(crate) fn find(name: &str) -> Result<Self, String> {
        let folder = env::var_os(VARIABLE)
            .filter(|folder| !folder.is_empty())
            .ok_or_else(|| format!("{VARIABLE} names no folder with clients"))?;
        let file = if cfg!(windows) {
            format!("{name}.cmd")
        } else {
            name.to_owned()
        };
        let servers = env::var_os(SERVERS).unwrap_or_default();
        let places = [
            Path::new(&folder).join("node_modules/.bin").join(file),
            Path::new(&servers).join(name),
        ];
        let program = places
            .into_iter()
            .find(|place| place.is_absolute() && place.exists())
            .ok_or_else(|| format!("{name} is not installed"))?;
        Ok(Self {
            program,
            search_path: search_path().ok_or("node is not installed")?,
        })
    }

    /// Returns the folder with the packages that are installed beside the client.
    pub(crate) fn packages() -> PathBuf {
        let folder = env::var_os(VARIABLE).unwrap_or_default();
        Path::new(&folder).join("node_modules")
    }

    /// Returns the program itself.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// Returns a search path on which node is.
    pub(crate) fn search_path(&self) -> &str {
        &self.search_path
    }

    /// Returns the client in a project of a home, ready to be started.
    pub(crate) fn command(&self, home: &Home, project: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        home.environment(&mut command);
        command
            .args(arguments)
            .current_dir(project)
            .env("PATH", &self.search_path)
            .envs(QUIET);
        command
    }

    /// Runs a command of the client in a project of a home, waits for its end, and returns what it said.
    pub(crate) fn run(&self, home: &Home, project: &Path, arguments: &[&str]) -> String {
        let log = home.beside("client.log");
        let output = File::create(&log).expect("the temporary folder is writable");
        let errors = output.try_clone().expect("a file can be shared");
        let mut running = self
            .command(home, project, arguments)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .expect("the client can be started");
        let end = Instant::now() + DEADLINE;
        let status = loop {
            if let Some(status) = running.try_wait().expect("it was started") {
                break Some(status);
            }
            if Instant::now() > end {
                let _ = running.kill();
                let _ = running.wait();
                break None;
            }
            thread::sleep(TICK);
        };
        let said = fs::read_to_string(&log).unwrap_or_default();
        let is_fine = status.is_some_and(|status| status.success());
        assert!(is_fine, "{arguments:?} ended with {status:?}:\n{said}");
        said
    }
}

/// Returns a search path for the clients: node, and what the system itself brings.
fn search_path() -> Option<String> {
    let own = env::var_os("PATH")?;
    let node = env::split_paths(&own).find(|folder| {
        ["node", "node.exe"]
            .iter()
            .any(|name| folder.join(name).is_file())
    })?;
    let folders = [node, PathBuf::from("/usr/bin"), PathBuf::from("/bin")];
    env::join_paths(folders).ok()?.into_string().ok()
}
