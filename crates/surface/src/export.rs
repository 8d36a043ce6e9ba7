use countersign_model::Digest;
use serde_json::{Map, Value};

use crate::{Builder, Fault, ItemKind, ReadError, SURFACE_BYTES_MAX, Surface, strict::read};

/// The version of the document.
pub const EXPORT_FORMAT: u64 = 1;

/// Why a document is not a surface.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// Not JSON that every reader reads alike.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Larger than a surface may be.
    #[error("read a surface of more than {} bytes", SURFACE_BYTES_MAX)]
    TooLarge,
    /// Of another kind or a later version.
    #[error("read the surface: its `format` is not {EXPORT_FORMAT}")]
    Format,
    /// A member that is not what it should be.
    #[error("read the surface: `{0}` is not what it should be")]
    Member(&'static str),
    /// Content and digest do not belong together.
    #[error("read the surface: its digest is {found}, and it says {said}")]
    Digest {
        /// What it says.
        said: String,
        /// What it is.
        found: Digest,
    },
}

/// Writes a surface as a document for people, reviews and builds: JSON with one member for each kind,
/// every field of every item, items by name.
///
/// ```json
/// { "format": 1, "digest": "sha256:…", "about": {…}, "instructions": "…",
///   "tools": […], "prompts": […], "resourceTemplates": […], "resources": […], "faults": ["…"] }
/// ```
pub fn export(surface: &Surface) -> String {
    let mut document = Map::new();
    document.insert("format".into(), EXPORT_FORMAT.into());
    document.insert("digest".into(), surface.digest().to_string().into());
    if let Some(about) = surface.about() {
        document.insert("about".into(), about.clone());
    }
    if !surface.instructions().is_empty() {
        let member = ItemKind::Instructions.member();
        document.insert(member.into(), surface.instructions().into());
    }
    for kind in ItemKind::LISTED {
        let items = surface.of_kind(kind).map(|item| item.value().clone());
        document.insert(kind.member().into(), items.collect());
    }
    if !surface.is_complete() {
        let faults = surface.faults().iter().map(ToString::to_string);
        document.insert("faults".into(), faults.collect());
    }
    // A value that was read can be written.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads such a document, and checks that its digest is that of its content.
///
/// # Errors
/// [`ExportError`].
pub fn import(text: &str) -> Result<Surface, ExportError> {
    // Indentation makes the document longer than the lists it was made from.
    if text.len() > 4 * SURFACE_BYTES_MAX {
        return Err(ExportError::TooLarge);
    }
    let mut document = read(text)?;
    if document.get("format").and_then(Value::as_u64) != Some(EXPORT_FORMAT) {
        return Err(ExportError::Format);
    }
    let mut builder = Builder::new();
    if let Some(about) = document.get_mut("about") {
        builder.about(about.take());
    }
    match document.get("instructions") {
        None => {}
        Some(Value::String(instructions)) => builder.instructions(instructions),
        Some(_) => return Err(ExportError::Member("instructions")),
    }
    for kind in ItemKind::LISTED {
        match document.get_mut(kind.member()).map(Value::take) {
            None => {}
            Some(Value::Array(items)) => {
                for value in items {
                    builder.add(kind, value);
                }
            }
            Some(_) => return Err(ExportError::Member(kind.member())),
        }
    }
    for fault in faults(&document)? {
        builder.fault(fault);
    }
    let surface = builder.finish();
    let said = document.get("digest").and_then(Value::as_str);
    let said = said.ok_or(ExportError::Member("digest"))?;
    if Digest::parse(said) != Some(surface.digest()) {
        let said = said.chars().take(80).collect();
        let found = surface.digest();
        return Err(ExportError::Digest { said, found });
    }
    Ok(surface)
}

fn faults(document: &Value) -> Result<Vec<Fault>, ExportError> {
    let said = match document.get("faults") {
        None => return Ok(Vec::new()),
        Some(said) => said.as_array().ok_or(ExportError::Member("faults"))?,
    };
    let said = said.iter().map(|fault| {
        let text = fault.as_str().ok_or(ExportError::Member("faults"))?;
        Ok(Fault::Recorded(text.to_owned()))
    });
    said.collect()
}
