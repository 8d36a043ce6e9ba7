//! What must hold for any text that is read as a client's config.

use std::{path::Path, sync::LazyLock};

use countersign_clients::{
    Catalog, Format, Location,
    read::{ENTRIES_MAX, Reading, Row, document, front_matter, read},
};
use countersign_model::{ConfigFault, ConfigId, ConfigState, Os, Position, Reader};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

/// Reads a text by one location of every dialect and container that a format has.
pub(crate) fn read_as(format: Format, text: &str) {
    for location in SAMPLES
        .iter()
        .map(|(client, ending)| location(client, ending))
    {
        let is_of_format = location.format == format
            || format == Format::Yaml && location.format == Format::Markdown;
        if !is_of_format {
            continue;
        }
        check(&read_by(&[location], text), text);
        if location.format == Format::Markdown
            && let Some(front) = front_matter(text)
        {
            // Lines and columns of the front matter are those of the file.
            check(&read_by(&[location], &front), text);
        }
    }
    if let Err(failure) = document(text, format) {
        assert!(
            failure.position().is_none_or(|at| lies_within(at, text)),
            "{failure:?}"
        );
    }
}

/// Reads a text by every sample at once, as a file that many clients read.
pub(crate) fn read_by_all(text: &str) {
    let rows: Vec<_> = SAMPLES
        .iter()
        .map(|(client, ending)| location(client, ending))
        .collect();
    check(&read_by(&rows, text), text);
}

/// Locations of every format, container and further peculiarity, by client and end of path.
const SAMPLES: [(&str, &str); 19] = [
    ("cursor", ".cursor/mcp.json"),
    ("claude-code", "{HOME}/.claude.json"),
    ("claude-code", "plugins/**/.mcp.json"),
    ("claude-code", "agents/*.md"),
    ("claude-desktop", "Claude Extensions/*/manifest.json"),
    ("augment", "augment-global-state/mcpServers.json"),
    ("vscode", "Code/User/mcp.json"),
    ("zed", "zed/settings.json"),
    ("gemini-cli", ".gemini/settings.json"),
    ("opencode", "opencode.json"),
    ("openclaw", "openclaw.json"),
    ("codex", ".codex/config.toml"),
    ("mistral-vibe", ".vibe/config.toml"),
    ("openhands", "config.toml"),
    ("goose", "goose/config.yaml"),
    ("continue", ".continue/config.yaml"),
    ("takt", ".takt/**/*.yaml"),
    ("refact", "mcp_stdio_*.yaml"),
    ("docker-mcp", "registry.yaml"),
];

fn location(client: &str, ending: &str) -> &'static Location {
    let client = CATALOG.client(client).expect("is in the catalog");
    client
        .locations
        .iter()
        .find(|location| {
            let path = location.path.as_deref();
            location.key.is_some() && path.is_some_and(|path| path.ends_with(ending))
        })
        .expect("the client has such a location")
}

fn read_by(locations: &[&'static Location], text: &str) -> Reading {
    let reader = |location: &&'static Location| Reader {
        client: location.client.clone(),
        scope: location.scope,
        project: None,
        confidence: location.confidence,
        write: location.write,
        present: true,
        when: None,
        is_legacy: false,
    };
    let mut readers: Vec<Reader> = locations.iter().map(reader).collect();
    let rows: Vec<Row<'_>> = locations
        .iter()
        .enumerate()
        .map(|(reader, location)| Row { location, reader })
        .collect();
    let id = ConfigId::of(Path::new("/config"));
    read(text, &id, &rows, &mut readers, &CATALOG, Os::Linux)
}

fn check(reading: &Reading, text: &str) {
    assert!(reading.entries.len() <= ENTRIES_MAX);
    if let ConfigState::Failed(failure) = &reading.state {
        assert!(reading.entries.is_empty());
        assert!(
            failure.position().is_none_or(|at| lies_within(at, text)),
            "{failure:?}"
        );
    }
    for fault in &reading.faults {
        for position in positions(fault) {
            assert!(lies_within(position, text), "{fault:?}");
        }
    }
    for entry in &reading.entries {
        assert!(lies_within(entry.position, text), "{entry:?}");
        assert_eq!(entry.readers.len(), entry.effects.len());
        let settings = entry
            .environment
            .iter()
            .chain(&entry.headers)
            .chain(&entry.other_settings);
        for setting in settings {
            assert!(lies_within(setting.position, text), "{entry:?}");
            assert!(setting.pointer.is_within(&entry.pointer), "{entry:?}");
        }
        for fault in &entry.faults {
            assert!(lies_within(fault.position, text), "{fault:?}");
            assert!(fault.pointer.is_within(&entry.pointer), "{fault:?}");
        }
    }
}

fn positions(fault: &ConfigFault) -> Vec<Position> {
    match fault {
        ConfigFault::DuplicateKey(key) => vec![key.first, key.last],
        ConfigFault::ClientRefuses { position, .. }
        | ConfigFault::ContainerWrongType { position, .. } => vec![*position],
    }
}

/// Returns whether a place is a character of the text, or the end of a line.
fn lies_within(at: Position, text: &str) -> bool {
    let line = text.split('\n').nth(at.line as usize - 1);
    line.is_some_and(|line| at.column >= 1 && at.column as usize <= line.chars().count() + 1)
}
