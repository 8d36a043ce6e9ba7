//! A real keyring on a bus of its own.

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use zbus::{
    blocking::{connection::Builder, fdo::DBusProxy},
    names::BusName,
};

use crate::window::DEADLINE;

/// The name that a keyring has on the bus.
const SECRETS: &str = "org.freedesktop.secrets";

/// How often the bus is asked for it.
const TICK: Duration = Duration::from_millis(25);

/// A keyring daemon, ended with its owner.
pub struct Keyring {
    bus: String,
    daemon: Child,
}

impl Keyring {
    /// Starts the daemon with its login keyring unlocked (and made, if there is none), and waits until the
    /// bus of this address knows it. Its files are in `folder`. Not to be called in an asynchronous task.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn unlocked(bus: &str, folder: &Path) -> Self {
        Self::start(bus, folder, true)
    }

    /// As [`Keyring::unlocked`], to be called in an asynchronous task.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn unlocked_beside(bus: &str, folder: &Path) -> Self {
        let (bus, folder) = (bus.to_owned(), folder.to_owned());
        tokio::task::spawn_blocking(move || Self::unlocked(&bus, &folder))
            .await
            .expect("it starts")
    }

    /// Starts the daemon with its keyrings as they are: those that were made before are locked.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn locked(bus: &str, folder: &Path) -> Self {
        Self::start(bus, folder, false)
    }

    fn start(bus: &str, folder: &Path, unlocks: bool) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if unlocks {
            command.arg("--unlock");
        }
        let mut daemon = command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", folder)
            .env("XDG_DATA_HOME", folder.join(".local/share"))
            .env("XDG_RUNTIME_DIR", folder)
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut input = daemon.stdin.take().expect("it is piped");
        if unlocks {
            input.write_all(b"a passphrase").expect("is taken");
        }
        drop(input);
        let keyring = Self {
            bus: bus.to_owned(),
            daemon,
        };
        keyring.wait(true);
        keyring
    }

    /// Ends the daemon, and waits until the bus knows it no longer. Not to be called in an asynchronous task.
    ///
    /// # Panics
    /// If it does not end.
    pub fn end(mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
        self.wait(false);
    }

    /// Waits until the bus knows a keyring, or none.
    fn wait(&self, is_there: bool) {
        let connection = Builder::address(self.bus.as_str())
            .expect("the bus has an address")
            .build()
            .expect("the bus is there");
        let names = DBusProxy::new(&connection).expect("the bus answers");
        let name = BusName::try_from(SECRETS).expect("is a name");
        let begun = Instant::now();
        while names.name_has_owner(name.clone()).expect("the bus answers") != is_there {
            assert!(begun.elapsed() < DEADLINE, "waited too long for {SECRETS}");
            thread::sleep(TICK);
        }
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
