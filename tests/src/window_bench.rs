//! The window's figures: how soon it shows data, how smoothly a long list moves, how soon a change is
//! on screen.

use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    showcase,
    window::{Surroundings, Window},
};

/// Entries of the long list.
pub const ENTRIES: usize = 10_000;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Figures {
    /// From the start of the app to data on screen, for a usual home; the driver's own start included.
    pub start: Duration,
    /// From a change on disk to the changed row on screen.
    pub change: Duration,
    /// The longest frame while [`ENTRIES`] rows were scrolled from end to end, in milliseconds.
    pub frame_ms_max: f64,
    /// The 99th of a hundred frames, in milliseconds.
    pub frame_ms_p99: f64,
    /// Frames that were drawn meanwhile.
    pub frames: u64,
    /// The most rows that were in the document at once.
    pub rows_max: u64,
    /// From a key in the search field to the filtered list on screen, in milliseconds.
    pub filter_ms: f64,
}

/// Scrolls the list from its start to its end, a screen and a half at each step, and keeps the time of
/// each frame.
const SCROLL: &str = r"
const done = arguments[arguments.length - 1];
const list = [...document.querySelectorAll('*')].find((each) =>
  each.scrollHeight > each.clientHeight + 10000 && getComputedStyle(each).overflowY !== 'visible');
const times = [];
let rows = 0;
let last = null;
const step = (now) => {
  if (last !== null) times.push(now - last);
  last = now;
  rows = Math.max(rows, document.querySelectorAll('[data-testid=server-row]').length);
  list.scrollTop += list.clientHeight * 1.5;
  if (list.scrollTop + list.clientHeight >= list.scrollHeight - 1) {
    times.sort((left, right) => left - right);
    done({ max: times.at(-1), p99: times[Math.floor(times.length * 0.99)], frames: times.length, rows });
  } else {
    requestAnimationFrame(step);
  }
};
requestAnimationFrame(step);
";

/// Types into the search field and waits for the frame after the list has changed.
const FILTER: &str = r"
const done = arguments[arguments.length - 1];
const search = document.querySelector('[data-testid=search]');
const shown = () => document.querySelectorAll('[data-testid=server-row]').length;
const begun = performance.now();
search.value = 'server-0777';
search.dispatchEvent(new Event('input', { bubbles: true }));
const look = () => {
  const count = shown();
  const fits = count > 0 && count < 20
    && [...document.querySelectorAll('[data-testid=server-row]')].every((row) => row.dataset.name.includes('0777'));
  if (fits) done(performance.now() - begun);
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
";

/// Measures; takes about a minute.
///
/// # Panics
/// If the window does not do what is measured.
pub async fn measure() -> Figures {
    let (start, change) = usual().await;
    let home = tempfile::tempdir().expect("a temporary folder");
    showcase::large(home.path(), ENTRIES);
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.wait_for_text("10000 servers").await;
    window.css("[data-testid=server-row]").await;
    let scrolled = window.run_async(SCROLL).await;
    let filter_ms = window.run_async(FILTER).await;
    window.close().await;
    let number = |name: &str| scrolled[name].as_f64().expect("is a number");
    let count = |name: &str| scrolled[name].as_u64().expect("is a number");
    Figures {
        start,
        change,
        frame_ms_max: number("max"),
        frame_ms_p99: number("p99"),
        frames: count("frames"),
        rows_max: count("rows"),
        filter_ms: filter_ms.as_f64().expect("is a number"),
    }
}

async fn usual() -> (Duration, Duration) {
    let home = tempfile::tempdir().expect("a temporary folder");
    showcase::small(home.path());
    let window = Window::open(home.path(), Surroundings::default()).await;
    window.css("[data-testid=server-row]").await;
    let start = window.started.elapsed();
    let config = home.path().join(".cursor/mcp.json");
    let text = fs::read_to_string(&config).expect("is there");
    let changed = Instant::now();
    fs::write(&config, text.replace("\"figma\"", "\"figma-changed\"")).expect("is written");
    window
        .css("[data-testid=server-row][data-name=figma-changed]")
        .await;
    let change = changed.elapsed();
    window.close().await;
    (start, change)
}
