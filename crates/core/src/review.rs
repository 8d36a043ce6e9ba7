//! What a server tells the model: kept when it is seen, compared with what was approved, decided on.
//!
//! One way of starting a server has one key, in however many clients it stands: its arguments but for the
//! version, and the names of what it is given. So one change is one change, and an update is compared with what
//! was approved of the version before it.

mod ask;
mod findings;
mod standing;
mod way;

use countersign_model::{Digest, Entry, Identity, Server};
use countersign_rules::SurfaceFinding;
use countersign_store::{
    NewSnapshot, NewSurfaceDecision, SnapshotRow, StoreError, SurfaceDecisionRow,
};
use countersign_surface::{Drift, ExportError, Grade, Surface, drift, export, import};
use countersign_vault::{Seal, VaultError};

use crate::{
    Setup,
    decide::{self, Origin},
    setup,
};

pub use ask::{Answer, AskError, ask, contain};
pub(crate) use standing::Standings;
pub use way::Way;

/// How a surface was obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The server was started in a sandbox, or asked at its address, because the user wanted it.
    Probe,
    /// It was in a document.
    Import,
}

impl How {
    /// Returns the word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            How::Probe => "probe",
            How::Import => "import",
        }
    }
}

/// What was decided about a surface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// It may be shown to models, but for the tools that are left out.
    Approve {
        /// Names of tools that are not part of the approval.
        left_out: Vec<String>,
    },
    /// It may not.
    Reject,
}

/// Why a review could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is nothing that a decision could be about.
    #[error("review what has no name: {0}")]
    NoName(String),
    /// No surface was seen.
    #[error("find what it tells the model: it was not asked yet")]
    NeverSeen,
    /// Another surface than the one that was shown is there.
    #[error("decide on what was shown: it tells something else by now")]
    Moved,
    /// A cut surface cannot be approved.
    #[error("approve a surface that is not whole: {0}")]
    Incomplete(String),
    /// A tool that is left out is not there.
    #[error("leave out the tool `{0}`: there is none")]
    NoTool(String),
    /// What was kept cannot be read.
    #[error("read a surface that was kept")]
    Kept(#[from] ExportError),
    /// The key that seals decisions could not be had.
    #[error("seal the decision")]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is known of what a server tells the model.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The surface that was seen last.
    pub present: Surface,
    /// When and how it was seen.
    pub row: SnapshotRow,
    /// The surface that was approved last, with the decision, where one was and it can be relied on.
    pub approved: Option<(Surface, SurfaceDecisionRow)>,
    /// What was decided about the present one.
    pub decided: Option<SurfaceDecisionRow>,
    /// What changed since the approved one; everything is new where there is none.
    pub drift: Option<Drift>,
    /// Violated rules, worst first.
    pub findings: Vec<SurfaceFinding>,
}

impl Reviewed {
    /// Returns how the present surface stands: `approved`, `changed`, `rejected` or `undecided`.
    pub fn state(&self) -> &'static str {
        match (&self.decided, &self.drift) {
            (Some(decided), _) if !decided.is_approval => "rejected",
            (_, Some(drift)) if drift.grade() <= Some(Grade::Cosmetic) => "approved",
            (_, Some(_)) => "changed",
            (_, None) => "undecided",
        }
    }
}

/// Keeps a surface that was seen. Returns whether its content is a new one.
///
/// # Errors
/// [`ReviewError::NoName`] and [`ReviewError::Store`].
pub fn keep(
    setup: &Setup,
    entry: &Entry,
    server: &Server,
    surface: &Surface,
    how: How,
) -> Result<bool, ReviewError> {
    let way = Way::of(entry, server).ok_or_else(|| no_name(server))?;
    let kept = setup.store.keep_snapshot(&NewSnapshot {
        server: &way.server,
        key: &way.key,
        digest: surface.digest().as_bytes(),
        document: &export(surface),
        version: version(server),
        how: how.word(),
        at_s: setup::now_s(),
    })?;
    Ok(kept)
}

/// Returns what is known of what an entry's server tells the model.
///
/// # Errors
/// [`ReviewError`]; [`ReviewError::NeverSeen`] where nothing is.
pub fn look(setup: &Setup, entry: &Entry, server: &Server) -> Result<Reviewed, ReviewError> {
    let way = Way::of(entry, server).ok_or_else(|| no_name(server))?;
    let row = setup.store.snapshots(&way.server, &way.key)?;
    let row = row.into_iter().next().ok_or(ReviewError::NeverSeen)?;
    let present = import(&row.document)?;
    let decisions = decisions(setup, &way)?;
    let decided = decisions.iter().find(|one| one.digest == row.digest);
    let approvals = || decisions.iter().rev().filter(|one| one.is_approval);
    let same = approvals().find(|one| one.digest == row.digest);
    let approved = same.or_else(|| approvals().next());
    let approved = match approved {
        None => None,
        Some(decision) => {
            let kept = setup
                .store
                .snapshot(&way.server, &way.key, &decision.digest)?;
            match kept {
                None => None,
                Some(kept) => Some((import(&kept.document)?, decision.clone())),
            }
        }
    };
    let drift = approved.as_ref().map(|(before, _)| drift(before, &present));
    let findings = findings::findings(setup, &way, &present)?;
    Ok(Reviewed {
        findings,
        decided: decided.cloned(),
        present,
        row,
        approved,
        drift,
    })
}

