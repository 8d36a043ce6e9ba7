//! The window's use case: one inventory that is kept up to date, and told to whoever shows it.
//!
//! One thread scans; everybody else sends it a word. It tells only what changed, first without the
//! hashes that are not known yet, then with them. While nobody looks it waits for the file system and
//! for nothing else.

mod act;
mod credentials;
mod review;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::AtomicBool,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use countersign_store::ListSource;
use tokio::sync::oneshot;

use crate::{
    Inventory, Setup,
    json::{Report, report},
    lists,
    moves::recover,
    scan::{self, Options, Progress, RunningLook},
    watch::{Targets, Watch},
};

/// Changes that come closer together than this are one.
const SETTLE: Duration = Duration::from_millis(60);

/// However many changes come, the first is not kept waiting longer than this.
const SETTLE_MAX: Duration = Duration::from_millis(400);

/// How often running servers are looked at while somebody looks at the window.
const RUNNING: Duration = Duration::from_secs(5);

/// How often lists at addresses are asked for again, while the app runs.
const LISTS: Duration = Duration::from_secs(60 * 60);

pub use act::{ActError, Seen};
pub use credentials::{Asked, CredentialsError, Key};
pub use review::Judged;

/// How often a long walk tells how far it is.
const PROGRESS: Duration = Duration::from_millis(250);

/// What the desk tells.
#[derive(Debug)]
pub enum Told {
    /// What a scan found, if it differs from what was told before.
    Report(Box<Report>),
    /// Folders that a long walk has entered so far.
    Progress(usize),
    /// A scan could not be made; why, as a fragment that fits after "failed to".
    Failed(String),
}

/// What the desk is sent.
enum Word {
    Rescan {
        refreshes_lists: bool,
        done: Option<oneshot::Sender<()>>,
    },
    Changed(Vec<PathBuf>),
    Looking(bool),
}

/// Keeps an inventory up to date until it is dropped.
pub struct Desk {
    setup: Arc<Setup>,
    state: Arc<Mutex<Option<Arc<Inventory>>>>,
    progress: Arc<Mutex<Arc<Progress>>>,
    sender: Sender<Word>,
    /// Sources of lists that were taken away, each as it was shown.
    removed_lists: Mutex<Vec<(String, ListSource)>>,
    /// Ends the search of a history that is under way.
    ends_history: Mutex<Arc<AtomicBool>>,
}

impl Desk {
    /// Starts the thread and its first scan. `tell` is called from that thread.
    pub fn start(setup: Arc<Setup>, tell: impl Fn(Told) + Send + Sync + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        let state = Arc::new(Mutex::new(None));
        let progress = Arc::new(Mutex::new(Arc::new(Progress::default())));
        let keeper = Keeper {
            setup: Arc::clone(&setup),
            state: Arc::clone(&state),
            progress: Arc::clone(&progress),
            sender: sender.clone(),
            tell: Arc::new(tell),
            running: RunningLook::default(),
            watch: None,
            targets: Targets::default(),
            watch_note: None,
            told: None,
        };
        thread::spawn(move || keeper.keep(&receiver));
        Self {
            setup,
            state,
            progress,
            sender,
            removed_lists: Mutex::default(),
            ends_history: Mutex::default(),
        }
    }

    /// Returns what the desk works on.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// Returns what the last scan found; `None` until the first one is done.
    pub fn inventory(&self) -> Option<Arc<Inventory>> {
        self.state.lock().ok()?.clone()
    }

    /// Asks for a scan, and for the lists at addresses too if `refreshes_lists`.
    pub fn rescan(&self, refreshes_lists: bool) {
        self.ask(refreshes_lists, None);
    }

