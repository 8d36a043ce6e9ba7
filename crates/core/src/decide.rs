//! The user's own decisions: approving and refusing what the team's list does not cover.

use std::path::Path;

use countersign_launch::ProcessList;
use countersign_model::{Digest, Entry, Identity, Pin, Server, VersionSpec};
use countersign_rules::OriginNotice;
use countersign_store::{DecisionRow, NewDecision, StoreError};
use countersign_trust::{
    Approval, Decision, Denial, PersonalDecision,
    allowlist::{self, Token},
};
use countersign_vault::{Seal, VaultError};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{scan, setup, setup::Setup};

/// Who makes a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The user, in the window.
    Window,
    /// A command line; which programs led to it is recorded.
    CommandLine,
}

/// Begins the record of a decision made in the window.
const WINDOW: &str = "window";

/// Processes that are recorded above a command line.
const CHAIN_MAX: usize = 12;

/// Why an entry cannot be approved as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotApprovable {
    /// It names nothing that an approval could be bound to.
    #[error("what it starts has no name: {why}")]
    NoName {
        /// Why.
        why: String,
    },
    /// It takes whatever version comes.
    #[error("it {floats}; an approval has to be bound to what was reviewed")]
    Floats {
        /// Where it floats.
        floats: String,
        /// What to write in the config instead, where that is known.
        pin_as: Option<String>,
    },
    /// The file could not be hashed.
    #[error("the file {path} could not be read, so there is nothing to bind an approval to")]
    NoHash {
        /// The file.
        path: String,
    },
}

impl NotApprovable {
    /// Returns what to write in the config so that it can be approved, where that is known.
    pub fn pin_as(&self) -> Option<&str> {
        match self {
            NotApprovable::Floats { pin_as, .. } => pin_as.as_deref(),
            NotApprovable::NoName { .. } | NotApprovable::NoHash { .. } => None,
        }
    }
}

