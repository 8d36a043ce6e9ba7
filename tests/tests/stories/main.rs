//! What a user does, told on the real program in a home of nobody.

#![forbid(unsafe_code)]

mod credentials;
mod decide;
mod lists;
mod output;
#[cfg(target_os = "linux")]
mod page;
mod projects;
mod quiet_look;
#[cfg(target_os = "linux")]
mod running;
mod scan;
mod surface;

use countersign_tests::Home;
use serde_json::Value;

/// A config of servers by name, as Cursor and Claude write it.
fn servers(entries: &str) -> String {
    format!("{{\"mcpServers\": {{{entries}}}}}\n")
}

/// A home with one pinned package in Cursor.
fn pinned() -> Home {
    Home::new().with(
        ".cursor/mcp.json",
        &servers(r#""notes": {"command": "npx", "args": ["-y", "notes-mcp@1.0.0"], "env": {"NOTES_FOLDER": "/srv/notes"}}"#),
    )
}

/// Returns the texts of one member of every element of a report's list.
fn texts<'report>(report: &'report Value, list: &str, member: &str) -> Vec<&'report str> {
    let elements = report[list].as_array().expect("the report has this list");
    elements
        .iter()
        .filter_map(|element| element[member].as_str())
        .collect()
}

/// Returns the element of a report's list whose member is the text.
fn one<'report>(report: &'report Value, list: &str, member: &str, text: &str) -> &'report Value {
    let elements = report[list].as_array().expect("the report has this list");
    elements
        .iter()
        .find(|element| element[member] == text)
        .unwrap_or_else(|| panic!("no {member} `{text}` in {list}: {elements:#?}"))
}

/// Returns the row of a server.
fn server<'report>(report: &'report Value, name: &str) -> &'report Value {
    one(report, "servers", "name", name)
}

/// Returns the findings of a rule.
fn findings<'report>(report: &'report Value, rule: &str) -> Vec<&'report Value> {
    let elements = report["findings"].as_array().expect("there is a list");
    elements
        .iter()
        .filter(|finding| finding["rule"] == rule)
        .collect()
}

/// Returns the status of the one server of a home.
fn status(home: &Home) -> String {
    let report = home.report();
    let status = report["servers"][0]["trust"]["status"].as_str();
    status.expect("there is one server").to_owned()
}
