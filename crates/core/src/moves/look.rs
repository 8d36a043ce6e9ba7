//! What is shown of credentials: in plain text, in the vault, moved.

use std::{collections::HashSet, path::Path};

use countersign_clients::{Catalog, files};
use countersign_launch::ProcessList;
use countersign_model::{Argument, ClientId, Config, Digest, Entry, Nature, SecretText, Start};
use countersign_secrets::{Place, classify, rotation_page, shown_tail};
use countersign_store::{FileState, MoveFile};
use countersign_vault::{Held, VaultError};

use super::{
    EntryPlan, FilePlan, Kept, Move, MoveError, Plan, Reference, Spot, SpotKind, Through, Wrapped,
    diff::DiffLine, obstacle::Obstacle, recover, shelf::Shelf, wrapped,
};
use crate::{
    Inventory, Setup,
    install::{self, Installed, ProgramState, Shipped},
    json::{
        CREDENTIALS_FORMAT, CredentialsView, DiffLineView, EntryPlanView, FilePlanView,
        GuardedView, KeptView, MoveFileView, MoveView, PlanView, ProgramView, ReferenceView,
        SpotView, count,
    },
    scan,
};

/// Shows everything. `plan` is what moving everything would do.
///
/// # Errors
/// [`MoveError`]: what keeps the journal or the programs from being looked at. A vault that does not
/// answer is a state of the vault.
pub fn look(
    setup: &Setup,
    inventory: &Inventory,
    plan: &Plan,
    shipped: &Shipped,
) -> Result<CredentialsView, MoveError> {
    let catalog = scan::catalog(setup, &mut Vec::new());
    let installed = install::place(setup);
    let shelf = Shelf::open(setup);
    let shown = Shown {
        setup,
        catalog: &catalog,
        inventory,
        running: running(&catalog),
    };
    Ok(CredentialsView {
        format: CREDENTIALS_FORMAT,
        vault: shelf.view(),
        programs: program_views(setup, shipped)?,
        plan: shown.plan(plan),
        guarded: shown.guarded(&installed, &shelf),
        moves: move_views(setup)?,
        unfinished: recover::is_needed(setup)?.then(|| {
            "A move was interrupted. It is taken back or finished as soon as the vault is open."
                .to_owned()
        }),
    })
}

/// Shows a plan alone.
pub fn plan_view(setup: &Setup, inventory: &Inventory, plan: &Plan) -> PlanView {
    let catalog = scan::catalog(setup, &mut Vec::new());
    let shown = Shown {
        setup,
        catalog: &catalog,
        inventory,
        running: running(&catalog),
    };
    shown.plan(plan)
}

/// Shows the entries alone that take their credentials from the vault.
pub fn guarded_views(setup: &Setup, inventory: &Inventory) -> Vec<GuardedView> {
    let catalog = scan::catalog(setup, &mut Vec::new());
    let shown = Shown {
        setup,
        catalog: &catalog,
        inventory,
        running: HashSet::new(),
    };
    shown.guarded(&install::place(setup), &Shelf::open(setup))
}

/// Shows the moves that were made, the latest first.
///
/// # Errors
/// [`MoveError::Store`].
pub fn move_views(setup: &Setup) -> Result<Vec<MoveView>, MoveError> {
    let mut views = Vec::new();
    for row in setup.store.moves()? {
        let files = setup.store.move_files(row.id)?;
        let credentials = files.iter().map(|file| file.items.len()).sum();
        let view = |file: &MoveFile| {
            let mut entries: Vec<String> =
                file.items.iter().map(|item| item.entry.clone()).collect();
            entries.dedup();
            MoveFileView {
                file: setup.shorten(Path::new(&file.path)),
                is_restored: file.state == FileState::Restored,
                entries,
            }
        };
        views.push(MoveView {
            id: u32::try_from(row.id).unwrap_or(u32::MAX),
            state: row.state.name().to_owned(),
            made_at_s: row.made_at_s,
            made_by: row.made_by,
            credentials: count(credentials),
            files: files.iter().map(view).collect(),
        });
    }
    Ok(views)
}

/// Shows guard and bridge.
///
/// # Errors
/// [`MoveError::Install`].
pub fn program_views(setup: &Setup, shipped: &Shipped) -> Result<Vec<ProgramView>, MoveError> {
    let states = install::look(setup, shipped)?;
    let names = ["guard", "bridge"];
    let view = |(name, (path, state)): (&str, (String, ProgramState))| ProgramView {
        name: name.to_owned(),
        path: setup.shorten(Path::new(&path)),
        state: state.name().to_owned(),
        version: match state {
            ProgramState::Earlier(version) | ProgramState::Later(version) => Some(version),
            ProgramState::Absent | ProgramState::Same | ProgramState::Altered => None,
        },
    };
    Ok(names.into_iter().zip(states).map(view).collect())
}

