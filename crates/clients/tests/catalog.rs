//! The catalog file, its schema, and a user's own file.

use std::collections::{BTreeMap, BTreeSet};

use countersign_clients::{Catalog, CatalogError, Machine, locate, read};
use countersign_model::{
    ClientId, ConfigId, FileRole, LocationConfidence, Os, Reader, Scope, Transport, WritePolicy,
};
use serde_json::{Value, json};

const SCHEMA: &str = include_str!("../catalog.schema.json");
const BUILT_IN: &str = include_str!("../catalog.json");
const OWN: &str = include_str!("data/own-catalog.json");

#[test]
fn the_schema_is_one_and_documents_everything() {
    let schema = parsed(SCHEMA);
    jsonschema::meta::validate(&schema).expect("is a schema");
    let mut undocumented = Vec::new();
    undocumented_members(&schema, "", &mut undocumented);
    assert!(undocumented.is_empty(), "without words: {undocumented:?}");
}

#[test]
fn the_built_in_catalog_and_a_users_own_follow_the_schema() {
    assert_eq!(violations(&parsed(BUILT_IN)), Vec::<String>::new());
    assert_eq!(violations(&parsed(OWN)), Vec::<String>::new());
}

#[test]
fn the_schema_and_the_reader_refuse_what_is_not_a_catalog() {
    let location = |edit: &dyn Fn(&mut Value)| {
        let mut file = parsed(OWN);
        edit(&mut file["clients"][0]["locations"][0]);
        file
    };
    let refused: [(&str, Value); 7] = [
        ("a later version", json!({"version": 2, "clients": []})),
        (
            "an unknown member",
            json!({"version": 1, "clients": [], "more": 1}),
        ),
        (
            "a scope that is none",
            location(&|row| row["scope"] = json!("team")),
        ),
        (
            "a system that is none",
            location(&|row| row["os"] = json!("beos")),
        ),
        (
            "a format that is none",
            location(&|row| row["format"] = json!("ini")),
        ),
        (
            "a role that is none",
            location(&|row| row["role"] = json!("secrets")),
        ),
        (
            "a misspelled member",
            location(&|row| row["paht"] = json!("{HOME}/x")),
        ),
    ];
    for (what, file) in refused {
        assert!(!violations(&file).is_empty(), "the schema takes {what}");
        let read = Catalog::parse(&file.to_string());
        assert!(read.is_err(), "the reader takes {what}");
    }
    let refused_by_schema: [(&str, Value); 4] = [
        (
            "a relative path",
            location(&|row| row["path"] = json!("agent.json")),
        ),
        (
            "servers in a database",
            location(&|row| row["format"] = json!("sqlite")),
        ),
        (
            "servers without a key",
            location(&|row| row["key"] = Value::Null),
        ),
        ("state that may be edited", {
            let mut file = parsed(OWN);
            file["clients"][0]["locations"][1]["write"] = json!("editable");
            file
        }),
    ];
    for (what, file) in refused_by_schema {
        assert!(!violations(&file).is_empty(), "the schema takes {what}");
    }
}

