//! What is known of MCP clients: where each keeps its servers, in what shape, and when an entry is
//! in effect.
//!
//! The knowledge is data (`catalog.json`, described by `catalog.schema.json`); users add clients
//! with a file of their own. [`locate`] is a pure function of system, home, environment and row.
//! [`files`] reads the disk and never writes; [`write`] puts another text in the place of a file that
//! is as it was. Nothing here starts a program or reaches the network.
//!
//! ```
//! use countersign_clients::{Catalog, Machine, locate};
//! use countersign_model::Os;
//!
//! let catalog = Catalog::built_in();
//! let machine = Machine::new(Os::Linux, "/home/dev", []);
//! let cursor = catalog.client("cursor").expect("is in the catalog");
//! let found = locate::location(&machine, &cursor.locations[0]);
//! assert_eq!(found.patterns[0].as_str(), "/home/dev/.cursor/mcp.json");
//! ```

#![cfg_attr(
    not(test),
    warn(clippy::panic, clippy::too_many_lines, clippy::unwrap_used)
)]

pub mod catalog;
pub mod dialect;
pub mod effects;
pub mod files;
pub mod git;
pub mod locate;
pub mod projects;
pub mod read;
pub mod walk;
pub mod write;

pub use catalog::{Catalog, CatalogError, Client, Container, Format, KeyStep, Location};
pub use dialect::Dialect;
pub use locate::{Machine, Pattern};
