//! What a move would do: read, decided, and checked against what the clients would make of it, with
//! nothing written.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
};

use countersign_clients::{
    Catalog,
    files::{self, Found},
    read::text_syntax,
};
use countersign_confedit::{Document, Edit, Edited, Node, Syntax};
use countersign_model::{
    Binding, Config, Effect, Entry, EntryId, GuardId, Pointer, SecretId, Start, TextFormat,
};
use countersign_rules::Assessed;
use countersign_vault::VaultError;
use zeroize::Zeroizing;

use super::{
    ambient::ambient,
    diff::{self, DiffLine},
    edits::{self, EntryEdit, Job, Move},
    gather::{loaded_names, tracking},
    ids::Ids,
    obstacle::{self, Obstacle},
    spot::{Spot, spots},
};
use crate::{Inventory, Setup, install::Installed, scan};

/// Plans are made anew without what a policy would keep out, this many times.
const ROUNDS_MAX: usize = 4;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// These entries only; all without it.
    pub entries: Option<Vec<EntryId>>,
    /// These places in the entries only; all without it.
    pub pointers: Option<Vec<Pointer>>,
    /// Files that only other projects say a client reads are edited too.
    pub consents: bool,
    /// Equal values share one item in the vault.
    pub joins: bool,
}

/// What a move would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files that would be edited.
    pub files: Vec<FilePlan>,
    /// Credentials that stay where they are.
    pub kept: Vec<Kept>,
}

/// What would be done to one file.
#[derive(Debug)]
pub struct FilePlan {
    /// The path as clients name it.
    pub path: PathBuf,
    /// The file itself, symbolic links followed.
    pub target: PathBuf,
    /// How its text is read.
    pub format: TextFormat,
    /// The text as it was read.
    pub before: Zeroizing<String>,
    /// The text as it would be.
    pub after: Edited,
    /// Entries that would be changed.
    pub entries: Vec<EntryPlan>,
    /// The lines that would change, with everything hidden that must not be shown.
    pub diff: Vec<DiffLine>,
}

/// What would become of one entry.
#[derive(Clone, Debug)]
pub struct EntryPlan {
    /// The entry.
    pub entry: EntryId,
    /// Its name. Untrusted text.
    pub name: String,
    /// Where it stands.
    pub pointer: Pointer,
    /// The id under which the guard knows it.
    pub guard: GuardId,
    /// What goes into the vault.
    pub moves: Vec<Move>,
    /// What all of it is bound to.
    pub binding: Binding,
    /// Items that it refers to already.
    pub known: Vec<SecretId>,
    /// Whether a remote server is reached through the bridge from here on.
    pub becomes_bridged: bool,
    /// Arguments of the server that hold a credential while it runs.
    pub visible_arguments: usize,
    /// Variables that the server is known to read from the surroundings; it is handed them.
    pub ambient: Vec<String>,
}

/// A credential that stays where it is.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The entry.
    pub entry: EntryId,
    /// The credential.
    pub spot: Spot,
    /// Why.
    pub obstacle: Obstacle,
}

