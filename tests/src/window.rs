//! The real window, driven: a display, a session bus and a driver of their own for each test.
//!
//! Everything that is started is ended when its owner is dropped. Waits are for conditions, with
//! deadlines that a busy machine keeps.

mod parts;

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::TimeoutConfiguration};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

pub use parts::{Bus, Display, Theme};
use parts::{Driver, connected};

/// How long a condition may take to come true.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How long one script may take.
const SCRIPT: Duration = Duration::from_secs(180);

/// How long a page has to take a click before it is clicked again.
const TAKEN: Duration = Duration::from_secs(2);

/// How often a condition is looked at.
const TICK: Duration = Duration::from_millis(25);

/// The variable that names the app under test.
const APP: &str = "COUNTERSIGN_APP";

/// What the window runs in, besides its home.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings {
    /// Light or dark.
    pub theme: Theme,
    /// Size of the display in pixels, which the window fills.
    pub size: (u32, u32),
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            theme: Theme::Light,
            size: (1280, 800),
        }
    }
}

/// The app's window on a display of its own.
pub struct Window {
    /// The driver's session.
    pub client: Client,
    /// The display.
    pub display: Display,
    /// The session bus.
    pub bus: Bus,
    /// When the app was asked to start.
    pub started: Instant,
    runtime: Option<TempDir>,
    driver: Driver,
}

impl Window {
    /// Starts the app for a home and waits until its page is there.
    ///
    /// # Panics
    /// If a part of the surroundings cannot be started: a test cannot go on then.
    pub async fn open(home: &Path, surroundings: Surroundings) -> Self {
        let display = Display::start(surroundings.size);
        let bus = Bus::start();
        Self::open_on(home, surroundings, display, bus).await
    }

