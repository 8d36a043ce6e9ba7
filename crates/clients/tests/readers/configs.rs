//! Configs as people write them: which servers, over which transport, with which credentials, or
//! where the text breaks off. Each is read by the locations that its path fits, as a file is that
//! somebody hands over.

use countersign_clients::{Catalog, Location, read::Reading};
use countersign_model::{
    Confidence, ConfigState, Entry, Nature, ReadFailure, Setting, Start, Transport,
};

use crate::reading;

const CASES: &str = include_str!("../data/configs.txt");

#[test]
fn reads_configs_as_people_write_them() {
    let catalog = Catalog::built_in();
    let mut failures = Vec::new();
    let mut count = 0;
    for case in CASES.split("\n#@ ").skip(1) {
        let (head, text) = case.split_once('\n').expect("a case has a text");
        let mut parts = head.split("::").map(str::trim);
        let path = parts.next().expect("a case has a path");
        let servers = parts.next().expect("a case says what is there");
        let credentials = parts.next().unwrap_or_default();
        let text = filled(text);
        let reading = read(&catalog, path, &text);
        let found = found(&reading);
        let expected = (servers.to_owned(), credentials.to_owned());
        if found != expected {
            failures.push(format!(
                "{path}\n  expected {expected:?}\n  found    {found:?}\n{text}"
            ));
        }
        count += 1;
    }
    assert!(count > 60, "{count} cases");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Puts made-up credentials in the place of their marks.
fn filled(text: &str) -> String {
    let token = format!("ghp_{}", "a1B2c3D4e".repeat(4));
    let key = format!("sk-proj-{}", "Zx9Kq2Lm7Rt4".repeat(4));
    text.replace("%TOKEN%", &token)
        .replace("%KEY%", &key)
        .replace("%UUID%", "4f1d2c3b-9a8e-4d7c-b6a5-0f1e2d3c4b5a")
        .replace("%PASSWORD%", "xK9vQ2mR7tLw")
}

fn found(reading: &Reading) -> (String, String) {
    let failure = match &reading.state {
        ConfigState::Read => None,
        ConfigState::Failed(ReadFailure::Syntax { position, .. }) => Some(*position),
        other => return (format!("{other:?}"), String::new()),
    };
    if let Some(at) = failure {
        return (format!("broken {}:{}", at.line, at.column), String::new());
    }
    let servers: Vec<String> = reading
        .entries
        .iter()
        .filter(|entry| entry.transport != Transport::BuiltIn)
        .map(|entry| format!("{}={}", entry.name, entry.transport.name()))
        .collect();
    let mut pointers: Vec<String> = reading.entries.iter().flat_map(pointers).collect();
    pointers.sort();
    pointers.dedup();
    (servers.join(" "), pointers.join(" "))
}

/// Returns where an entry's credentials stand.
fn pointers(entry: &Entry) -> Vec<String> {
    let is_credential = |nature: &Nature| matches!(nature, Nature::Credential(found) if found.confidence > Confidence::Low);
    let settings = entry
        .environment
        .iter()
        .chain(&entry.headers)
        .chain(&entry.other_settings);
    let is_secret = |setting: &&Setting| is_credential(&setting.nature);
    let mut pointers: Vec<String> = settings
        .filter(is_secret)
        .map(|setting| setting.pointer.to_string())
        .collect();
    match &entry.start {
        Start::Command(command) => {
            let tokens = command.tokens().zip(&command.places);
            let secret = tokens.filter(|(token, _)| is_credential(token.nature()));
            pointers.extend(secret.map(|(_, place)| place.to_string()));
        }
        Start::Remote(address) if is_credential(address.nature()) => {
            pointers.push(address.pointer().to_string());
        }
        Start::Remote(_) | Start::BuiltIn(_) | Start::Missing => {}
    }
    pointers
}

/// Reads a text by the locations that its path fits; where none of their keys is there, by any key.
fn read(catalog: &Catalog, path: &str, text: &str) -> Reading {
    let by_path: Vec<&Location> = catalog
        .locations_like(path)
        .filter(|location| location.key.is_some())
        .collect();
    let anywhere = [catalog.location_anywhere(path)];
    let first = if by_path.is_empty() {
        &anywhere[..]
    } else {
        &by_path
    };
    let reading = reading::by_rows(catalog, first, text);
    if reading.state == ConfigState::Read && !reading.has_container {
        return reading::by_rows(catalog, &anywhere, text);
    }
    reading
}
