//! What a server tells the model: tools, prompts, resources, templates and instructions.
//!
//! A [`Surface`] is built from the raw JSON that a server sent, every field of it, and has a digest of
//! each item and of the whole. Nothing is read into types that would drop what they do not know. Two
//! surfaces compare to a [`Drift`]. This crate never asks a server, and never decides who is trusted.
//!
//! ```
//! use countersign_surface::{Builder, ItemKind};
//!
//! let mut builder = Builder::new();
//! let page = r#"{"tools":[{"name":"add","description":"Adds.","x":1}],"ttlMs":5}"#;
//! assert_eq!(builder.page(ItemKind::Tool, page), Ok(None));
//! let surface = builder.finish();
//! assert!(surface.is_complete());
//! assert_eq!(surface.tools().count(), 1);
//! ```

#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

mod builder;
mod canonical;
mod drift;
mod effect;
mod export;
mod item;
mod strict;
mod surface;
mod texts;

pub use builder::{Builder, DEPTH_MAX, ITEMS_MAX, STRINGS_MAX, SURFACE_BYTES_MAX};
pub use drift::{
    Change, Drift, FieldChange, Grade, Meaning, Segment, Tag, Turn, What, drift, words,
};
pub use effect::{EffectVerdict, ToolEffect, effect, word_effect};
pub use export::{EXPORT_FORMAT, ExportError, export, import};
pub use item::{Item, ItemKind};
pub use strict::ReadError;
pub use surface::{Fault, Surface};
pub use texts::{Role, Text, texts};