    /// As [`Window::open`], on a display and bus that are there already.
    ///
    /// # Panics
    /// As [`Window::open`].
    pub async fn open_on(
        home: &Path,
        surroundings: Surroundings,
        display: Display,
        bus: Bus,
    ) -> Self {
        let runtime = parts::private_folder();
        let environment = parts::environment(home, runtime.path(), &display, &bus, surroundings);
        let driver = Driver::start(&environment);
        let started = Instant::now();
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": app(), "args": [] },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("an object was written above");
        };
        let address = format!("http://127.0.0.1:{}", driver.port);
        let client = connected(|| async {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(capabilities.clone())
                .connect(&address)
                .await
        })
        .await;
        let (width, height) = surroundings.size;
        client
            .update_timeouts(TimeoutConfiguration::new(Some(SCRIPT), None, None))
            .await
            .expect("the time-out can be set");
        client
            .set_window_rect(0, 0, width, height)
            .await
            .expect("the window can be sized");
        Self {
            client,
            display,
            bus,
            started,
            runtime: Some(runtime),
            driver,
        }
    }

    /// Returns the first element with a test id, once it is there.
    ///
    /// # Panics
    /// If it does not come by the deadline.
    pub async fn find(&self, id: &str) -> Element {
        self.css(&by_id(id)).await
    }

    /// Returns the first element that a selector fits, once it is there.
    ///
    /// # Panics
    /// If it does not come by the deadline.
    pub async fn css(&self, selector: &str) -> Element {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Ok(element) = self.client.find(Locator::Css(selector)).await {
                return element;
            }
            assert!(
                Instant::now() < end,
                "`{selector}` did not come; the page holds: {}",
                self.text().await
            );
            tokio::time::sleep(TICK).await;
        }
    }

    /// Waits until a script's result fits.
    ///
    /// # Panics
    /// If it does not by the deadline.
    pub async fn wait_for(&self, what: &str, script: &str) -> Duration {
        let begun = Instant::now();
        while begun.elapsed() < DEADLINE {
            if self.run(script).await == Value::Bool(true) {
                return begun.elapsed();
            }
            tokio::time::sleep(TICK).await;
        }
        panic!("{what}: not in time; the page holds: {}", self.text().await);
    }

    /// Waits until the page's text holds `text`.
    ///
    /// # Panics
    /// If it does not by the deadline.
    pub async fn wait_for_text(&self, text: &str) -> Duration {
        let quoted = Value::from(text).to_string();
        let script = format!("return document.body.innerText.includes({quoted})");
        self.wait_for(&format!("the text {quoted}"), &script).await
    }

    /// Runs a script in the page and returns what it returns.
    ///
    /// # Panics
    /// If the script fails.
    pub async fn run(&self, script: &str) -> Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Runs a script that calls its last argument when it is done.
    ///
    /// # Panics
    /// If the script fails.
    pub async fn run_async(&self, script: &str) -> Value {
        self.client
            .execute_async(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Returns the page's text, for messages.
    pub async fn text(&self) -> String {
        match self
            .client
            .execute("return document.body.innerText", Vec::new())
            .await
        {
            Ok(Value::String(text)) => text,
            other => format!("{other:?}"),
        }
    }

    /// Opens the view behind an entry of the sidebar. A click that the page did not take, because
    /// the window was still getting its size, is made again.
    ///
    /// # Panics
    /// If there is none, or it does not open by the deadline.
    pub async fn go_to(&self, view: &str) {
        let entry = by_id(&format!("nav-{view}"));
        let opened = format!("{entry}[aria-current=page]");
        let end = Instant::now() + DEADLINE;
        loop {
            self.click_css(&entry).await;
            let again = Instant::now() + TAKEN;
            while Instant::now() < again {
                if self.client.find(Locator::Css(&opened)).await.is_ok() {
                    return;
                }
                tokio::time::sleep(TICK).await;
            }
            assert!(Instant::now() < end, "`{view}` did not open");
        }
    }

    /// Clicks an element by its test id.
    ///
    /// # Panics
    /// If it does not come, or cannot be clicked by the deadline.
    pub async fn click(&self, id: &str) {
        self.click_css(&by_id(id)).await;
    }

    /// Clicks an element by a selector. A list that is drawn anew meanwhile is tried again.
    ///
    /// # Panics
    /// If it does not come, or cannot be clicked by the deadline.
    pub async fn click_css(&self, selector: &str) {
        let end = Instant::now() + DEADLINE;
        loop {
            let clicked = self.css(selector).await.click().await;
            match clicked {
                Ok(()) => return,
                Err(error) => assert!(Instant::now() < end, "click `{selector}`: {error}"),
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Keeps what the display shows as a PNG file.
    ///
    /// # Panics
    /// If the picture cannot be taken or kept.
    pub async fn picture(&self, file: &Path) {
        let png = self.client.screenshot().await.expect("a picture is taken");
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).expect("the folder is made");
        }
        fs::write(file, png).expect("the picture is kept");
    }

    /// Ends the session, and with it the app; the display and the bus stay.
    ///
    /// # Panics
    /// Never.
    pub async fn close(mut self) -> (Display, Bus) {
        // A session that ended by itself is as good as one that was closed.
        let _ = self.client.close().await;
        self.driver.end();
        drop(self.runtime.take());
        (self.display, self.bus)
    }
}

fn by_id(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// Returns the app under test.
///
/// # Panics
/// If there is none: it is built by `cargo xtask test`, or by
/// `cargo build -p countersign-app --features custom-protocol,e2e`.
pub fn app() -> PathBuf {
    if let Some(path) = env::var_os(APP) {
        return PathBuf::from(path);
    }
    // `target/debug/deps/desktop-…` runs beside `target/debug/countersign-app`.
    let own = env::current_exe().expect("this program has a path");
    let beside = own
        .ancestors()
        .skip(1)
        .take(3)
        .map(|folder| folder.join("countersign-app"))
        .find(|path| path.is_file());
    beside.unwrap_or_else(|| panic!("{APP} does not name the app, and none was built beside this"))
}
