//! Rules over what a server tells the model, beside what the other servers tell.

use countersign_rules::{Neighbour, SurfaceFinding, SurfaceLook, check_surface};
use countersign_store::StoreError;
use countersign_surface::{Surface, import};

use super::Way;
use crate::Setup;

/// Other servers that are compared with.
const NEIGHBOURS_MAX: usize = 200;

/// Runs the rules over a surface. Other servers are those whose surfaces were seen.
///
/// # Errors
/// [`StoreError`].
pub(super) fn findings(
    setup: &Setup,
    way: &Way,
    surface: &Surface,
) -> Result<Vec<SurfaceFinding>, StoreError> {
    let decisions = setup.store.surface_decisions()?;
    let mut others = Vec::new();
    for latest in setup.store.latest_snapshots()? {
        if latest.server == way.server || others.len() == NEIGHBOURS_MAX {
            continue;
        }
        let kept = setup
            .store
            .snapshot(&latest.server, &latest.key, &latest.digest)?;
        // What cannot be read is not compared with; its own review says so.
        let Some(other) = kept.and_then(|row| import(&row.document).ok()) else {
            continue;
        };
        let is_approved = decisions.iter().any(|one| {
            one.is_approval && one.server == latest.server && one.digest == latest.digest
        });
        others.push((short_name(&latest.server).to_owned(), other, is_approved));
    }
    let neighbours: Vec<Neighbour<'_>> = others
        .iter()
        .map(|(server, surface, is_approved)| Neighbour {
            server,
            tools: surface.tools().map(|tool| tool.name()).collect(),
            is_approved: *is_approved,
        })
        .collect();
    Ok(check_surface(&SurfaceLook {
        surface,
        server: short_name(&way.server),
        neighbours: &neighbours,
    }))
}

/// Returns the last part of a server's name: what people and texts call it.
fn short_name(server: &str) -> &str {
    let name = server.rsplit('/').find(|part| !part.is_empty());
    name.unwrap_or(server)
}
