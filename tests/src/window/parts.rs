//! The parts that a window needs: a display, a bus, a driver. Each is ended when it is dropped.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    future::Future,
    io::{BufRead, BufReader},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{DEADLINE, Surroundings, TICK};

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Theme {
    /// Both, with their names in file names.
    pub const ALL: [(Theme, &'static str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];
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

/// An X display without a screen.
pub struct Display {
    /// Its name, such as `:7`.
    pub name: String,
    _server: Owned,
}

impl Display {
    /// Starts a server on a display number that it finds free itself.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start((width, height): (u32, u32)) -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-noreset",
                "-screen",
                "0",
            ])
            .arg(format!("{width}x{height}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let name = format!(":{}", first_line(&mut server));
        Self {
            name,
            _server: Owned(server),
        }
    }
}

/// A session bus that starts no service by itself: what is on it was put there by the test.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={dir}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A session bus.
pub struct Bus {
    /// Its address.
    pub address: String,
    _daemon: Owned,
    _folder: TempDir,
}

impl Bus {
    /// Starts a daemon.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start() -> Self {
        let folder = private_folder();
        let config = folder.path().join("bus.conf");
        let dir = folder.path().display().to_string();
        fs::write(&config, BUS.replace("{dir}", &dir)).expect("is written");
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed");
        let address = first_line(&mut daemon);
        Self {
            address,
            _daemon: Owned(daemon),
            _folder: folder,
        }
    }
}

fn first_line(child: &mut Child) -> String {
    let out = child.stdout.take().expect("it is piped");
    let mut reader = BufReader::new(out);
    let mut line = String::new();
    reader.read_line(&mut line).expect("it says where it is");
    // What is said later is read by nobody, and must not end the program that says it.
    std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
    line.trim().to_owned()
}

/// Makes a folder that only this user can enter, as runtime folders are.
pub(super) fn private_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).expect("it is ours");
    folder
}

/// Returns everything that the app sees of its surroundings.
pub(super) fn environment(
    home: &Path,
    runtime: &Path,
    display: &Display,
    bus: &Bus,
    surroundings: Surroundings,
) -> Vec<(OsString, OsString)> {
    let is_dark = surroundings.theme == Theme::Dark;
    let settings = home.join(".config/gtk-3.0");
    fs::create_dir_all(&settings).expect("the folder is made");
    fs::write(
        settings.join("settings.ini"),
        format!(
            "[Settings]\ngtk-application-prefer-dark-theme={}\ngtk-enable-animations=0\n",
            u8::from(is_dark)
        ),
    )
    .expect("is written");
    let home_text = home.to_string_lossy();
    let path = std::env::var("PATH").unwrap_or_default();
    let theme = if is_dark { "Adwaita:dark" } else { "Adwaita" };
    [
        ("PATH", path.as_str()),
        ("HOME", &home_text),
        ("XDG_CONFIG_HOME", &format!("{home_text}/.config")),
        ("XDG_DATA_HOME", &format!("{home_text}/.local/share")),
        ("XDG_CACHE_HOME", &format!("{home_text}/.cache")),
        ("XDG_RUNTIME_DIR", &runtime.to_string_lossy()),
        ("DBUS_SESSION_BUS_ADDRESS", &bus.address),
        ("DISPLAY", &display.name),
        ("GDK_BACKEND", "x11"),
        ("GTK_THEME", theme),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ("NO_AT_BRIDGE", "1"),
        ("LANG", "C.UTF-8"),
        ("TZ", "UTC"),
        ("TAURI_WEBVIEW_AUTOMATION", "true"),
    ]
    .iter()
    .map(|(name, value)| (OsString::from(name), OsString::from(value)))
    .collect()
}

/// The program between a test and the web view.
pub(super) struct Driver {
    pub(super) port: u16,
    process: Option<Owned>,
}

impl Driver {
    pub(super) fn start(environment: &[(OsString, OsString)]) -> Self {
        let port = free_port();
        let process = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env_clear()
            .envs(environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed");
        let end = Instant::now() + DEADLINE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "WebKitWebDriver does not listen");
            std::thread::sleep(TICK);
        }
        Self {
            port,
            process: Some(Owned(process)),
        }
    }

    pub(super) fn end(&mut self) {
        self.process.take();
    }
}

/// Returns a port that nobody listens on, and that no other test of this program was given.
fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let port = listener.local_addr().expect("it is bound").port();
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        if given.insert(port) {
            return port;
        }
    }
}

/// Connects, again and again until the deadline: the driver listens before it is ready.
pub(super) async fn connected<T, E, F>(attempt: impl Fn() -> F) -> T
where
    E: std::fmt::Display,
    F: Future<Output = Result<T, E>>,
{
    const PAUSE: Duration = Duration::from_millis(200);
    let end = Instant::now() + DEADLINE;
    loop {
        match attempt().await {
            Ok(connected) => return connected,
            Err(error) => assert!(Instant::now() < end, "the app did not start: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