impl Plan {
    /// Returns how many credentials would be moved.
    pub fn moves(&self) -> usize {
        let entries = self.files.iter().flat_map(|file| &file.entries);
        entries.map(|entry| entry.moves.len()).sum()
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The files cannot be read again as they would be.
    #[error(transparent)]
    Scan(#[from] scan::ScanError),
    /// There are no random numbers.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Plans a move. Nothing is written.
///
/// # Errors
/// [`PlanError`].
pub fn plan(
    setup: &Setup,
    options: &scan::Options,
    inventory: &Inventory,
    installed: &Installed,
    request: &Request,
) -> Result<Plan, PlanError> {
    let catalog = scan::catalog(setup, &mut Vec::new());
    let mut blocked: HashMap<EntryId, Obstacle> = HashMap::new();
    for _ in 0..ROUNDS_MAX {
        let mut plan = Plan::default();
        let mut ids = Ids::new(request.joins);
        for config in &inventory.configs {
            let chosen = chosen(config, request);
            if !chosen.is_empty() {
                let planner = Planner {
                    catalog: &catalog,
                    installed,
                    config,
                    consents: request.consents,
                    blocked: &blocked,
                    assessed: &inventory.assessed,
                };
                planner.file(chosen, &mut plan, &mut ids);
            }
        }
        ids.finish()?;
        let found = refused_afterwards(setup, options, inventory, &plan, installed)?;
        if found.is_empty() {
            show(setup, options, inventory, &mut plan)?;
            return Ok(plan);
        }
        blocked.extend(found);
    }
    // What is still refused after so many rounds stays where it is.
    let kept = |config: &Config| everything_kept(config, request, &blocked);
    Ok(Plan {
        files: Vec::new(),
        kept: inventory.configs.iter().flat_map(kept).collect(),
    })
}

/// Returns the entries with the credentials that are asked for.
fn chosen<'scan>(config: &'scan Config, request: &Request) -> Vec<(&'scan Entry, Vec<Spot>)> {
    let is_asked = |entry: &Entry| {
        let entries = request.entries.as_ref();
        entries.is_none_or(|entries| entries.contains(&entry.id))
    };
    let entries = config.entries.iter().filter(|entry| is_asked(entry));
    entries
        .filter_map(|entry| {
            let found: Vec<Spot> = spots(entry)
                .into_iter()
                .filter(|spot| match &request.pointers {
                    Some(pointers) => pointers.contains(&spot.pointer),
                    None => spot.is_sure(),
                })
                .collect();
            (!found.is_empty()).then_some((entry, found))
        })
        .collect()
}

fn everything_kept(
    config: &Config,
    request: &Request,
    blocked: &HashMap<EntryId, Obstacle>,
) -> Vec<Kept> {
    let unsettled = || Obstacle::Policy("it is not settled which entries may change".to_owned());
    chosen(config, request)
        .into_iter()
        .flat_map(|(entry, spots)| {
            let obstacle = blocked.get(&entry.id).cloned().unwrap_or_else(unsettled);
            keep(entry, &spots, &obstacle)
        })
        .collect()
}

fn keep(entry: &Entry, spots: &[Spot], obstacle: &Obstacle) -> Vec<Kept> {
    spots
        .iter()
        .map(|spot| Kept {
            entry: entry.id.clone(),
            spot: spot.clone(),
            obstacle: obstacle.clone(),
        })
        .collect()
}

/// Plans for one file.
struct Planner<'scan> {
    catalog: &'scan Catalog,
    installed: &'scan Installed,
    config: &'scan Config,
    consents: bool,
    blocked: &'scan HashMap<EntryId, Obstacle>,
    assessed: &'scan HashMap<EntryId, Assessed>,
}

impl Planner<'_> {
    fn file(&self, chosen: Vec<(&Entry, Vec<Spot>)>, plan: &mut Plan, ids: &mut Ids) {
        let (before, syntax) = match self.text() {
            Ok(read) => read,
            Err(obstacle) => {
                let kept = chosen
                    .iter()
                    .flat_map(|(entry, spots)| keep(entry, spots, &obstacle));
                plan.kept.extend(kept);
                return;
            }
        };
        let Ok(document) = Document::parse(&before, syntax) else {
            let kept = chosen
                .iter()
                .flat_map(|(entry, spots)| keep(entry, spots, &Obstacle::Unread));
            plan.kept.extend(kept);
            return;
        };
        let mut edits: Vec<Edit> = Vec::new();
        let mut entries = Vec::new();
        for (entry, spots) in chosen {
            let (members, movable): (Vec<Spot>, Vec<Spot>) = spots
                .into_iter()
                .partition(|spot| spot.kind == super::SpotKind::Member);
            plan.kept.extend(keep(entry, &members, &Obstacle::Member));
            if movable.is_empty() {
                continue;
            }
            match self.entry(entry, &movable, document.root(), &before, syntax, ids) {
                Ok((made, ambient)) => {
                    edits.extend(made.edits.iter().cloned());
                    entries.push(planned(entry, made, ambient));
                }
                Err(obstacle) => plan.kept.extend(keep(entry, &movable, &obstacle)),
            }
        }
        if entries.is_empty() {
            return;
        }
        match countersign_confedit::edit(&before, syntax, &edits) {
            Ok(after) => plan.files.push(FilePlan {
                path: self.config.path.as_path().to_owned(),
                target: files::target(&self.config.path)
                    .unwrap_or_else(|| self.config.path.as_path().to_owned()),
                format: self.config.format,
                before,
                after,
                entries,
                diff: Vec::new(),
            }),
            Err(failure) => {
                let obstacle = Obstacle::Layout(failure.to_string());
                let moves = entries.iter().flat_map(|entry| {
                    entry.moves.iter().map(|taken| Kept {
                        entry: entry.entry.clone(),
                        spot: taken.spot.clone(),
                        obstacle: obstacle.clone(),
                    })
                });
                plan.kept.extend(moves);
            }
        }
    }

    /// Reads the file as it is at this moment.
    fn text(&self) -> Result<(Zeroizing<String>, Syntax), Obstacle> {
        let tracking = tracking(self.config);
        if let Some(obstacle) = obstacle::of_file(self.config, tracking, self.consents) {
            return Err(obstacle);
        }
        let syntax = text_syntax(self.config.format).ok_or(Obstacle::NotAConfig)?;
        match files::read(&self.config.path) {
            Found::Text(content) => Ok((content.text, syntax)),
            Found::Absent | Found::Failed { .. } => Err(Obstacle::Unread),
        }
    }

