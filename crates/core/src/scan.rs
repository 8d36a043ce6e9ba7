//! Looking at the machine: which clients are here, which servers each starts, what each really is.

mod caches;
mod candidates;
mod documents;
mod gaps;
mod hashes;
mod held;
mod load;
mod packages;
mod places;
mod presence;
mod projects;
mod running;
mod surroundings;
mod tracked;

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use countersign_clients::{Catalog, effects, walk::Markers};
use countersign_model::{Config, ConfigId, EntryId, Finding, Suppression};
use countersign_rules::{Assessed, HeldFile, Repeats, Scene};
use countersign_store::Settings;
use countersign_trust::{Facts, Lists, evaluate, with_surface};
use jiff::civil::Date;

use crate::{
    decide,
    inventory::{Inventory, UnreadablePlace},
    lists, moves,
    review::Standings,
    setup,
    setup::Setup,
};

pub use countersign_clients::{Machine, walk::Progress};
pub use hashes::{fill_hashes, has_unhashed};
pub use running::RunningLook;

/// What a scan is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folders that are walked for projects, besides those in the settings.
    pub roots: Vec<PathBuf>,
    /// Config files that are read wherever they are.
    pub files: Vec<PathBuf>,
    /// Lists that are used besides those in the settings.
    pub lists: Vec<PathBuf>,
    /// Leaves running processes out.
    pub without_running: bool,
    /// Looks only at `roots` and `files`, not at the home.
    pub only_given: bool,
    /// The day by which approvals run out; today if not given.
    pub today: Option<Date>,
}

/// Why a scan cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] countersign_store::StoreError),
    /// A list inside a folder that is scanned would speak for itself.
    #[error("use the list {}: it lies inside {}, which is scanned", list.display(), root.display())]
    ListInsideRoot {
        /// The list.
        list: PathBuf,
        /// The folder.
        root: PathBuf,
    },
}

/// Scans. `running` keeps what is needed to tell shares of a core between looks.
///
/// # Errors
/// [`ScanError`]: only what keeps the whole scan from being made. A file that cannot be read is a
/// state of that file.
pub fn scan(
    setup: &Setup,
    options: &Options,
    running: &mut RunningLook,
    progress: &Progress,
) -> Result<Inventory, ScanError> {
    let started = Instant::now();
    let today = options.today.unwrap_or_else(setup::today);
    let settings = setup.store.settings()?;
    check_lists(options)?;
    let mut notes = Vec::new();
    let catalog = catalog(setup, &mut notes);
    // Processes are slow to list; that runs beside everything else.
    let (looked, gathered) = rayon::join(
        || running.look(setup, options),
        || {
            gather(
                setup,
                options,
                &settings,
                &catalog,
                progress,
                &Overlay::new(),
            )
        },
    );
    let mut gathered = gathered;
    notes.append(&mut gathered.notes);
    notes.extend(unfinished(setup));
    let team = lists::load(setup, &settings, &options.lists, today);
    let (personal, origins) = decide::personal(setup, today, &mut notes);
    let servers = surroundings::identify_all(setup, &gathered.configs);
    let mut assessed = assess(
        &gathered.configs,
        servers,
        &team,
        &personal,
        &standings(setup, &mut notes),
        &setup.machine.home,
        today,
    );
    let unexplained = running::assign(&catalog, looked.as_ref(), &gathered.configs, &mut assessed);
    let scene = Scene {
        os: setup.machine.os,
        home: &setup.machine.home,
        configs: &gathered.configs,
        assessed: &assessed,
        documents: &gathered.documents,
        unexplained: &unexplained,
        origins: &origins,
        repeats: &Repeats::of(&gathered.configs, &setup.machine.home),
        tracked: &gathered.tracked,
        copies: &gathered.copies,
        environment_files: &gathered.environment_files,
    };
    let mut findings = countersign_rules::check(&scene);
    notes.extend(cut_short(findings.len()));
    places::settle(&mut findings, &gathered.configs, &gathered.loaded);
    suppress(setup, &mut findings, today)?;
    let running_state = running::state(setup, options, looked.as_ref());
    Ok(Inventory {
        clients: presence::clients(&catalog, &gathered.present, &gathered.configs),
        unreadable_places: unreadable_places(&catalog, &gathered.present),
        configs: gathered.configs,
        assessed,
        findings,
        lists: team,
        origins,
        unexplained,
        running_state,
        projects: gathered.projects,
        places_looked_at: gathered.places_looked_at,
        notes,
        is_partial: gathered.is_partial,
        took: started.elapsed(),
    })
}