/// Decides on the surface that was seen last, if it is still the one with `digest`.
///
/// # Errors
/// [`ReviewError`].
pub fn decide(
    setup: &Setup,
    entry: &Entry,
    server: &Server,
    digest: Digest,
    ruling: &Ruling,
    note: &str,
    origin: Origin,
) -> Result<(), ReviewError> {
    let way = Way::of(entry, server).ok_or_else(|| no_name(server))?;
    let reviewed = look(setup, entry, server)?;
    let present = &reviewed.present;
    if present.digest() != digest {
        return Err(ReviewError::Moved);
    }
    let left_out: &[String] = match ruling {
        Ruling::Approve { left_out } => {
            if let Some(fault) = present.faults().first() {
                return Err(ReviewError::Incomplete(fault.to_string()));
            }
            left_out
        }
        Ruling::Reject => &[],
    };
    let missing = left_out
        .iter()
        .find(|name| present.tools().all(|tool| tool.name() != name.as_str()));
    if let Some(name) = missing {
        return Err(ReviewError::NoTool(name.clone()));
    }
    // Strings can be written.
    let left_out = serde_json::to_string(left_out).unwrap_or_default();
    let (seal, _) = countersign_vault::make_seal_key(&setup.data_folder)?;
    let mut row = SurfaceDecisionRow {
        id: 0,
        is_approval: matches!(ruling, Ruling::Approve { .. }),
        server: way.server,
        key: way.key,
        digest: *digest.as_bytes(),
        left_out,
        note: note.trim().to_owned(),
        made_at_s: setup::now_s(),
        made_by: decide::made_by(origin),
        seal: Vec::new(),
    };
    row.seal = seal.sign(&sealed(&row).each_ref().map(Vec::as_slice));
    setup.store.decide_surface(&NewSurfaceDecision {
        is_approval: row.is_approval,
        server: &row.server,
        key: &row.key,
        digest: &row.digest,
        left_out: &row.left_out,
        note: &row.note,
        made_at_s: row.made_at_s,
        made_by: &row.made_by,
        seal: &row.seal,
    })?;
    Ok(())
}

/// Returns the decisions about one way of starting a server that can be relied on, oldest first. A
/// rejection always can.
fn decisions(setup: &Setup, way: &Way) -> Result<Vec<SurfaceDecisionRow>, StoreError> {
    let mut rows = setup.store.surface_decisions()?;
    rows.retain(|row| row.server == way.server && row.key == way.key);
    if rows.iter().any(|row| row.is_approval) {
        let key = countersign_vault::seal_key(&setup.data_folder);
        let key = key.as_ref().map(|(seal, _)| seal);
        rows.retain(|row| !row.is_approval || unverified(row, key).is_none());
    }
    Ok(rows)
}

/// Says why a decision cannot be relied on, if it cannot.
fn unverified(row: &SurfaceDecisionRow, key: Result<&Seal, &VaultError>) -> Option<String> {
    let seal = match key {
        Ok(seal) => seal,
        Err(error) => return Some(format!("its seal could not be checked ({error})")),
    };
    let holds = seal.verify(&sealed(row).each_ref().map(Vec::as_slice), &row.seal);
    (!holds).then(|| "its seal does not hold: something else wrote it".to_owned())
}

/// Everything that a seal covers. The first part keeps it apart from decisions about entries.
fn sealed(row: &SurfaceDecisionRow) -> [Vec<u8>; 9] {
    [
        b"surface".to_vec(),
        vec![u8::from(row.is_approval)],
        row.server.clone().into(),
        row.key.clone().into(),
        row.digest.to_vec(),
        row.left_out.clone().into(),
        row.note.clone().into(),
        row.made_at_s.to_le_bytes().to_vec(),
        row.made_by.clone().into(),
    ]
}

fn version(server: &Server) -> Option<&str> {
    match &server.identity {
        Identity::Package(package) => package
            .version
            .exact()
            .or(server.today.as_ref().map(|today| today.version.as_str())),
        _ => None,
    }
}

fn no_name(server: &Server) -> ReviewError {
    ReviewError::NoName(server.identity.to_string())
}
