use anstyle::Style;
use countersign_core::json::{self, ConfigView, Report};

use super::{Done, look_at, setup};
use crate::{
    args::LookArguments,
    page::{BAD, Page, QUIET, STRONG, counted},
    print,
};

/// Lists clients and their files, or every place that is looked at.
pub(super) fn run(asked: &LookArguments, places: bool) -> Done {
    if places {
        return self::places(asked);
    }
    let (setup, inventory) = look_at(asked)?;
    let report = json::report(&setup, &inventory);
    if asked.json {
        let shown = serde_json::json!({
            "format": report.format,
            "clients": report.clients,
            "configs": report.configs,
        });
        return Ok(print(&super::json(&shown)?));
    }
    Ok(print(&page(&report)))
}

fn places(asked: &LookArguments) -> Done {
    let setup = setup(&asked.place)?;
    let places = json::places(&setup);
    if asked.json {
        return Ok(print(&super::json(&places)?));
    }
    let rows: Vec<Vec<String>> = places
        .into_iter()
        .map(|place| vec![place.client, place.scope, place.confidence, place.path])
        .collect();
    let mut page = Page::new();
    page.table(&["client", "scope", "known by", "place"], &rows);
    Ok(print(&page.text()))
}

fn page(report: &Report) -> String {
    let mut page = Page::new();
    if report.clients.is_empty() {
        let looked = format!(
            "No MCP clients found. Looked in {} places (`countersign clients --places`).",
            report.places_looked_at
        );
        page.line(0, &[(STRONG, &looked)]);
        return page.text();
    }
    for client in &report.clients {
        let servers = match client.servers {
            0 => "no servers".to_owned(),
            number => counted(number as usize, "server"),
        };
        let mut about = format!("  {servers}");
        if !client.is_present {
            about.push_str(", itself not found here");
        }
        if client.status != "active" {
            about.push_str(&format!(", {}", client.status));
        }
        page.line(0, &[(STRONG, &client.name), (QUIET, &about)]);
        for config in report
            .configs
            .iter()
            .filter(|config| client.configs.contains(&config.id))
        {
            self::config(&mut page, config, &client.id);
        }
    }
    page.text()
}

fn config(page: &mut Page, config: &ConfigView, client: &str) {
    let scopes: Vec<&str> = config
        .readers
        .iter()
        .filter(|reader| reader.client == client)
        .map(|reader| reader.scope.as_str())
        .collect();
    let scope = scopes.first().copied().unwrap_or_default();
    let state = match config.state.as_str() {
        "read" => counted(config.entries.len(), "entry"),
        "reported" => format!("{}, not parsed", config.role),
        _ => "not read".to_owned(),
    };
    page.line(
        2,
        &[
            (Style::new(), &config.path),
            (QUIET, &format!("  {scope}, {state}")),
        ],
    );
    if let Some(failure) = &config.failure {
        page.line(4, &[(BAD, &failure.message)]);
    }
    for fault in &config.faults {
        page.line(
            4,
            &[(QUIET, &format!("line {}: {}", fault.line, fault.message))],
        );
    }
}