/// Says that there are more findings than are shown.
fn cut_short(shown: usize) -> Option<String> {
    (shown >= countersign_rules::FINDINGS_MAX)
        .then(|| format!("only the first {shown} findings are shown"))
}

/// Says that a crash left a move of credentials half done. A scan mends nothing.
fn unfinished(setup: &Setup) -> Option<String> {
    let is_needed = setup.is_own_home && moves::recover::is_needed(setup).unwrap_or(false);
    is_needed.then(|| {
        "a move of credentials was cut off; `countersign secrets status` mends it".to_owned()
    })
}

/// Texts that are read in the place of what stands in files, by path.
pub(crate) type Overlay = HashMap<PathBuf, zeroize::Zeroizing<String>>;

/// Reads the configs of the machine as they would be with other texts in some files.
///
/// # Errors
/// [`ScanError::Store`].
pub(crate) fn configs_as_if(
    setup: &Setup,
    options: &Options,
    overlay: &Overlay,
) -> Result<Vec<Config>, ScanError> {
    let settings = setup.store.settings()?;
    let catalog = catalog(setup, &mut Vec::new());
    let progress = Progress::default();
    let gathered = gather(setup, options, &settings, &catalog, &progress, overlay);
    Ok(gathered.configs)
}

/// What was gathered from the disk.
struct Gathered {
    configs: Vec<Config>,
    documents: Vec<countersign_rules::SceneDocument>,
    loaded: Vec<load::LoadedDocument>,
    present: presence::Present,
    projects: Vec<Arc<PathBuf>>,
    places_looked_at: usize,
    tracked: HashSet<ConfigId>,
    copies: HashMap<ConfigId, HeldFile>,
    environment_files: HashMap<EntryId, Vec<HeldFile>>,
    is_partial: bool,
    notes: Vec<String>,
}

fn gather(
    setup: &Setup,
    options: &Options,
    settings: &Settings,
    catalog: &Catalog,
    progress: &Progress,
    overlay: &Overlay,
) -> Gathered {
    let mut present = presence::markers(setup, catalog, options.only_given);
    let roots: Vec<PathBuf> = settings
        .folders
        .iter()
        .map(|folder| PathBuf::from(setup.machine.absolute(folder)))
        .filter(|_| !options.only_given)
        .chain(options.roots.iter().cloned())
        .collect();
    let markers = Markers::of(catalog, &setup.machine);
    let walked = countersign_clients::walk::walk(&roots, &markers, progress);
    let mut gaps = gaps::Gaps::default();
    let known = if options.only_given {
        Vec::new()
    } else {
        projects::known(setup, catalog, &mut gaps)
    };
    let projects = projects::all(setup, known, walked.projects, &roots);
    let found = candidates::find(setup, catalog, options, &projects, &mut gaps);
    let files = candidates::group(found.candidates);
    let loaded = load::load(setup, catalog, &files, overlay, &mut present);
    let switches = documents::switches(setup, catalog, &loaded.documents, &projects, &mut gaps);
    let mut configs = loaded.configs;
    effects::settle(&mut configs, &switches, catalog);
    let documents = documents::wanted(setup, &projects, options.only_given, &mut gaps);
    if projects.len() >= projects::PROJECTS_MAX {
        gaps.tell(format!(
            "only the first {} projects were looked at",
            projects::PROJECTS_MAX
        ));
    }
    if walked.is_partial {
        gaps.tell(format!(
            "the walk for projects ended after {} folders and is not complete",
            progress.folders()
        ));
    }
    let tracked = tracked::tracked(setup, &configs, &mut gaps);
    let copies = held::copies(setup, &configs, &mut gaps);
    let environment_files = held::environment_files(setup, &configs, &mut gaps);
    Gathered {
        configs,
        tracked,
        copies,
        environment_files,
        documents,
        loaded: loaded.documents,
        present,
        projects,
        places_looked_at: found.places_looked_at,
        is_partial: gaps.is_any(),
        notes: gaps.into_notes(),
    }
}