/// Why a decision could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The entry cannot be approved as it is.
    #[error("approve it as it is")]
    NotApprovable(#[from] NotApprovable),
    /// There is nothing that a denial could name.
    #[error("deny what has no name: {0}")]
    NoName(String),
    /// The expiry is past.
    #[error("approve until {0}, which is past")]
    Past(Date),
    /// The key that seals decisions could not be had.
    #[error("seal the decision")]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes the approval of an entry as it is: its content, its command with holes for credentials, its
/// variables and headers.
///
/// # Errors
/// [`NotApprovable`].
pub fn approval(
    entry: &Entry,
    server: &Server,
    expires: Option<Date>,
) -> Result<Approval, NotApprovable> {
    let name = server
        .identity
        .name()
        .ok_or_else(|| NotApprovable::NoName {
            why: match &server.identity {
                Identity::Unknown { why, .. } => why.clone(),
                other => other.to_string(),
            },
        })?;
    let facts = scan::facts(entry, server, "");
    let owned = |names: &[&str]| {
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        names.sort();
        names.dedup();
        names
    };
    let mut environment = owned(&facts.environment);
    environment.extend(server.wrapper_variables.iter().cloned());
    environment.sort();
    environment.dedup();
    let (version, digest, sha256) = content(server)?;
    let command =
        (!server.command.is_empty()).then(|| server.command.iter().map(Token::of).collect());
    Ok(Approval {
        server: name,
        version,
        digest,
        sha256,
        registry: server.registry.clone(),
        command,
        wrappers: server
            .wrappers
            .iter()
            .map(|wrapper| wrapper.name.clone())
            .collect(),
        env: environment,
        headers: owned(&facts.headers),
        tools: None,
        hosts: None,
        paths: None,
        reviewer: None,
        reviewed: Some(setup::today()),
        expires,
        reason: None,
    })
}

/// Says whether an entry can be approved as it is, without reading any file.
///
/// # Errors
/// [`NotApprovable`]; a file that was not hashed yet counts as one that can be.
pub fn approvable(entry: &Entry, server: &Server) -> Result<(), NotApprovable> {
    if let Identity::File { hash: None, .. } = server.identity {
        return Ok(());
    }
    approval(entry, server, None).map(|_| ())
}

/// Version, digest and hash to which an approval is bound.
type Content = (Option<String>, Option<String>, Option<String>);

fn content(server: &Server) -> Result<Content, NotApprovable> {
    let floats = || NotApprovable::Floats {
        floats: server.pin.to_string(),
        pin_as: pin_as(server),
    };
    match &server.identity {
        Identity::Package(package) => match &package.version {
            VersionSpec::Exact(version) => Ok((Some(version.clone()), None, None)),
            VersionSpec::Unstated | VersionSpec::Range(_) | VersionSpec::Tag(_) => Err(floats()),
        },
        Identity::Source { .. } => match &server.pin {
            Pin::VersionOnly(version) => Ok((Some(version.clone()), None, None)),
            Pin::Content(_) | Pin::Floating(_) | Pin::Remote => Err(floats()),
        },
        Identity::Image(image) => match &image.digest {
            Some(digest) => Ok((None, Some(digest.clone()), None)),
            None => Err(floats()),
        },
        Identity::File { path, hash, .. } => {
            let hash = hash
                .or_else(|| hash_now(path))
                .ok_or_else(|| NotApprovable::NoHash { path: path.clone() })?;
            Ok((None, None, Some(hash.hex())))
        }
        Identity::Module { .. }
        | Identity::Remote { .. }
        | Identity::BuiltIn { .. }
        | Identity::Inline { .. }
        | Identity::Unknown { .. } => Ok((None, None, None)),
    }
}

fn hash_now(path: &str) -> Option<Digest> {
    const BYTES_MAX: u64 = 64 * 1024 * 1024;
    let metadata = Path::new(path).metadata().ok()?;
    if !metadata.is_file() || metadata.len() > BYTES_MAX {
        return None;
    }
    std::fs::read(path).ok().map(|content| Digest::of(&content))
}

/// Says what to write in a config so that an entry can be approved: the version that its launcher's
/// cache holds.
fn pin_as(server: &Server) -> Option<String> {
    let Identity::Package(package) = &server.identity else {
        return None;
    };
    let version = &server.today.as_ref()?.version;
    let separator = match package.ecosystem {
        countersign_model::Ecosystem::Npm => "@",
        countersign_model::Ecosystem::Pypi => "==",
    };
    Some(format!("{}{separator}{version}", package.name))
}

/// Approves an entry as it is, for this user.
///
/// # Errors
/// [`DecideError`].
pub fn approve(
    setup: &Setup,
    entry: &Entry,
    server: &Server,
    note: &str,
    expires: Option<Date>,
    origin: Origin,
) -> Result<Approval, DecideError> {
    if let Some(date) = expires.filter(|date| *date < setup::today()) {
        return Err(DecideError::Past(date));
    }
    let approval = approval(entry, server, expires)?;
    keep(
        setup,
        true,
        &approval.server,
        &allowlist::stanza(&approval),
        note,
        origin,
    )?;
    Ok(approval)
}

/// Refuses a server, for this user, in every version.
///
/// # Errors
/// [`DecideError`].
pub fn deny(
    setup: &Setup,
    server: &Server,
    note: &str,
    origin: Origin,
) -> Result<String, DecideError> {
    let name = server
        .identity
        .name()
        .ok_or_else(|| DecideError::NoName(server.identity.to_string()))?;
    let denial = Denial {
        server: name.clone(),
        versions: Vec::new(),
        reason: if note.trim().is_empty() {
            "denied".to_owned()
        } else {
            note.trim().to_owned()
        },
        reviewer: None,
        reviewed: Some(setup::today()),
    };
    keep(
        setup,
        false,
        &name,
        &allowlist::denial_stanza(&denial),
        note,
        origin,
    )?;
    Ok(name)
}

/// Takes back every decision about a server and about what it tells the model. Returns how many there were.
///
/// # Errors
/// If the database fails.
pub fn forget(setup: &Setup, server: &str) -> Result<usize, StoreError> {
    let surfaces = setup.store.forget_surface_decisions(server)?;
    Ok(surfaces + setup.store.forget_decisions(server)?)
}

fn keep(
    setup: &Setup,
    is_approval: bool,
    server: &str,
    stanza: &str,
    note: &str,
    origin: Origin,
) -> Result<(), DecideError> {
    let (seal, _) = countersign_vault::make_seal_key(&setup.data_folder)?;
    let made_at_s = setup::now_s();
    let made_by = made_by(origin);
    let note = note.trim();
    let fields = fields(is_approval, server, stanza, note, made_at_s, &made_by);
    let signed = seal.sign(&fields.each_ref().map(Vec::as_slice));
    setup.store.decide(&NewDecision {
        is_approval,
        server,
        stanza,
        note,
        made_at_s,
        made_by: &made_by,
        seal: &signed,
    })?;
    Ok(())
}

/// Everything that a seal covers.
fn fields(
    is_approval: bool,
    server: &str,
    stanza: &str,
    note: &str,
    made_at_s: i64,
    made_by: &str,
) -> [Vec<u8>; 6] {
    [
        vec![u8::from(is_approval)],
        server.into(),
        stanza.into(),
        note.into(),
        made_at_s.to_le_bytes().to_vec(),
        made_by.into(),
    ]
}

/// Names the program that decides, and those that led to it.
pub(crate) fn made_by(origin: Origin) -> String {
    if origin == Origin::Window {
        return WINDOW.to_owned();
    }
    let processes = ProcessList::new().look().unwrap_or_default();
    let mut chain = Vec::new();
    let mut pid = Some(std::process::id());
    while let Some(process) =
        pid.and_then(|pid| processes.iter().find(|process| process.pid == pid))
    {
        chain.push(process.name.clone());
        pid = process.parent.filter(|_| chain.len() < CHAIN_MAX);
    }
    chain.join(" ← ")
}

/// Reads the user's decisions and checks their seals. An approval whose seal does not hold is not
/// used; a refusal always is.
pub(crate) fn personal(
    setup: &Setup,
    today: Date,
    notes: &mut Vec<String>,
) -> (Vec<PersonalDecision>, Vec<OriginNotice>) {
    let rows = match all(setup) {
        Ok(rows) => rows,
        Err(error) => {
            notes.push(format!("your own decisions could not be read: {error}"));
            return (Vec::new(), Vec::new());
        }
    };
    let mut decisions = Vec::with_capacity(rows.len());
    let mut origins = Vec::new();
    for (row, unverified) in rows {
        let Some(decision) = decision(&row, today) else {
            notes.push(format!(
                "a stored decision about {} could not be read",
                row.server
            ));
            continue;
        };
        if unverified.is_none() && row.made_by != WINDOW {
            origins.push(origin_notice(&row));
        }
        decisions.push(PersonalDecision {
            decision,
            unverified,
        });
    }
    (decisions, origins)
}

/// Returns where the key is that seals decisions; `None` where none was made yet.
///
/// # Errors
/// If the key cannot be had: a keyring that is locked, a file that others can read.
pub fn key_keeper(setup: &Setup) -> Result<Option<&'static str>, VaultError> {
    match countersign_vault::seal_key(&setup.data_folder) {
        Ok((_, keeper)) => Ok(Some(keeper.name())),
        Err(VaultError::Missing) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns every stored decision, oldest first, each with the reason why it is not used, if it is not.
///
/// # Errors
/// If the database fails.
pub fn all(setup: &Setup) -> Result<Vec<(DecisionRow, Option<String>)>, StoreError> {
    let rows = setup.store.decisions()?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let key = countersign_vault::seal_key(&setup.data_folder);
    Ok(rows
        .into_iter()
        .map(|row| {
            let unverified = unverified(&row, key.as_ref().map(|(seal, _)| seal));
            (row, unverified)
        })
        .collect())
}

fn unverified(row: &DecisionRow, key: Result<&Seal, &VaultError>) -> Option<String> {
    let seal = match key {
        Ok(seal) => seal,
        Err(error) => return Some(format!("its seal could not be checked ({error})")),
    };
    let fields = fields(
        row.is_approval,
        &row.server,
        &row.stanza,
        &row.note,
        row.made_at_s,
        &row.made_by,
    );
    let holds = seal.verify(&fields.each_ref().map(Vec::as_slice), &row.seal);
    (!holds).then(|| "its seal does not hold: something else wrote it".to_owned())
}

fn decision(row: &DecisionRow, today: Date) -> Option<Decision> {
    let text = format!(
        "format = {}\nname = \"you\"\n\n{}",
        allowlist::FORMAT,
        row.stanza
    );
    let (list, _) = allowlist::parse(&text, today).ok()?;
    if row.is_approval {
        let approval = list.approvals.into_iter().next()?;
        (approval.server == row.server).then(|| Decision::Approve(Box::new(approval)))
    } else {
        let mut denial = list.denials.into_iter().next()?;
        denial.reason.clone_from(&row.note);
        (denial.server == row.server).then_some(Decision::Deny(denial))
    }
}

fn origin_notice(row: &DecisionRow) -> OriginNotice {
    let made_on = Timestamp::from_second(row.made_at_s)
        .map(|time| time.to_zoned(TimeZone::system()).date().to_string())
        .unwrap_or_default();
    OriginNotice {
        server: row.server.clone(),
        is_approval: row.is_approval,
        made_by: row.made_by.clone(),
        made_on,
    }
}
