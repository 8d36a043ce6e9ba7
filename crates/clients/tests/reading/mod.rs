//! Reading a text as a client's file, for tests.

use std::path::Path;

use countersign_clients::{
    Catalog, Location,
    read::{Reading, Row, read},
};
use countersign_model::{ClientId, ConfigId, LocationConfidence, Os, Reader, Scope, WritePolicy};

/// Reads a text by one location.
pub(crate) fn by(catalog: &Catalog, location: &Location, text: &str) -> Reading {
    by_rows(catalog, &[location], text)
}

/// Reads a text by several locations, each of which has a reader of its own.
pub(crate) fn by_rows(catalog: &Catalog, locations: &[&Location], text: &str) -> Reading {
    let mut readers: Vec<Reader> = locations
        .iter()
        .map(|location| reader(&location.client))
        .collect();
    let rows: Vec<Row<'_>> = locations
        .iter()
        .enumerate()
        .map(|(reader, location)| Row { location, reader })
        .collect();
    let id = ConfigId::of(Path::new("/config"));
    read(text, &id, &rows, &mut readers, catalog, Os::Linux)
}

/// Finds a client's location by the end of its path.
pub(crate) fn location<'catalog>(
    catalog: &'catalog Catalog,
    client: &str,
    ending: &str,
) -> &'catalog Location {
    let client = catalog.client(client).expect("is known");
    client
        .locations
        .iter()
        .find(|location| {
            let path = location.path.as_deref();
            location.key.is_some() && path.is_some_and(|path| path.ends_with(ending))
        })
        .expect("the client has such a location")
}

fn reader(client: &ClientId) -> Reader {
    Reader {
        client: client.clone(),
        scope: Scope::User,
        project: None,
        confidence: LocationConfidence::Documented,
        write: WritePolicy::Editable,
        present: true,
        when: None,
        is_legacy: false,
    }
}