/// Returns the catalog with the clients that the user added.
pub(crate) fn catalog(setup: &Setup, notes: &mut Vec<String>) -> Catalog {
    let mut catalog = Catalog::built_in();
    let folder = setup.data_folder.join("clients");
    let pattern =
        countersign_clients::Pattern::new(&format!("{}/*.json", folder.to_string_lossy()));
    let expanded = countersign_clients::files::expand(&pattern);
    if let Some(gap) = expanded.gap {
        notes.push(format!("not every client of your own is known: {gap}"));
    }
    for path in expanded.paths {
        match countersign_clients::files::read(&path) {
            countersign_clients::files::Found::Text(content) => {
                if let Err(error) = catalog.add(&content.text) {
                    notes.push(format!("{} was not used: {error}", path.display()));
                }
            }
            countersign_clients::files::Found::Failed { failure, .. } => {
                notes.push(format!("{} was not used: {failure}", path.display()));
            }
            countersign_clients::files::Found::Absent => {}
        }
    }
    catalog
}

/// A list that a scanned folder brings along would approve itself.
fn check_lists(options: &Options) -> Result<(), ScanError> {
    for list in &options.lists {
        let real = list.canonicalize().unwrap_or_else(|_| list.clone());
        for root in &options.roots {
            let real_root = root.canonicalize().unwrap_or_else(|_| root.clone());
            if real.starts_with(&real_root) {
                return Err(ScanError::ListInsideRoot {
                    list: list.clone(),
                    root: root.clone(),
                });
            }
        }
    }
    Ok(())
}

/// Reads how surfaces stand; what cannot be read is told, and counts as not compared.
fn standings(setup: &Setup, notes: &mut Vec<String>) -> Standings {
    Standings::read(setup).unwrap_or_else(|error| {
        notes.push(format!(
            "what servers told the model could not be read: {error}"
        ));
        Standings::default()
    })
}

fn assess(
    configs: &[Config],
    servers: HashMap<EntryId, countersign_model::Server>,
    team: &[lists::ListState],
    personal: &[countersign_trust::PersonalDecision],
    standings: &Standings,
    home: &str,
    today: Date,
) -> HashMap<EntryId, Assessed> {
    let team: Vec<countersign_trust::TeamList> =
        team.iter().filter_map(|state| state.list.clone()).collect();
    let lists = Lists {
        team: &team,
        personal,
    };
    let mut servers = servers;
    configs
        .iter()
        .flat_map(|config| &config.entries)
        .filter_map(|entry| {
            let server = servers.remove(&entry.id)?;
            let facts = facts(entry, &server, home);
            let standing = standings.of(entry, &server);
            let verdict = with_surface(evaluate(&facts, lists, today), &standing);
            let assessed = Assessed {
                server,
                verdict,
                running: Vec::new(),
            };
            Some((entry.id.clone(), assessed))
        })
        .collect()
}

/// Collects what a verdict on an entry is about.
pub(crate) fn facts<'entry>(
    entry: &'entry countersign_model::Entry,
    server: &'entry countersign_model::Server,
    home: &'entry str,
) -> Facts<'entry> {
    let environment = entry
        .environment
        .iter()
        .map(|setting| setting.name.as_str())
        .chain(entry.environment_names.iter().map(String::as_str))
        .collect();
    let headers = entry
        .headers
        .iter()
        .map(|setting| setting.name.as_str())
        .chain(
            entry
                .header_variables
                .iter()
                .map(|(header, _)| header.as_str()),
        )
        .chain(moves::bridged_headers(entry, server))
        .collect();
    Facts {
        server,
        environment,
        headers,
        home,
    }
}

/// Marks the findings that the user wants quiet, as long as that holds.
fn suppress(setup: &Setup, findings: &mut [Finding], today: Date) -> Result<(), ScanError> {
    let rows = setup.store.suppressions()?;
    for finding in findings {
        let subject = crate::suppress::subject(&finding.subject);
        finding.suppressed = rows
            .iter()
            .filter(|row| row.until.parse::<Date>().is_ok_and(|until| until >= today))
            .find(|row| row.rule == finding.rule.as_str() && row.subject == subject)
            .map(|row| Suppression {
                reason: row.reason.clone(),
                until: row.until.clone(),
            });
    }
    Ok(())
}

/// Returns the places of present clients that no file shows.
fn unreadable_places(catalog: &Catalog, present: &presence::Present) -> Vec<UnreadablePlace> {
    catalog
        .locations()
        .filter(|location| present.contains_key(&location.client))
        .filter_map(|location| {
            Some(UnreadablePlace {
                client: location.client.clone(),
                scope: location.scope,
                kept: location.kept.clone()?,
            })
        })
        .collect()
}
