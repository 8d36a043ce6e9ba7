//! A home, a bus and a keyring daemon that belong to one test.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use zbus::{
    blocking::{Connection, MessageIterator, connection::Builder, fdo::DBusProxy},
    message::Type,
    names::BusName,
    zvariant::ObjectPath,
};

pub(crate) const CASE_VARIABLE: &str = "COUNTERSIGN_VAULT_CASE";

const SECRETS: &str = "org.freedesktop.secrets";
const SECRETS_PATH: &str = "/org/freedesktop/secrets";
const SESSION_KEYRING: &str = "/org/freedesktop/secrets/collection/session";
const PROMPTER: &str = "org.gnome.keyring.SystemPrompter";

/// A busy machine may take long to start a daemon.
const DEADLINE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(20);

/// A home for one test.
pub(crate) struct Desk(TempDir);

impl Desk {
    /// Lays an empty home; nothing, with a word about it, where the daemons are not installed.
    pub(crate) fn lay() -> Option<Self> {
        for program in ["dbus-daemon", "gnome-keyring-daemon"] {
            let found = Command::new(program).arg("--version").output();
            if found.is_err() {
                // Written past what the runner of tests keeps back.
                let _ = writeln!(
                    std::io::stderr(),
                    "skipped: {program} is not installed; `cargo xtask setup` installs it"
                );
                return None;
            }
        }
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("is ours");
        Some(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a case on this desk.
    pub(crate) fn run(&self, case: &str, bus: Option<&str>) {
        let program = std::env::current_exe().expect("this program is known");
        let mut command = Command::new(program);
        command
            .args(["case", "--exact", "--nocapture", "--test-threads=1"])
            .env(CASE_VARIABLE, case);
        self.surround(&mut command, bus);
        let output = command.output().expect("this program can be started");
        assert!(
            output.status.success(),
            "`{case}` failed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn surround(&self, command: &mut Command, bus: Option<&str>) {
        let home = self.path();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let case = command
            .get_envs()
            .find_map(|(name, value)| (name == CASE_VARIABLE).then_some(value))
            .flatten()
            .map(ToOwned::to_owned);
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("share"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home);
        if let Some(case) = case {
            command.env(CASE_VARIABLE, case);
        }
        if let Some(bus) = bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
    }
}

/// A process that is ended with its owner.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A bus that starts no service by itself.
pub(crate) struct Bus {
    pub(crate) address: String,
    _daemon: Owned,
}

impl Bus {
    pub(crate) fn start(desk: &Desk) -> Self {
        Self::with_policy(desk, "")
    }

    /// Starts a bus on which nobody may speak to the keyring.
    pub(crate) fn start_without_rights(desk: &Desk) -> Self {
        Self::with_policy(
            desk,
            r#"<deny send_destination="org.freedesktop.secrets" send_interface="org.freedesktop.Secret.Service"/>"#,
        )
    }

    fn with_policy(desk: &Desk, rules: &str) -> Self {
        let dir = desk.path().display();
        let config = desk.path().join("bus.conf");
        let text = format!(
            r#"<busconfig>
  <type>session</type>
  <listen>unix:dir={dir}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    {rules}
  </policy>
</busconfig>
"#
        );
        fs::write(&config, text).expect("is written");
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut line = String::new();
        let out = daemon.stdout.take().expect("it is piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("it says where it is");
        Self {
            address: line.trim().to_owned(),
            _daemon: Owned(daemon),
        }
    }

    fn connect(&self) -> Connection {
        Builder::address(self.address.as_str())
            .expect("the bus has an address")
            .method_timeout(DEADLINE)
            .build()
            .expect("the bus is there")
    }

    /// Waits until a name is on the bus, or gone from it.
    fn wait_for(&self, name: &str, is_there: bool) {
        let connection = self.connect();
        let names = DBusProxy::new(&connection).expect("the bus answers");
        let name = BusName::try_from(name).expect("is a name");
        let begun = Instant::now();
        while names.name_has_owner(name.clone()).expect("the bus answers") != is_there {
            assert!(begun.elapsed() < DEADLINE, "waited too long for {name}");
            thread::sleep(TICK);
        }
    }

    /// Lets new items go to the keyring that ends with the session.
    pub(crate) fn make_session_keyring_the_default(&self) {
        let path = ObjectPath::try_from(SESSION_KEYRING).expect("is a path");
        self.connect()
            .call_method(
                Some(SECRETS),
                SECRETS_PATH,
                Some("org.freedesktop.Secret.Service"),
                "SetAlias",
                &("default", path),
            )
            .expect("the alias is set");
    }

    /// Owns a name, and answers nobody who calls it.
    pub(crate) fn own_and_say_nothing(&self, name: &str) -> Connection {
        let connection = self.connect();
        connection.request_name(name).expect("nobody has it");
        connection
    }
}

/// A keyring daemon.
pub(crate) struct Daemon<'a> {
    bus: &'a Bus,
    process: Option<Owned>,
}

impl<'a> Daemon<'a> {
    /// Starts a daemon, with its login keyring unlocked by a password (and made, if there is none), or
    /// as it is.
    pub(crate) fn start(desk: &Desk, bus: &'a Bus, password: Option<&[u8]>) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            command.arg("--unlock");
        }
        desk.surround(&mut command, Some(&bus.address));
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut input = process.stdin.take().expect("it is piped");
        if let Some(password) = password {
            input.write_all(password).expect("is taken");
        }
        drop(input);
        bus.wait_for(SECRETS, true);
        Self {
            bus,
            process: Some(Owned(process)),
        }
    }
}

impl Drop for Daemon<'_> {
    fn drop(&mut self) {
        drop(self.process.take());
        self.bus.wait_for(SECRETS, false);
    }
}

/// Stands where the desktop's password window would be, and counts who calls it.
pub(crate) struct Prompter {
    asked: Arc<AtomicUsize>,
    _connection: Connection,
}

impl Prompter {
    pub(crate) fn start(bus: &Bus) -> Self {
        let connection = bus.own_and_say_nothing(PROMPTER);
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let messages = MessageIterator::from(&connection);
        thread::spawn(move || {
            for message in messages.flatten() {
                if message.message_type() == Type::MethodCall {
                    counter.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Self {
            asked,
            _connection: connection,
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