    /// As [`Desk::rescan`]; the receiver is told when it is done.
    pub fn rescan_and_tell(&self, refreshes_lists: bool) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        self.ask(refreshes_lists, Some(sender));
        receiver
    }

    fn ask(&self, refreshes_lists: bool, done: Option<oneshot::Sender<()>>) {
        // The thread ends only with the program.
        let _ = self.sender.send(Word::Rescan {
            refreshes_lists,
            done,
        });
    }

    /// Ends a walk for projects that is under way; what it found so far is shown as incomplete.
    pub fn cancel(&self) {
        if let Ok(progress) = self.progress.lock() {
            progress.cancel();
        }
    }

    /// Says whether somebody looks: only then running servers are followed.
    pub fn looking(&self, is_looking: bool) {
        let _ = self.sender.send(Word::Looking(is_looking));
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

/// The thread's own things.
struct Keeper {
    setup: Arc<Setup>,
    state: Arc<Mutex<Option<Arc<Inventory>>>>,
    progress: Arc<Mutex<Arc<Progress>>>,
    sender: Sender<Word>,
    tell: Arc<dyn Fn(Told) + Send + Sync>,
    running: RunningLook,
    watch: Option<Watch>,
    targets: Targets,
    watch_note: Option<String>,
    told: Option<String>,
}

/// What a round of words came to.
struct Round {
    scans: bool,
    refreshes_lists: bool,
    done: Vec<oneshot::Sender<()>>,
}

impl Keeper {
    fn keep(mut self, receiver: &Receiver<Word>) {
        if let Err(error) = recover::mend(&self.setup) {
            // It is tried again once the vault is unlocked; the view of credentials says so until then.
            (self.tell)(Told::Failed(error.to_string()));
        }
        self.scan();
        let mut is_looking = false;
        let mut lists_asked = None;
        loop {
            let is_due = lists_asked.is_none_or(|asked: Instant| asked.elapsed() >= LISTS);
            if is_due {
                lists_asked = Some(Instant::now());
                if self.refresh(false) {
                    self.scan();
                }
            }
            let Some(round) = self.round(receiver, &mut is_looking) else {
                return;
            };
            if round.refreshes_lists {
                self.refresh(true);
            }
            if round.scans {
                self.scan();
            }
            for done in round.done {
                // Who asked may be gone.
                let _ = done.send(());
            }
        }
    }

    /// Waits for the next word, and for those that come right after it. `None` at the end.
    fn round(&self, receiver: &Receiver<Word>, is_looking: &mut bool) -> Option<Round> {
        let mut round = Round {
            scans: false,
            refreshes_lists: false,
            done: Vec::new(),
        };
        let wait = if *is_looking { RUNNING } else { LISTS };
        let mut next = match receiver.recv_timeout(wait) {
            Ok(word) => word,
            Err(RecvTimeoutError::Timeout) => {
                round.scans = *is_looking;
                return Some(round);
            }
            Err(RecvTimeoutError::Disconnected) => return None,
        };
        let begun = Instant::now();
        loop {
            match next {
                Word::Rescan {
                    refreshes_lists,
                    done,
                } => {
                    round.scans = true;
                    round.refreshes_lists |= refreshes_lists;
                    round.done.extend(done);
                }
                Word::Changed(paths) => {
                    round.scans |=
                        paths.is_empty() || paths.iter().any(|path| self.targets.concerns(path));
                }
                Word::Looking(looking) => {
                    round.scans |= looking && !*is_looking;
                    *is_looking = looking;
                }
            }
            if begun.elapsed() >= SETTLE_MAX {
                return Some(round);
            }
            match receiver.recv_timeout(SETTLE) {
                Ok(word) => next = word,
                Err(RecvTimeoutError::Timeout) => return Some(round),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Asks for lists at addresses. Returns whether there are any.
    fn refresh(&self, is_forced: bool) -> bool {
        match lists::refresh_now(&self.setup, is_forced) {
            Ok(has_any) => has_any,
            Err(error) => {
                (self.tell)(Told::Failed(error.to_string()));
                false
            }
        }
    }

    fn scan(&mut self) {
        let mut inventory = match self.look() {
            Ok(inventory) => inventory,
            Err(error) => {
                (self.tell)(Told::Failed(error.to_string()));
                return;
            }
        };
        self.follow(&inventory);
        inventory.notes.extend(self.watch_note.clone());
        if scan::has_unhashed(&inventory) {
            // What is known is told at once; hashing large files takes its time.
            let mut known = Arc::new(inventory);
            self.keep_and_tell(&known);
            let inventory = Arc::make_mut(&mut known);
            scan::fill_hashes(&self.setup, inventory, None);
            self.keep_and_tell(&known);
        } else {
            self.keep_and_tell(&Arc::new(inventory));
        }
    }

    /// What is told is there already: whoever hears it may act on it at once.
    fn keep_and_tell(&mut self, inventory: &Arc<Inventory>) {
        if let Ok(mut state) = self.state.lock() {
            *state = Some(Arc::clone(inventory));
        }
        self.tell(inventory);
    }

    /// Scans, and tells how far it is where that takes longer.
    fn look(&mut self) -> Result<Inventory, scan::ScanError> {
        let progress = Arc::new(Progress::default());
        if let Ok(mut current) = self.progress.lock() {
            *current = Arc::clone(&progress);
        }
        let (done, ended) = mpsc::channel::<()>();
        let watched = Arc::clone(&progress);
        let tell = Arc::clone(&self.tell);
        let ticker = thread::spawn(move || {
            while ended.recv_timeout(PROGRESS) == Err(RecvTimeoutError::Timeout) {
                tell(Told::Progress(watched.folders()));
            }
        });
        let options = Options::default();
        let scanned = scan::scan(&self.setup, &options, &mut self.running, &progress);
        drop(done);
        // A ticker that panicked has nothing more to tell.
        let _ = ticker.join();
        scanned
    }

    /// Tells what was found, if it differs from what was told before.
    fn tell(&mut self, inventory: &Inventory) {
        let shown = report(&self.setup, inventory);
        let mark = mark(&shown);
        if mark != self.told {
            self.told = mark;
            (self.tell)(Told::Report(Box::new(shown)));
        }
    }

    fn follow(&mut self, inventory: &Inventory) {
        self.targets = Targets::of(&self.setup, inventory);
        let sender = self.sender.clone();
        let changed = move |paths| {
            let _ = sender.send(Word::Changed(paths));
        };
        let watch = self
            .watch
            .get_or_insert_with(|| Watch::start(changed.clone()));
        self.watch_note = watch.set(&self.targets.folders, changed);
    }
}

/// Returns what tells one report from another: all of it but times and loads.
fn mark(report: &Report) -> Option<String> {
    let mut same = report.clone();
    same.made_at_s = 0;
    same.took_ms = 0;
    let processes = same
        .servers
        .iter_mut()
        .flat_map(|row| &mut row.running)
        .chain(&mut same.unexplained);
    for process in processes {
        process.memory_bytes = 0;
        process.cpu_percent = None;
    }
    let text = serde_json::to_string(&same).ok()?;
    Some(countersign_model::Digest::of(text.as_bytes()).hex())
}