#[test]
fn covers_every_client_and_location_that_was_compiled() {
    let catalog = Catalog::built_in();
    assert_eq!(catalog.clients.len(), 116);
    assert_eq!(catalog.locations().count(), 486);
    let ids: BTreeSet<&str> = catalog
        .clients
        .iter()
        .map(|client| client.id.as_str())
        .collect();
    assert_eq!(ids.len(), 116);
    let count = |level: LocationConfidence| {
        catalog
            .locations()
            .filter(|location| location.confidence == level)
            .count()
    };
    assert_eq!(count(LocationConfidence::Verified), 146);
    assert_eq!(count(LocationConfidence::Documented), 198);
    assert_eq!(count(LocationConfidence::Catalog), 97);
    assert_eq!(count(LocationConfidence::Unverified), 45);
    let mut roles: BTreeMap<&str, usize> = BTreeMap::new();
    for location in catalog.locations() {
        *roles.entry(location.role.name()).or_default() += 1;
    }
    let expected = [
        ("code", 5),
        ("database", 9),
        ("policy", 21),
        ("servers", 409),
        ("state", 42),
    ];
    assert_eq!(roles.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn says_of_every_location_where_it_is_and_where_that_is_known_from() {
    let catalog = Catalog::built_in();
    for location in catalog.locations() {
        let id = location.client.as_str();
        assert!(!location.source.is_empty(), "{id}");
        assert!(location.path.is_some() != location.kept.is_some(), "{id}");
        if let Some(kept) = &location.kept {
            let opened = kept.matches('(').count();
            assert_eq!(opened, kept.matches(')').count(), "{id}: {kept}");
        }
        if location.role != FileRole::Servers {
            assert_eq!(
                location.write,
                WritePolicy::ReportOnly,
                "{id}: {:?}",
                location.path
            );
        }
    }
}

#[test]
fn a_user_adds_a_client_and_a_location_of_a_known_one() {
    let mut catalog = Catalog::built_in();
    catalog.add(OWN).expect("is a catalog");
    assert_eq!(catalog.clients.len(), 117);
    let house = catalog.client("house-agent").expect("was added");
    assert_eq!(catalog.client_name(&house.id), "House Agent");
    let confidences = |id: &str| -> Vec<LocationConfidence> {
        let client = catalog.client(id).expect("is there");
        client
            .locations
            .iter()
            .map(|location| location.confidence)
            .collect()
    };
    assert_eq!(
        confidences("house-agent"),
        [LocationConfidence::UserDefined; 2]
    );
    assert_eq!(
        confidences("cursor").last(),
        Some(&LocationConfidence::UserDefined)
    );
    assert_eq!(
        confidences("cursor").first(),
        Some(&LocationConfidence::Documented)
    );
    let machine = Machine::new(Os::Macos, "/Users/dev", []);
    let found = locate::location(&machine, &house.locations[0]);
    assert_eq!(
        found.patterns[0].as_str(),
        "/Users/dev/.house-agent/agent.json"
    );
}

#[test]
fn a_users_dialect_differs_from_the_common_one_only_where_it_says_so() {
    let mut catalog = Catalog::built_in();
    catalog.add(OWN).expect("is a catalog");
    let house = catalog.client("house-agent").expect("was added");
    let text = r#"{"agent": {"servers": {
        "tool": {"program": "uvx", "args": ["probe"], "env": {"MODE": "fast"}},
        "remote": {"address": "https://mcp.example.com/sse"}
    }}}"#;
    let row = read::Row {
        location: &house.locations[0],
        reader: 0,
    };
    let id = ConfigId::of("/home/dev/.house-agent/agent.json".as_ref());
    let mut readers = vec![reader(&house.id)];
    let reading = read::read(text, &id, &[row], &mut readers, &catalog, Os::Linux);
    let transports: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| entry.transport)
        .collect();
    assert_eq!(transports, [Transport::Stdio, Transport::Sse]);
    assert_eq!(reading.entries[0].environment[0].name, "MODE");
    assert!(
        reading.entries[1].faults.is_empty(),
        "{:?}",
        reading.entries[1].faults
    );
}

#[test]
fn a_user_cannot_change_how_the_products_own_clients_are_read() {
    let mut catalog = Catalog::built_in();
    let before = catalog.dialect("codex").command.clone();
    for name in ["default", "codex", "anywhere"] {
        let file = json!({"version": 1, "dialects": {name: {"command": ["evil"]}}, "clients": []});
        let added = catalog.add(&file.to_string());
        assert!(matches!(added, Err(CatalogError::DialectTaken { dialect }) if dialect == name));
    }
    assert_eq!(catalog.dialect("codex").command, before);
    let twice = json!({"version": 1, "clients": [
        parsed(OWN)["clients"][0].clone(), parsed(OWN)["clients"][0].clone()
    ]});
    assert!(matches!(
        catalog.add(&twice.to_string()),
        Err(CatalogError::Twice { .. })
    ));
    assert_eq!(catalog.clients.len(), 116, "nothing was added");
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("is JSON")
}

fn violations(file: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&parsed(SCHEMA)).expect("is a schema");
    validator
        .iter_errors(file)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect()
}

/// Collects the members of every object of the schema that no `description` explains, neither
/// beside it nor at what it refers to.
fn undocumented_members(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Some(members) = schema.as_object() else {
        return;
    };
    if let Some(properties) = members.get("properties").and_then(Value::as_object)
        && members.contains_key("additionalProperties")
    {
        for (name, property) in properties {
            if property.get("description").is_none() && property.get("$ref").is_none() {
                found.push(format!("{at}/{name}"));
            }
        }
    }
    for (name, member) in members {
        undocumented_members(member, &format!("{at}/{name}"), found);
    }
}

fn reader(client: &ClientId) -> Reader {
    Reader {
        client: client.clone(),
        scope: Scope::User,
        project: None,
        confidence: LocationConfidence::UserDefined,
        write: WritePolicy::AskFirst,
        present: true,
        when: None,
        is_legacy: false,
    }
}
