use std::collections::HashMap;

use countersign_model::{Entry, Server};
use countersign_store::{LatestSurface, StoreError, SurfaceDecisionRow};
use countersign_surface::{Change, Drift, Grade, ItemKind, What, drift, import};
use countersign_trust::SurfaceStanding;
use jiff::{Timestamp, tz::TimeZone};

use super::{Way, unverified};
use crate::Setup;

/// How the surface that was seen last of each way of starting a server stands to what was decided.
#[derive(Debug, Default)]
pub(crate) struct Standings(HashMap<Way, SurfaceStanding>);

impl Standings {
    /// Reads what was seen and decided. Where nothing was decided, nothing is compared.
    pub(crate) fn read(setup: &Setup) -> Result<Self, StoreError> {
        let decisions = setup.store.surface_decisions()?;
        if decisions.is_empty() {
            return Ok(Self::default());
        }
        let mut by_way: HashMap<Way, Vec<&SurfaceDecisionRow>> = HashMap::new();
        for decision in &decisions {
            let way = Way {
                server: decision.server.clone(),
                key: decision.key.clone(),
            };
            by_way.entry(way).or_default().push(decision);
        }
        let key = countersign_vault::seal_key(&setup.data_folder);
        let key = key.as_ref().map(|(seal, _)| seal);
        let mut standings = HashMap::new();
        for latest in setup.store.latest_snapshots()? {
            let way = Way {
                server: latest.server.clone(),
                key: latest.key.clone(),
            };
            let Some(decisions) = by_way.get(&way) else {
                continue;
            };
            let checked: Vec<_> = decisions
                .iter()
                .map(|row| {
                    let why = row.is_approval.then(|| unverified(row, key)).flatten();
                    (*row, why)
                })
                .collect();
            let standing = standing(setup, &latest, &checked)?;
            standings.insert(way, standing);
        }
        Ok(Self(standings))
    }

    /// Returns how an entry's surface stands.
    pub(crate) fn of(&self, entry: &Entry, server: &Server) -> SurfaceStanding {
        if self.0.is_empty() {
            return SurfaceStanding::Undecided;
        }
        let way = Way::of(entry, server);
        way.and_then(|way| self.0.get(&way).cloned())
            .unwrap_or_default()
    }
}

fn standing(
    setup: &Setup,
    latest: &LatestSurface,
    decisions: &[(&SurfaceDecisionRow, Option<String>)],
) -> Result<SurfaceStanding, StoreError> {
    let about_it = decisions
        .iter()
        .find(|(row, _)| row.digest == latest.digest);
    match about_it {
        Some((row, _)) if !row.is_approval => {
            let note = row.note.clone();
            return Ok(SurfaceStanding::Rejected { note });
        }
        Some((_, None)) => return Ok(SurfaceStanding::Approved),
        Some((_, Some(_))) | None => {}
    }
    let usable = |decision: &&(&SurfaceDecisionRow, Option<String>)| {
        decision.0.is_approval && decision.1.is_none()
    };
    let Some((approved, _)) = decisions.iter().rev().find(usable) else {
        let why = decisions.iter().find_map(|(_, why)| why.clone());
        return Ok(why.map_or(SurfaceStanding::Undecided, |why| {
            SurfaceStanding::Unverified { why }
        }));
    };
    let before = setup
        .store
        .snapshot(&latest.server, &latest.key, &approved.digest)?;
    let after = setup
        .store
        .snapshot(&latest.server, &latest.key, &latest.digest)?;
    let on = after
        .as_ref()
        .map_or(latest.last_at_s, |row| row.first_at_s);
    let read = |row: Option<countersign_store::SnapshotRow>| import(&row?.document).ok();
    let drift = match (read(before), read(after)) {
        (Some(before), Some(after)) => Some(drift(&before, &after)),
        // What cannot be compared is not the same.
        _ => None,
    };
    Ok(match &drift {
        Some(drift) if drift.grade() <= Some(Grade::Cosmetic) => SurfaceStanding::Approved,
        drift => SurfaceStanding::Changed {
            what: drift
                .as_ref()
                .map_or_else(|| "what it tells the model".to_owned(), what),
            on: date(on),
        },
    })
}

/// Names what matters most of what changed.
pub(crate) fn what(drift: &Drift) -> String {
    let Some(first) = drift.changes().first() else {
        return "what it tells the model".to_owned();
    };
    let more = drift.changes().len() - 1;
    let named = named(first);
    match more {
        0 => named,
        1 => format!("{named} and one more thing"),
        _ => format!("{named} and {more} more things"),
    }
}

fn named(change: &Change) -> String {
    let kind = change.kind.name();
    let whole = match change.kind {
        ItemKind::Instructions => "its instructions".to_owned(),
        _ => format!("the {kind} `{}`", change.name),
    };
    match &change.what {
        What::Added(_) | What::Removed(_) => whole,
        What::Changed { fields, .. } => match fields.first() {
            Some(field) if field.pointer.as_str() == "/description" => {
                format!("the description of `{}`", change.name)
            }
            _ => whole,
        },
    }
}

fn date(at_s: i64) -> String {
    Timestamp::from_second(at_s)
        .map(|time| time.to_zoned(TimeZone::system()).date().to_string())
        .unwrap_or_default()
}
