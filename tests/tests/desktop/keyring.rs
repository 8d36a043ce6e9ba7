//! Decisions sealed by a key in a real keyring.

use std::{
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

use countersign_tests::window::{Bus, DEADLINE, Display, Surroundings, Window};

use crate::home::Home;

/// A keyring daemon on a bus of its own, ended with its owner.
struct Keyring(Child);

impl Keyring {
    /// Starts the daemon with its login keyring unlocked, and waits until the bus knows it.
    async fn start(bus: &Bus, home: &Path) -> Self {
        let mut daemon = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_RUNTIME_DIR", home)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon is installed");
        let mut input = daemon.stdin.take().expect("it is piped");
        input.write_all(b"a passphrase").expect("is taken");
        drop(input);
        let keyring = Self(daemon);
        let connection = zbus::connection::Builder::address(bus.address.as_str())
            .expect("the bus has an address")
            .build()
            .await
            .expect("the bus is there");
        let names = zbus::fdo::DBusProxy::new(&connection)
            .await
            .expect("the bus answers");
        let name = zbus::names::BusName::try_from("org.freedesktop.secrets").expect("is a name");
        let begun = Instant::now();
        while !names.name_has_owner(name.clone()).await.unwrap_or(false) {
            assert!(begun.elapsed() < DEADLINE, "the keyring did not come");
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        keyring
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn the_key_that_seals_decisions_is_in_the_keyring_and_in_no_file() {
    let home = Home::usual();
    let keys = tempfile::tempdir().expect("a temporary folder");
    let bus = Bus::start();
    let _keyring = Keyring::start(&bus, keys.path()).await;
    let surroundings = Surroundings::default();
    let display = Display::start(surroundings.size);
    let window = Window::open_on(home.path(), surroundings, display, bus).await;
    window
        .click_css("[data-testid=server-row][data-name=memory]")
        .await;
    window.click("approve").await;
    window.click("approve-confirm").await;
    window.wait_for_text("Approved by you").await;
    let data = home.path().join(".local/share/countersign");
    assert!(data.join("countersign.sqlite3").is_file());
    assert!(!data.join("seal.key").exists(), "the key is in a file");
    window.close().await;
}