    fn entry(
        &self,
        entry: &Entry,
        spots: &[Spot],
        root: &Node,
        before: &str,
        syntax: Syntax,
        ids: &mut Ids,
    ) -> Result<(EntryEdit, Vec<String>), Obstacle> {
        if let Some(obstacle) = self.blocked.get(&entry.id) {
            return Err(obstacle.clone());
        }
        if let Some(obstacle) = obstacle::of_entry(entry, spots) {
            return Err(obstacle);
        }
        let assessed = self.assessed.get(&entry.id);
        let ambient = ambient(entry, assessed.map(|assessed| &assessed.server));
        let mut further_names = loaded_names(self.config, entry);
        further_names.extend(ambient.iter().cloned());
        let made = edits::edit(
            &Job {
                entry,
                root,
                dialect: self.catalog.dialect(&entry.dialect),
                installed: self.installed,
                chosen: spots,
                further_names: &further_names,
            },
            ids,
        )?;
        // One entry that cannot be written must not keep the others of its file.
        countersign_confedit::edit(before, syntax, &made.edits)
            .map_err(|failure| Obstacle::Layout(failure.to_string()))?;
        Ok((made, ambient))
    }
}

fn planned(entry: &Entry, made: EntryEdit, ambient: Vec<String>) -> EntryPlan {
    EntryPlan {
        entry: entry.id.clone(),
        name: entry.name.clone(),
        pointer: entry.pointer.clone(),
        guard: made.id,
        moves: made.moves,
        binding: made.binding,
        known: made.known,
        becomes_bridged: made.becomes_bridged,
        visible_arguments: made.visible_arguments,
        ambient,
    }
}

/// Reads every file as it would be, as its clients would, and returns the entries that would not be in
/// effect any more or not start what they start.
fn refused_afterwards(
    setup: &Setup,
    options: &scan::Options,
    inventory: &Inventory,
    plan: &Plan,
    installed: &Installed,
) -> Result<HashMap<EntryId, Obstacle>, scan::ScanError> {
    let mut found = HashMap::new();
    if plan.files.is_empty() {
        return Ok(found);
    }
    let afterwards = scan::configs_as_if(setup, options, &overlay(plan))?;
    let entries: HashMap<&EntryId, &Entry> = afterwards
        .iter()
        .flat_map(|config| &config.entries)
        .map(|entry| (&entry.id, entry))
        .collect();
    let planned: HashSet<&EntryId> = plan
        .files
        .iter()
        .flat_map(|file| file.entries.iter().map(|entry| &entry.entry))
        .collect();
    for (_, before) in inventory.entries() {
        if !planned.contains(&before.id) {
            continue;
        }
        let obstacle = match entries.get(&before.id) {
            None => Some(Obstacle::Layout("the client would not find it".to_owned())),
            Some(after) => changed_effect(before, after).or_else(|| {
                (!is_started_by_us(after, installed))
                    .then(|| Obstacle::Layout("the client would start something else".to_owned()))
            }),
        };
        if let Some(obstacle) = obstacle {
            found.insert(before.id.clone(), obstacle);
        }
    }
    Ok(found)
}

fn overlay(plan: &Plan) -> scan::Overlay {
    plan.files
        .iter()
        .map(|file| (file.path.clone(), file.after.text.clone()))
        .collect()
}

fn changed_effect(before: &Entry, after: &Entry) -> Option<Obstacle> {
    let pairs = before.effects.iter().zip(&after.effects);
    for (before, after) in pairs {
        let was_kept_out = matches!(before, Effect::Blocked(_) | Effect::Refused(_));
        match after {
            Effect::Blocked(why) if !was_kept_out => return Some(Obstacle::Policy(why.clone())),
            Effect::Refused(why) if !was_kept_out => return Some(Obstacle::Layout(why.clone())),
            _ => {}
        }
    }
    None
}

fn is_started_by_us(entry: &Entry, installed: &Installed) -> bool {
    let Start::Command(command) = &entry.start else {
        return false;
    };
    let program = command.program.expose("compared with the installed guard");
    program == installed.guard || program == installed.bridge
}

/// Fills in the lines that would change.
fn show(
    setup: &Setup,
    options: &scan::Options,
    inventory: &Inventory,
    plan: &mut Plan,
) -> Result<(), scan::ScanError> {
    if plan.files.is_empty() {
        return Ok(());
    }
    let afterwards = scan::configs_as_if(setup, options, &overlay(plan))?;
    for file in &mut plan.files {
        let of = |configs: &'_ [Config]| {
            configs
                .iter()
                .position(|config| config.path.as_path() == file.path)
        };
        let before = of(&inventory.configs).map(|at| &inventory.configs[at]);
        let after = of(&afterwards).map(|at| &afterwards[at]);
        let configs: Vec<&Config> = before.into_iter().chain(after).collect();
        let ids: Vec<String> = file
            .entries
            .iter()
            .map(|entry| entry.guard.to_string())
            .collect();
        file.diff = diff::lines(&file.before, &file.after.text, file.format, &configs, &ids);
    }
    Ok(())
}
