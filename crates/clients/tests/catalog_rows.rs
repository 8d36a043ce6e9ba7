//! One named test for each row of the catalog and each system it holds for.
//!
//! A row with servers: its path is resolved for its system, a minimal file in its dialect is written
//! there (below a temporary folder), found, read, and must give the server with client, scope,
//! transport and place. A row without: it is reported and no text makes an entry of it.

#[path = "catalog_rows/document.rs"]
mod document;
#[path = "catalog_rows/render.rs"]
mod render;
#[path = "catalog_rows/spelling.rs"]
mod spelling;

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use countersign_clients::{
    Catalog, Format, KeyStep, Location, Machine, files, locate,
    read::{self, Reading, Row},
};
use countersign_model::{
    ConfigId, ConfigState, Effect, Entry, FileRole, Os, Position, Reader, Start, Transport,
};
use libtest_mimic::{Arguments, Failed, Trial};

use document::Expected;

fn main() {
    let arguments = Arguments::from_args();
    let catalog = Arc::new(Catalog::built_in());
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut trials = Vec::new();
    for (client_at, client) in catalog.clients.iter().enumerate() {
        for (location_at, location) in client.locations.iter().enumerate() {
            for os in systems(location) {
                let name = name(location, os);
                let count = names.entry(name.clone()).or_default();
                *count += 1;
                let name = if *count > 1 {
                    format!("{name} ({count})")
                } else {
                    name
                };
                let catalog = Arc::clone(&catalog);
                trials.push(Trial::test(name, move || {
                    let location = &catalog.clients[client_at].locations[location_at];
                    check(&catalog, location, os).map_err(Failed::from)
                }));
            }
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Returns the systems of a row. A row for any system whose path has no drive holds where paths
/// have none.
fn systems(location: &Location) -> Vec<Os> {
    let is_unix = location
        .path
        .as_deref()
        .is_some_and(|path| path.starts_with('/'));
    match location.os {
        Some(os) => vec![os],
        None if is_unix => vec![Os::Linux, Os::Macos],
        None => Os::ALL.to_vec(),
    }
}

fn name(location: &Location, os: Os) -> String {
    let place = location.path.as_deref().or(location.kept.as_deref());
    format!(
        "{}: {} on {}: {}",
        location.client,
        location.scope.name(),
        os.name(),
        place.unwrap_or("nowhere")
    )
}

fn check(catalog: &Catalog, location: &Location, os: Os) -> Result<(), String> {
    resolves(location, os)?;
    if location.role == FileRole::Servers && location.path.is_some() {
        for way in document::ways(location) {
            for variant in spelling::variants(&location.dialect) {
                let expected = document::of(location, way, &variant);
                finds(catalog, location, os, &expected)
                    .map_err(|why| format!("{why}\nin the text:\n{}", expected.text))?;
            }
        }
        Ok(())
    } else {
        is_reported_only(catalog, location, os)
    }
}

/// Checks the path on a machine of `os`, alone and under each variable that moves it.
fn resolves(location: &Location, os: Os) -> Result<(), String> {
    let home = home(os);
    let machine = |extra: &[(&str, &str)]| machine(os, home, extra);
    for other in Os::ALL
        .into_iter()
        .filter(|other| !systems(location).contains(other))
    {
        let elsewhere = Machine::new(other, home, []);
        ensure(
            locate::location(&elsewhere, location).patterns.is_empty(),
            || format!("has a path on {}, too", other.name()),
        )?;
    }
    let found = locate::location(&machine(&[]), location);
    let Some(template) = &location.path else {
        return ensure(found.patterns.is_empty() && location.kept.is_some(), || {
            "a place that is no file has a path".to_owned()
        });
    };
    ensure(found.patterns.len() == 1, || {
        format!("{} paths", found.patterns.len())
    })?;
    is_of_system(&found.patterns[0], os)?;
    let is_below_home = template.starts_with("{HOME}") && os != Os::Windows;
    ensure(
        !is_below_home || found.patterns[0].as_str().starts_with(home),
        || format!("{} is not below the home", found.patterns[0].as_str()),
    )?;
    for (index, moved) in location.overrides.iter().enumerate() {
        let value = if os == Os::Windows {
            "D:\\moved"
        } else {
            "/moved"
        };
        let mut set = vec![(moved.variable.as_str(), value)];
        // A variable of lower rank does not matter beside one of higher rank.
        set.extend(
            location.overrides[index + 1..]
                .iter()
                .map(|lower| (lower.variable.as_str(), "/lower")),
        );
        let found = locate::location(&machine(&set), location);
        is_of_system(&found.patterns[0], os)?;
        ensure(found.patterns[0].as_str().contains("/moved"), || {
            format!("`{}` does not move the file", moved.variable)
        })?;
    }
    for also in &location.also {
        let found = locate::location(&machine(&[(&also.variable, "/beside")]), location);
        ensure(found.patterns.len() == 2, || {
            format!("`{}` adds no file", also.variable)
        })?;
    }
    Ok(())
}

fn is_of_system(pattern: &locate::Pattern, os: Os) -> Result<(), String> {
    let project = if os == Os::Windows {
        "C:\\src\\app".replace('\\', "/")
    } else {
        "/src/app".to_owned()
    };
    let path = pattern.in_project(&project);
    let path = path.as_str();
    let drive = path.as_bytes().get(1..3) == Some(b":/");
    let is_absolute = if os == Os::Windows {
        drive
    } else {
        path.starts_with('/') && !path.contains(":/")
    };
    ensure(is_absolute, || {
        format!("`{path}` is not absolute on {}", os.name())
    })?;
    let foreign = match os {
        Os::Linux => ["/Library/", "AppData", "C:/"],
        Os::Macos => ["/etc/xdg/", "AppData", "C:/"],
        Os::Windows => ["/Library/", "/etc/", "/usr/"],
    };
    ensure(!foreign.iter().any(|other| path.contains(other)), || {
        format!("`{path}` belongs to another system than {}", os.name())
    })?;
    ensure(
        !path.contains(['{', '}', '\\']) && !path.contains("//"),
        || format!("`{path}` is not complete"),
    )
}

/// Reads the text as the row's file and compares what is found.
fn finds(
    catalog: &Catalog,
    location: &Location,
    os: Os,
    expected: &Expected,
) -> Result<(), String> {
    // A drive below a folder is a name that Windows itself does not take: there the text is read
    // without a file.
    let text = if cfg!(unix) {
        through_a_file(location, os, &expected.text)?
    } else {
        expected.text.clone()
    };
    let front = read::front_matter(&text);
    let text = if location.format == Format::Markdown {
        front.as_deref().ok_or("no front matter")?
    } else {
        &text
    };
    let mut readers = vec![reader(location)];
    let reading = read_by(
        catalog,
        location,
        os,
        text,
        &ConfigId::of(Path::new("/config")),
        &mut readers,
    );
    holds(&reading, location, expected, &readers)
}

/// Writes a text at the row's path below a temporary folder, finds the file and reads it.
fn through_a_file(location: &Location, os: Os, text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path().to_string_lossy();
    let machine = machine(os, &format!("{root}/home/dev"), &[]).below(&format!("{root}/system"));
    let located = locate::location(&machine, location);
    let pattern = located.patterns[0].in_project(&format!("{root}/src/app"));
    let path = pattern.as_str().replace("**", "a/b").replace('*', "one");
    let path = Path::new(&path);
    ensure(path.starts_with(folder.path()), || {
        format!("{} leaves the folder", path.display())
    })?;
    fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|error| error.to_string())?;
    fs::write(path, text).map_err(|error| error.to_string())?;
    let matches = files::expand(&pattern).paths;
    ensure(matches == [path], || {
        format!("{} leads to {matches:?}", pattern.as_str())
    })?;
    match files::read(path) {
        files::Found::Text(content) => Ok(content.text.to_string()),
        other => Err(format!("{} gave {other:?}", path.display())),
    }
}

fn holds(
    reading: &Reading,
    location: &Location,
    expected: &Expected,
    readers: &[Reader],
) -> Result<(), String> {
    ensure(reading.state == ConfigState::Read, || {
        format!("{:?}", reading.state)
    })?;
    ensure(reading.faults.is_empty(), || {
        format!("faults of the file: {:?}", reading.faults)
    })?;
    ensure(reading.has_container, || {
        "no container of servers".to_owned()
    })?;
    let [entry] = reading.entries.as_slice() else {
        return Err(format!("{} entries", reading.entries.len()));
    };
    same("name", &entry.name, &expected.name)?;
    same("pointer", &entry.pointer.to_string(), &expected.pointer)?;
    same("transport", &entry.transport, &expected.transport)?;
    same("dialect", &entry.dialect, &location.dialect)?;
    let found = at(&expected.text, entry.position);
    ensure(
        expected.starts.iter().any(|start| found.starts_with(start)),
        || {
            format!(
                "{} is at `{}`",
                entry.position,
                found.lines().next().unwrap_or_default()
            )
        },
    )?;
    starts(entry, expected)?;
    let [reader] = entry.readers.as_slice() else {
        return Err(format!("readers {:?}", entry.readers));
    };
    let reader = &readers[*reader];
    same("client", &reader.client, &location.client)?;
    same("scope", &reader.scope, &location.scope)?;
    let project = reader
        .project
        .as_deref()
        .map(|path| path.display().to_string());
    same("project", &project, &expected.project)?;
    let words: Vec<&str> = entry.effects.iter().map(Effect::word).collect();
    same("effect", &words.as_slice(), &[expected.effect].as_slice())?;
    ensure(
        expected.effect != "active" || entry.faults.is_empty(),
        || format!("faults: {:?}", entry.faults),
    )
}

fn starts(entry: &Entry, expected: &Expected) -> Result<(), String> {
    match (&entry.start, expected.transport) {
        (Start::Command(command), Transport::Stdio) => same(
            "command",
            &command.shown().replace('"', "").as_str(),
            &spelling::COMMAND,
        ),
        (Start::Remote(address), Transport::Http | Transport::Sse) => {
            same("address", &address.shown(), &spelling::ADDRESS)
        }
        (Start::BuiltIn(_), Transport::BuiltIn) => Ok(()),
        (start, transport) => Err(format!("{start:?} for {}", transport.name())),
    }
}

/// A row without servers gives none, whatever the file holds.
fn is_reported_only(catalog: &Catalog, location: &Location, os: Os) -> Result<(), String> {
    if location.role == FileRole::Servers {
        return ensure(location.kept.is_some(), || {
            "neither a path nor words".to_owned()
        });
    }
    ensure(location.key.is_none(), || {
        format!("a {} file with a key", location.role.name())
    })?;
    let text = match location.format {
        Format::Toml => "[mcp_servers.probe]\ncommand = \"npx\"\n",
        Format::Yaml | Format::Markdown => "mcpServers:\n  probe:\n    command: npx\n",
        Format::Json | Format::Jsonc | Format::Json5 | Format::Sqlite | Format::Other => {
            "{\"mcpServers\": {\"probe\": {\"command\": \"npx\"}}}"
        }
    };
    let id = ConfigId::of(Path::new("/any"));
    let reading = read_by(
        catalog,
        location,
        os,
        text,
        &id,
        &mut vec![reader(location)],
    );
    ensure(reading.entries.is_empty() && !reading.has_container, || {
        "was parsed for servers".to_owned()
    })
}

fn read_by(
    catalog: &Catalog,
    location: &Location,
    os: Os,
    text: &str,
    id: &ConfigId,
    readers: &mut Vec<Reader>,
) -> Reading {
    read::read(
        text,
        id,
        &[Row {
            location,
            reader: 0,
        }],
        readers,
        catalog,
        os,
    )
}

fn reader(location: &Location) -> Reader {
    Reader {
        client: location.client.clone(),
        scope: location.scope,
        project: None,
        confidence: location.confidence,
        write: location.write,
        present: true,
        when: location.when.clone(),
        is_legacy: location.is_legacy,
    }
}

fn home(os: Os) -> &'static str {
    match os {
        Os::Linux => "/home/dev",
        Os::Macos => "/Users/dev",
        Os::Windows => "C:\\Users\\dev",
    }
}

/// A machine on which the variables without a default are set.
fn machine(os: Os, home: &str, extra: &[(&str, &str)]) -> Machine {
    let storage = format!("{}/storage", home.replace('\\', "/"));
    let set = [
        ("STORAGE_DIR", storage.as_str()),
        ("FLATPAK_XDG_CONFIG_HOME", storage.as_str()),
    ];
    let all = set.iter().chain(extra);
    Machine::new(
        os,
        home,
        all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

fn at(text: &str, position: Position) -> String {
    let line = text
        .lines()
        .nth(position.line as usize - 1)
        .unwrap_or_default();
    line.chars().skip(position.column as usize - 1).collect()
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), String> {
    ensure(found == expected, || {
        format!("{what} is {found:?}, not {expected:?}")
    })
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// Writes a key step as a pointer's step.
fn step(step: &KeyStep) -> String {
    match step {
        KeyStep::Key(key) => key.replace('~', "~0").replace('/', "~1"),
        KeyStep::AnyKey => document::PROJECT.replace('/', "~1"),
        KeyStep::EachElement => "0".to_owned(),
    }
}