/// Returns the clients of which a process runs.
fn running(catalog: &Catalog) -> HashSet<ClientId> {
    let processes = ProcessList::new().look().unwrap_or_default();
    let names: HashSet<&str> = processes
        .iter()
        .map(|process| process.name.as_str())
        .collect();
    let runs = |client: &&countersign_clients::Client| {
        client
            .processes
            .iter()
            .any(|name| names.contains(name.as_str()))
    };
    let clients = catalog.clients.iter().filter(runs);
    clients.map(|client| client.id.clone()).collect()
}

/// What views are made from.
struct Shown<'scan> {
    setup: &'scan Setup,
    catalog: &'scan Catalog,
    inventory: &'scan Inventory,
    running: HashSet<ClientId>,
}

impl Shown<'_> {
    fn plan(&self, plan: &Plan) -> PlanView {
        PlanView {
            mark: mark(plan),
            credentials: count(plan.moves()),
            files: plan.files.iter().map(|file| self.file(file)).collect(),
            kept: plan
                .kept
                .iter()
                .filter_map(|kept| self.kept(kept))
                .collect(),
        }
    }

    fn file(&self, plan: &FilePlan) -> FilePlanView {
        let mut configs = self.inventory.configs.iter();
        let config = configs.find(|config| config.path.as_path() == plan.path);
        FilePlanView {
            file: self.setup.shorten(&plan.path),
            clients: config
                .map(|config| self.clients(config))
                .unwrap_or_default(),
            running: config
                .map(|config| self.running(config))
                .unwrap_or_default(),
            entries: plan.entries.iter().map(entry_plan).collect(),
            diff: plan.diff.iter().map(diff_line).collect(),
        }
    }

    fn kept(&self, kept: &Kept) -> Option<KeptView> {
        let mut entries = self.inventory.entries();
        let (config, entry) = entries.find(|(_, entry)| entry.id == kept.entry)?;
        let Kept { spot, obstacle, .. } = kept;
        Some(KeptView {
            entry: entry.id.to_string(),
            name: entry.name.clone(),
            file: self.setup.shorten(&config.path),
            clients: self.clients(config),
            spot: spot_view(spot, None),
            code: obstacle.code().to_owned(),
            why: obstacle.words(),
            instead: obstacle.instead().map(str::to_owned),
        })
    }

    fn guarded(&self, installed: &Installed, shelf: &Shelf) -> Vec<GuardedView> {
        let entries = self.inventory.entries();
        entries
            .filter_map(|(config, entry)| {
                let wrapped = wrapped(entry, installed)?;
                Some(self.guarded_one(config, entry, &wrapped, shelf))
            })
            .collect()
    }

    fn guarded_one(
        &self,
        config: &Config,
        entry: &Entry,
        wrapped: &Wrapped,
        shelf: &Shelf,
    ) -> GuardedView {
        GuardedView {
            entry: entry.id.to_string(),
            name: entry.name.clone(),
            file: self.setup.shorten(&config.path),
            clients: self.clients(config),
            through: match wrapped.through {
                Through::Guard(_) => "guard",
                Through::Bridge(_) => "bridge",
            }
            .to_owned(),
            guard: wrapped.guard.to_string(),
            starts: starts(entry, wrapped),
            references: wrapped
                .references
                .iter()
                .map(|reference| reference_view(reference, wrapped, shelf))
                .collect(),
        }
    }

    /// Returns the names of the clients that read a config.
    fn clients(&self, config: &Config) -> Vec<String> {
        self.names(config, |_| true)
    }

    fn running(&self, config: &Config) -> Vec<String> {
        self.names(config, |client| self.running.contains(client))
    }

    fn names(&self, config: &Config, is_meant: impl Fn(&ClientId) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        let readers = config.readers.iter();
        for reader in readers.filter(|reader| is_meant(&reader.client)) {
            let name = self.catalog.client_name(&reader.client).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// Returns what guard or bridge start or reach for an entry, as it may be shown.
fn starts(entry: &Entry, wrapped: &Wrapped) -> String {
    let Start::Command(command) = &entry.start else {
        return String::new();
    };
    let tokens: Vec<&str> = command.arguments.iter().map(Argument::shown).collect();
    let from = match wrapped.through {
        Through::Guard(prefix) => prefix,
        Through::Bridge(_) => tokens.len().saturating_sub(1),
    };
    tokens.get(from..).unwrap_or_default().join(" ")
}

fn reference_view(reference: &Reference, wrapped: &Wrapped, shelf: &Shelf) -> ReferenceView {
    let mut view = ReferenceView {
        id: reference.id.hex(),
        kind: reference.kind.name().to_owned(),
        name: reference.name.clone(),
        state: "unknown".to_owned(),
        differences: Vec::new(),
        held_by: None,
        should_rotate: false,
        label: None,
        rotation_page: None,
    };
    let item = match shelf.item(reference.id) {
        None => return view,
        Some(Err(VaultError::NoItem(_))) => {
            view.state = "missing".to_owned();
            return view;
        }
        Some(Err(_)) => return view,
        Some(Ok(item)) => item,
    };
    let homes = item.homes.iter();
    let closest = homes
        .map(|home| home.binding.differences(&wrapped.asked))
        .min_by_key(Vec::len);
    match &closest {
        Some(differences) if differences.is_empty() => {}
        _ => {
            let found = closest.iter().flatten();
            view.state = "not-bound".to_owned();
            view.differences = found
                .map(|one| shown_difference(&one.to_string()))
                .collect();
        }
    }
    match &item.value {
        Held::Elsewhere(elsewhere) => {
            view.held_by = Some(elsewhere.name().to_owned());
            if view.state == "unknown" {
                view.state = "elsewhere".to_owned();
            }
        }
        Held::Text(text) => {
            if view.state == "unknown" {
                view.state = "ready".to_owned();
            }
            view.should_rotate = shelf.moved.get(&reference.id) == Some(text);
            let issuer = issuer(reference, text);
            view.label = issuer.map(|(_, label)| label.to_owned());
            view.rotation_page = issuer
                .and_then(|(issuer, _)| rotation_page(issuer?))
                .map(str::to_owned);
        }
    }
    view
}

/// A difference names tokens of the config: what looks like a credential in them is hidden.
fn shown_difference(text: &str) -> String {
    let tokens: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let shown = countersign_secrets::arguments(&tokens);
    let shown: Vec<&str> = shown.iter().map(Argument::shown).collect();
    shown.join(" ")
}

fn issuer(
    reference: &Reference,
    value: &SecretText,
) -> Option<(Option<&'static str>, &'static str)> {
    let name = reference.name.trim_start_matches('-');
    let place = match reference.kind {
        SpotKind::Header => Place::Header(name),
        _ => Place::Variable(name),
    };
    match classify(place, value.expose("what it is is told, not what it says")) {
        Nature::Credential(credential) => Some((credential.issuer, credential.label)),
        _ => None,
    }
}

fn entry_plan(plan: &EntryPlan) -> EntryPlanView {
    EntryPlanView {
        entry: plan.entry.to_string(),
        name: plan.name.clone(),
        moves: plan
            .moves
            .iter()
            .map(|taken| spot_view(&taken.spot, Some(taken)))
            .collect(),
        becomes_bridged: plan.becomes_bridged,
        visible_arguments: count(plan.visible_arguments),
        ambient: plan.ambient.clone(),
    }
}

fn spot_view(spot: &Spot, taken: Option<&Move>) -> SpotView {
    let credential = &spot.credential;
    SpotView {
        kind: spot.kind.name().to_owned(),
        name: spot.name.clone(),
        pointer: spot.pointer.to_string(),
        issuer: credential.issuer.map(str::to_owned),
        label: credential.label.to_owned(),
        confidence: credential.confidence.name().to_owned(),
        reason: credential.why.clone(),
        characters: count(spot.characters),
        tail: taken.and_then(tail),
        rotation_page: credential.issuer.and_then(rotation_page).map(str::to_owned),
    }
}

/// Returns the last characters of a credential, where its issuer's own console shows them.
fn tail(taken: &Move) -> Option<String> {
    let credential = &taken.spot.credential;
    let value = taken
        .value
        .expose("its last characters are shown where its issuer shows them");
    let text = match taken.spot.kind {
        // A variable's whole value is moved, of which the credential may be a part.
        SpotKind::Variable => value.get(credential.span.clone())?,
        _ => value,
    };
    shown_tail(credential.issuer?, text).map(str::to_owned)
}

fn diff_line(line: &DiffLine) -> DiffLineView {
    DiffLineView {
        mark: line.mark.name().to_owned(),
        before: line.before,
        after: line.after,
        text: line.text.clone(),
    }
}

/// Returns what tells one plan from another: where credentials stand in which files as they are, and what
/// stays. Nothing of a value, and none of the ids that are drawn, is in it.
pub fn mark(plan: &Plan) -> String {
    let mut text = String::new();
    for file in &plan.files {
        let facts = files::stat(&file.path);
        let facts = facts.map(|facts| (facts.bytes, facts.modified_s));
        text.push_str(&format!("{}\0{facts:?}\0", file.path.display()));
        for entry in &file.entries {
            for Move { spot, .. } in &entry.moves {
                text.push_str(&format!("{}\0{}\0", spot.pointer, spot.characters));
            }
        }
    }
    for Kept { spot, obstacle, .. } in &plan.kept {
        text.push_str(&format!("{}\0{}\0", spot.pointer, Obstacle::code(obstacle)));
    }
    Digest::of(text.as_bytes()).id()
}
