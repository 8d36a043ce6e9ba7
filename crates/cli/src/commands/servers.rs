use countersign_core::json;

use super::{Done, look_at, scan::client_name};
use crate::{args::LookArguments, page::Page, print};

/// Lists servers, one a line.
pub(super) fn run(asked: &LookArguments) -> Done {
    let (setup, inventory) = look_at(asked)?;
    let report = json::report(&setup, &inventory);
    if asked.json {
        return Ok(print(&super::json(&report.servers)?));
    }
    let rows: Vec<Vec<String>> = report
        .servers
        .iter()
        .map(|row| {
            let clients: Vec<&str> = row
                .clients
                .iter()
                .map(|id| client_name(&report, id))
                .collect();
            vec![
                row.trust.glyph.clone(),
                row.name.clone(),
                row.identity.label.clone(),
                row.pin.label.clone(),
                row.transport.clone(),
                row.severity.clone().unwrap_or_default(),
                if row.running.is_empty() {
                    ""
                } else {
                    "running"
                }
                .to_owned(),
                clients.join(", "),
            ]
        })
        .collect();
    let mut page = Page::new();
    page.table(
        &[
            "",
            "name",
            "server",
            "pin",
            "transport",
            "worst",
            "now",
            "clients",
        ],
        &rows,
    );
    Ok(print(&page.text()))
}
